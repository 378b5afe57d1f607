import { expect, test } from "vitest";
import { BAND_STEPS, type CurvePoints, curvesOf } from "../../src/evaluation/curves.ts";
import { percentileInterval } from "../../src/evaluation/intervals.ts";
import { PatientDraws } from "../../src/evaluation/patient-draws.ts";
import { averagePrecision, precisionRecallCurve } from "../../src/evaluation/precision-recall.ts";
import { rankedRuns } from "../../src/evaluation/ranked-runs.ts";
import { rankingOf } from "../../src/evaluation/ranking.ts";
import { auroc, rocCurve } from "../../src/evaluation/roc.ts";
import { Random } from "../../src/random.ts";
import { drawnSet, imagesOfReplicates, pick } from "./drawn-set.ts";

const REPLICATES = 40;

function curvesOfSet(seed: number) {
  const { patients, findings } = drawnSet(seed);
  const rankings = findings.map(({ scores, truths }) => rankedRuns(rankingOf(scores, truths)));
  const draws = new PatientDraws(patients, { replicates: REPLICATES, seed: 1 });
  return { patients, findings, curves: curvesOf(rankings, draws) };
}

/** Area under straight lines between points. */
const areaUnder = ({ x, y }: CurvePoints): number =>
  x.reduce((sum, at, i) => sum + (i === 0 ? 0 : ((at - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2), 0);

test("of few scores, the points of the curves are rocCurve's and precisionRecallCurve's, and their areas the figures", () => {
  const { findings, curves } = curvesOfSet(1);
  for (const [f, { scores, truths }] of findings.entries()) {
    const { roc, precisionRecall } = curves[f]!;
    expect(areaUnder(roc)).toBeCloseTo(auroc(scores, truths)!, 12);
    expect(areaUnder(precisionRecall)).toBeCloseTo(averagePrecision(scores, truths)!, 12);
    const { fpr, tpr } = rocCurve(scores, truths)!;
    const drawn = Array.from(roc.x, (x, i) => `${x} ${roc.y[i]!}`);
    // A run of negatives is one straight line: of its points, the last is drawn.
    const corners = Array.from(fpr, (x, i) => ({ x, y: tpr[i]!, next: tpr[i + 1] })).filter(
      ({ y, next }) => y !== next,
    );
    for (const { x, y } of corners) expect(drawn).toContain(`${x} ${y}`);
    const { recall, precision } = precisionRecallCurve(scores, truths)!;
    const steps = Array.from(precisionRecall.x, (x, i) => `${x} ${precisionRecall.y[i]!}`);
    for (let i = 1; i < recall.length; i++)
      if (recall[i] !== recall[i - 1]) expect(steps).toContain(`${recall[i]} ${precision[i]}`);
  }
});

/** The highest sensitivity at a false positive rate, between points of scikit-learn's curve in proportion. */
function sensitivityAt(scores: Float64Array, truths: Float64Array, wanted: number): number {
  const { fpr, tpr } = rocCurve(scores, truths)!;
  const last = fpr.findLastIndex((x) => x <= wanted + 1e-12);
  if (last === fpr.length - 1) return tpr[last]!;
  const share = (wanted - fpr[last]!) / (fpr[last + 1]! - fpr[last]!);
  return tpr[last]! + share * (tpr[last + 1]! - tpr[last]!);
}

/** Precision where a recall is first reached. */
function precisionAt(scores: Float64Array, truths: Float64Array, wanted: number): number {
  const { recall, precision } = precisionRecallCurve(scores, truths)!;
  return precision[recall.findIndex((r) => r > 0 && r >= wanted - 1e-12)]!;
}

test.each([
  ["sensitivities", "rocBand", sensitivityAt],
  ["precisions", "precisionRecallBand", precisionAt],
] as const)("a band is the interval of drawn curves' %s", (_, band, valueAt) => {
  const { patients, findings, curves } = curvesOfSet(2);
  const drawn = imagesOfReplicates(patients, REPLICATES, 1);
  for (const [f, { scores, truths }] of findings.entries()) {
    for (let j = 0; j <= BAND_STEPS; j += 7) {
      const values = Float64Array.from(drawn, (images) =>
        valueAt(pick(scores, images), pick(truths, images), j / BAND_STEPS),
      );
      const { low, high } = percentileInterval(values, 0.95)!;
      expect(curves[f]![band]!.low[j]).toBeCloseTo(low, 6);
      expect(curves[f]![band]!.high[j]).toBeCloseTo(high, 6);
    }
  }
});

test("a band's places are met exactly where so many negatives or positives are drawn", () => {
  // Each patient has one of each, so that every draw has a hundred: 0.29 · 100 is below 29 in floating point.
  const random = Random.of(7, "a hundred of each");
  const patients = Array.from({ length: 200 }, (_, i) => `p${i >> 1}`);
  const truths = Float64Array.from(patients, (_, i) => i & 1);
  const scores = truths.map((truth) => random.normal() + truth);
  const draws = new PatientDraws(patients, { replicates: REPLICATES, seed: 1 });
  const [curves] = curvesOf([rankedRuns(rankingOf(scores, truths))], draws);
  const drawn = imagesOfReplicates(patients, REPLICATES, 1);
  const cases = [
    [curves!.rocBand!, sensitivityAt],
    [curves!.precisionRecallBand!, precisionAt],
  ] as const;
  for (const [band, valueAt] of cases) {
    for (let j = 0; j <= BAND_STEPS; j++) {
      const values = Float64Array.from(drawn, (images) =>
        valueAt(pick(scores, images), pick(truths, images), j / BAND_STEPS),
      );
      const { low, high } = percentileInterval(values, 0.95)!;
      expect(band.low[j]).toBeCloseTo(low, 6);
      expect(band.high[j]).toBeCloseTo(high, 6);
    }
  }
});

test("of many scores few points are kept, no further from the curve than a four-hundredth", () => {
  const random = Random.of(1, "many points");
  const truths = Array.from({ length: 20_000 }, () => random.int(2));
  const scores = truths.map((truth) => random.normal() + truth);
  const draws = new PatientDraws(
    truths.map((_, i) => i),
    { replicates: 2 },
  );
  const [curves] = curvesOf([rankedRuns(rankingOf(scores, truths))], draws);
  expect(curves!.roc.x.length).toBeLessThan(1_200);
  expect(curves!.roc.x.length).toBeGreaterThan(200);
  expect(areaUnder(curves!.roc)).toBeCloseTo(auroc(scores, truths)!, 2);
  const { fpr, tpr } = rocCurve(scores, truths)!;
  for (let i = 0; i < fpr.length; i += 97) {
    const near = Array.from(curves!.roc.x, (x, k) =>
      Math.max(Math.abs(x - fpr[i]!), Math.abs(curves!.roc.y[k]! - tpr[i]!)),
    );
    expect(Math.min(...near)).toBeLessThanOrEqual(1 / 400 + 1e-4);
  }
  expect([curves!.roc.x[0], curves!.roc.x.at(-1), curves!.roc.y.at(-1)]).toEqual([0, 1, 1]);
});

test("one patient has curves and no bands", () => {
  const ranking = rankedRuns(rankingOf([0.9, 0.1, 0.4], [1, 0, 1]));
  const [curves] = curvesOf([ranking], new PatientDraws(["a", "a", "a"]));
  expect(curves).toMatchObject({ rocBand: null, precisionRecallBand: null });
  expect([...curves!.roc.y]).toEqual([0, 0.5, 1, 1]);
});
