import { expect, test } from "vitest";
import { bootstrapFindings } from "../../src/evaluation/bootstrap.ts";
import { confusionAt } from "../../src/evaluation/confusion.ts";
import { delongAuroc, delongInterval } from "../../src/evaluation/delong.ts";
import { diagnosticFigures } from "../../src/evaluation/diagnostic-figures.ts";
import { evaluate } from "../../src/evaluation/evaluate.ts";
import { percentileInterval } from "../../src/evaluation/intervals.ts";
import { fitOperatingPoint } from "../../src/evaluation/operating-points.ts";
import { averagePrecision } from "../../src/evaluation/precision-recall.ts";
import { brierScore } from "../../src/evaluation/reliability.ts";
import { auroc } from "../../src/evaluation/roc.ts";
import { drawnSet, imagesOfReplicates, pick } from "./drawn-set.ts";

const REPLICATES = 60;
const OPTIONS = { replicates: REPLICATES, seed: 3 };

test("figures of all images are those of the functions that they come from", () => {
  const { patients, findings } = drawnSet(1);
  const { all } = evaluate(findings, patients, OPTIONS);
  const bootstrap = bootstrapFindings(findings, patients, OPTIONS);
  expect(all).toMatchObject({ images: patients.length, patients: 40 });
  expect(all.mean).toEqual({ findings: 2, ...bootstrap.mean });
  for (const [f, { scores, truths, threshold }] of findings.entries()) {
    const { figures, positives, negatives, unknown } = all.findings[f]!;
    expect(positives + negatives + unknown).toBe(patients.length);
    expect({ auroc: figures!.auroc, averagePrecision: figures!.averagePrecision }).toEqual(
      bootstrap.findings[f],
    );
    expect(figures!.delong).toEqual(delongInterval(delongAuroc(scores, truths)!));
    expect(figures!.brier).toBe(brierScore(scores, truths));
    expect(figures!.given).toMatchObject({ threshold, ...confusionAt(scores, truths, threshold) });
    for (const { criterion, figures: point } of figures!.fitted) {
      expect(point).toMatchObject(fitOperatingPoint(scores, truths, criterion)!);
    }
    expect(figures!.fitted.map(({ criterion }) => criterion.kind)).toEqual(["youden", "f1"]);
  }
});

test("intervals at a threshold are those of data sets in which drawn images are repeated", () => {
  const { patients, findings } = drawnSet(2);
  const criteria = [{ kind: "sensitivity", target: 0.9 }, { kind: "youden" }] as const;
  const { all } = evaluate(findings, patients, { ...OPTIONS, criteria });
  const drawn = imagesOfReplicates(patients, REPLICATES, 3);
  for (const [f, { scores, truths }] of findings.entries()) {
    const { given, fitted } = all.findings[f]!.figures!;
    for (const point of [given, ...fitted.map(({ figures }) => figures!)]) {
      const repeated = drawn.map((images) =>
        diagnosticFigures(confusionAt(pick(scores, images), pick(truths, images), point.threshold)),
      );
      for (const name of ["sensitivity", "specificity", "ppv", "npv", "f1"] as const) {
        const values = Float64Array.from(repeated, (figures) => figures[name] ?? Number.NaN);
        const { low, high } = percentileInterval(values, 0.95)!;
        expect(point.intervals[name]!.low).toBeCloseTo(low, 12);
        expect(point.intervals[name]!.high).toBeCloseTo(high, 12);
        expect(point[name]).toBe(diagnosticFigures(confusionAt(scores, truths, point.threshold))[name]);
      }
    }
  }
});

test("a group's figures are those of its images, with intervals from the same draws of all patients", () => {
  const { patients, findings, groups } = drawnSet(3, { patients: 80 });
  const { traits } = evaluate(findings, patients, { ...OPTIONS, traits: [groups] });
  const drawn = imagesOfReplicates(patients, REPLICATES, 3);
  for (const [g, images] of groups.entries()) {
    const { evaluation } = traits[0]![g]!;
    expect(evaluation.images).toBe(images.length);
    expect(evaluation.patients).toBe(new Set(images.map((i) => patients[i])).size);
    for (const [f, { scores, truths, threshold }] of findings.entries()) {
      const { figures } = evaluation.findings[f]!;
      const [own, known] = [pick(scores, images), pick(truths, images)];
      expect(figures!.auroc.value).toBe(auroc(own, known));
      expect(figures!.averagePrecision.value).toBeCloseTo(averagePrecision(own, known)!, 14);
      expect(figures!.brier).toBe(brierScore(own, known));
      expect(figures!.given).toMatchObject(confusionAt(own, known, threshold));
      expect(figures!.fitted).toEqual([]);
      const isOwn = new Set(images);
      const values = Float64Array.from(drawn, (all) => {
        const repeated = all.filter((i) => isOwn.has(i));
        return auroc(pick(scores, repeated), pick(truths, repeated)) ?? Number.NaN;
      });
      expect(figures!.auroc.interval).toEqual(percentileInterval(values, 0.95));
    }
  }
});

/** A group's AUROC and rates at the threshold, of the whole set or of a draw of it. */
function groupFigures(finding: ReturnType<typeof drawnSet>["findings"][number], images: readonly number[]) {
  const [scores, truths] = [pick(finding.scores, images), pick(finding.truths, images)];
  const { sensitivity, specificity } = diagnosticFigures(confusionAt(scores, truths, finding.threshold));
  return { auroc: auroc(scores, truths)!, sensitivity: sensitivity!, specificity: specificity! };
}

test.each([
  [2, "the other group"],
  [3, "the median of all"],
  [4, "the median of all"],
])("gaps of %d groups are differences from %s, draw by draw", (count) => {
  const { patients, findings, groups } = drawnSet(4, { patients: 120, groups: count });
  const { traits } = evaluate(findings, patients, { ...OPTIONS, traits: [groups] });
  const drawn = imagesOfReplicates(patients, REPLICATES, 3);
  const middle = (values: number[]) => {
    const rising = values.sort((a, b) => a - b);
    const half = rising.length / 2;
    return rising.length % 2 ? rising[Math.floor(half)]! : (rising[half - 1]! + rising[half]!) / 2;
  };
  for (const [f, finding] of findings.entries()) {
    const ofSets = [[...patients.keys()], ...drawn].map((images) =>
      groups.map((group) => {
        const own = new Set(group);
        return groupFigures(
          finding,
          images.filter((i) => own.has(i)),
        );
      }),
    );
    for (const name of ["auroc", "sensitivity", "specificity"] as const) {
      for (const g of groups.keys()) {
        const gaps = ofSets.map((set) => {
          const others = count === 2 ? [set[1 - g]!] : set;
          return set[g]![name] - middle(others.map((one) => one[name]));
        });
        const { value, interval } = traits[0]![g]!.gaps.findings[f]![name]!;
        expect(value).toBeCloseTo(gaps[0]!, 12);
        const { low, high } = percentileInterval(Float64Array.from(gaps.slice(1)), 0.95)!;
        expect(interval!.low).toBeCloseTo(low, 12);
        expect(interval!.high).toBeCloseTo(high, 12);
      }
    }
  }
  const [{ gaps }] = traits[0]! as [(typeof traits)[0][0]];
  const mean = gaps.findings.reduce((sum, { auroc: gap }) => sum + gap!.value, 0) / findings.length;
  expect(gaps.mean.findings).toBe(findings.length);
  expect(gaps.mean.auroc!.value).toBeCloseTo(mean, 14);
});

test("a group without a class of a finding has no figures and no gap of it, and the others' are told without it", () => {
  const { patients, findings, groups } = drawnSet(5, { groups: 3, findings: 2 });
  const without = new Set(groups[2]);
  const lacking = findings.map((finding, f) =>
    f === 0
      ? { ...finding, truths: Float32Array.from(finding.truths, (truth, i) => (without.has(i) ? 0 : truth)) }
      : finding,
  );
  const { traits } = evaluate(lacking, patients, { ...OPTIONS, traits: [groups] });
  const [first, second, third] = traits[0]!;
  expect(third!.evaluation.findings[0]!.figures).toBeNull();
  expect(third!.gaps.findings[0]).toMatchObject({ auroc: null, sensitivity: null });
  expect(third!.gaps.mean.findings).toBe(1);
  // Two are left: each is compared with the other.
  expect(first!.gaps.findings[0]!.auroc!.value).toBeCloseTo(-second!.gaps.findings[0]!.auroc!.value, 14);
});

test("a group with few patients of a class has figures, but no interval, no gap, and no part in the others'", () => {
  const { patients, findings } = drawnSet(7, { patients: 120, groups: 1 });
  const names = [...new Set(patients)];
  const of = (from: number, to: number) => {
    const own = new Set(names.slice(from, to));
    return [...patients.keys()].filter((i) => own.has(patients[i]!));
  };
  const groups = [of(0, 60), of(60, 112), of(112, 120)];
  const [first, , few] = evaluate(findings, patients, { ...OPTIONS, traits: [groups] }).traits[0]!;
  const figures = few!.evaluation.findings[0]!.figures!;
  expect(few!.evaluation.patients).toBe(8);
  expect(figures.auroc).toMatchObject({ interval: null });
  expect(Object.values(figures.given.intervals)).toEqual(new Array(5).fill(null));
  expect(few!.evaluation.mean.auroc!.interval).toBeNull();
  expect(few!.gaps).toMatchObject({
    findings: findings.map(() => ({ auroc: null, sensitivity: null, specificity: null })),
    mean: { findings: 0, auroc: null },
  });
  const without = evaluate(findings, patients, { ...OPTIONS, traits: [groups.slice(0, 2)] });
  expect(first!.gaps).toEqual(without.traits[0]![0]!.gaps);
});

test("one group is no comparison, and a finding with one class has counts alone", () => {
  const { patients, findings } = drawnSet(6);
  const oneSided = { ...findings[0]!, truths: new Float32Array(patients.length) };
  const result = evaluate([oneSided, findings[1]!], patients, {
    ...OPTIONS,
    traits: [[[...patients.keys()]], []],
    withCurves: true,
  });
  expect(result.traits).toEqual([[], []]);
  expect(result.all.findings[0]).toEqual({
    positives: 0,
    negatives: patients.length,
    unknown: 0,
    figures: null,
  });
  expect(result.all.mean.findings).toBe(1);
  expect(result.curves[0]).toBeNull();
  expect(result.curves[1]).not.toBeNull();
});

test("float32 scores are compared with a threshold of their own precision", () => {
  const scores = Float32Array.of(0.3, 0.1, 0.9, 0.2);
  const finding = { scores, truths: [1, 0, 1, 0], threshold: 0.3 };
  const { all, traits } = evaluate([finding], ["a", "b", "c", "d"], {
    replicates: 5,
    traits: [
      [
        [0, 1],
        [2, 3],
      ],
    ],
  });
  expect(all.findings[0]!.figures!.given.truePositives).toBe(2);
  expect(traits[0]![0]!.evaluation.findings[0]!.figures!.given.truePositives).toBe(1);
});

test("patients may be numbers, and are told apart by how they are written", () => {
  const { patients, findings } = drawnSet(3);
  const numbers = patients.map((patient) => Number(patient.slice(1)));
  const options = { replicates: 20, traits: [[[0, 1, 2, 3], Array.from({ length: 40 }, (_, i) => i + 4)]] };
  expect(evaluate(findings, numbers, options)).toEqual(evaluate(findings, numbers.map(String), options));
  expect(evaluate(findings, numbers, options).all.patients).toBe(new Set(patients).size);
});

test("a threshold that is no number is refused, not taken for one that all reach", () => {
  const finding = { scores: [0.9, 0.1], truths: [1, 0], threshold: Number.NaN };
  expect(() => evaluate([finding], ["a", "b"])).toThrow(
    expect.objectContaining({ code: "evaluation/bad-threshold" }),
  );
});
