import { expect, test } from "vitest";
import {
  bootstrapDifferences,
  bootstrapFindings,
  bootstrapStatistic,
  type ScoredFinding,
} from "../../src/evaluation/bootstrap.ts";
import { percentileInterval } from "../../src/evaluation/intervals.ts";
import { rankedRuns } from "../../src/evaluation/ranked-runs.ts";
import { rankingOf } from "../../src/evaluation/ranking.ts";
import { auroc } from "../../src/evaluation/roc.ts";
import { Random } from "../../src/random.ts";
import { weightedFigures } from "./weighted-figures.ts";

/** 40 patients with 1 to 5 images each, and findings with coarse scores. A tenth of the truths is unknown. */
function drawn(seed: number, findings: number) {
  const random = Random.of(seed, "bootstrap test");
  const patients = Array.from({ length: 40 }, (_, p) =>
    new Array<string>(1 + random.int(5)).fill(`p${p}`),
  ).flat();
  const finding = (): ScoredFinding => {
    const truths = Float32Array.from(patients, () => (random.chance(0.1) ? Number.NaN : random.int(2)));
    return { scores: Float64Array.from(truths, (truth) => random.int(20) + 4 * (truth || 0)), truths };
  };
  return { patients, findings: Array.from({ length: findings }, finding) };
}

/** The weights of each replicate, as a statistic sees them. */
function weightsOf(patients: readonly string[], replicates: number, seed: number): Float64Array[] {
  const seen: Float64Array[] = [];
  bootstrapStatistic((weights) => seen.push(weights.slice()), patients, { replicates, seed });
  return seen.slice(1);
}

test("as many patients are drawn as there are, each with all images, any as likely as another", () => {
  const { patients } = drawn(1, 0);
  const replicates = weightsOf(patients, 2_000, 3);
  const firstImages = patients.flatMap((patient, i) => (patients.indexOf(patient) === i ? [i] : []));
  const times = new Float64Array(patients.length);
  for (const weights of replicates) {
    expect(firstImages.reduce((sum, i) => sum + weights[i]!, 0)).toBe(40);
    expect(patients.every((patient, i) => weights[i] === weights[patients.indexOf(patient)])).toBe(true);
    for (const [i, weight] of weights.entries()) times[i]! += weight;
  }
  // Drawn 80,000 times among 40: 2,000 each, with a standard deviation of 44.
  for (const count of times) expect(Math.abs(count - 2_000)).toBeLessThan(4 * 44);
});

test("intervals are those of data sets in which drawn images are repeated", () => {
  const { patients, findings } = drawn(2, 2);
  const options = { replicates: 60, seed: 5 };
  const result = bootstrapFindings(findings, patients, options);
  const replicates = weightsOf(patients, 60, 5);
  const areas = findings.map(({ scores, truths }) =>
    Float64Array.from(replicates, (weights) => {
      const repeat = (values: ArrayLike<number>) =>
        Array.from(values).flatMap((value, i) => new Array<number>(weights[i]!).fill(value));
      return auroc(repeat(scores), repeat(truths))!;
    }),
  );
  for (const [f, { scores, truths }] of findings.entries()) {
    expect(result.findings[f]!.auroc).toEqual({
      value: auroc(scores, truths),
      interval: percentileInterval(areas[f]!, 0.95),
      replicates: 60,
      leftOut: 0,
    });
  }
  const means = areas[0]!.map((area, i) => (area + areas[1]![i]!) / 2);
  expect(result.mean.auroc!.interval).toEqual(percentileInterval(means, 0.95));
});

test("average precision is drawn with the area, and one finding's statistic as all findings'", () => {
  const { patients, findings } = drawn(3, 1);
  const { scores, truths } = findings[0]!;
  const ranking = rankedRuns(rankingOf(scores, truths));
  const options = { replicates: 100, seed: 1, level: 0.8 };
  const alone = (kind: "auroc" | "averagePrecision") =>
    bootstrapStatistic((weights) => weightedFigures(ranking, weights)?.[kind] ?? null, patients, options);
  const result = bootstrapFindings(findings, patients, options);
  expect(result.findings[0]).toEqual({ auroc: alone("auroc"), averagePrecision: alone("averagePrecision") });
  expect(result.mean).toEqual(result.findings[0]);
});

test("the same seed gives the same intervals, another one others", () => {
  const { patients, findings } = drawn(4, 3);
  const of = (seed: number) => bootstrapFindings(findings, patients, { replicates: 50, seed });
  expect(of(7)).toEqual(of(7));
  expect(of(7).mean.auroc!.interval).not.toEqual(of(8).mean.auroc!.interval);
  expect(bootstrapFindings(findings, patients)).toEqual(
    bootstrapFindings(findings, patients, { replicates: 1_000, seed: 0, level: 0.95 }),
  );
});

test("a replicate does not depend on how many there are, nor a finding on the others", () => {
  const { patients, findings } = drawn(5, 3);
  expect(weightsOf(patients, 40, 2).slice(0, 15)).toEqual(weightsOf(patients, 15, 2));
  const options = { replicates: 30 };
  expect(bootstrapFindings(findings.slice(1, 2), patients, options).findings[0]).toEqual(
    bootstrapFindings(findings, patients, options).findings[1],
  );
});

test("neither the order of images nor whether patients are numbers or text changes an interval", () => {
  const { patients, findings } = drawn(6, 2);
  const order = Random.of(6).permutation(patients.length);
  const shuffled = findings.map(({ scores, truths }) => ({
    scores: Float64Array.from(order, (i) => scores[i]!),
    truths: Float64Array.from(order, (i) => truths[i]!),
  }));
  const options = { replicates: 50 };
  const expected = bootstrapFindings(findings, patients, options);
  expect(
    bootstrapFindings(
      shuffled,
      Array.from(order, (i) => patients[i]!),
      options,
    ),
  ).toEqual(expected);
  const numbers = patients.map((patient) => Number(patient.slice(1)));
  expect(bootstrapFindings(findings, Uint16Array.from(numbers), options)).toEqual(
    bootstrapFindings(findings, numbers.map(String), options),
  );
});

test("a difference by a statistic of one's own is that of bootstrapDifferences, draws without a class left out", () => {
  const scores = [
    [0.9, ...Array.from({ length: 11 }, (_, i) => i / 20)],
    Array.from({ length: 12 }, (_, i) => i / 20),
  ];
  const truths = Array.from({ length: 12 }, (_, i) => (i === 0 ? 1 : 0));
  const patients = truths.map((_, i) => i);
  const areaOf = (side: number) => (weights: Float64Array) => {
    const drawn = [...weights.keys()].flatMap((i) => new Array<number>(weights[i]!).fill(i));
    return auroc(
      drawn.map((i) => scores[side]![i]!),
      drawn.map((i) => truths[i]!),
    );
  };
  const options = { replicates: 300 };
  const own = bootstrapStatistic(
    (weights) => (areaOf(0)(weights) ?? Number.NaN) - (areaOf(1)(weights) ?? Number.NaN),
    patients,
    options,
  )!;
  const compared = { first: scores[0]!, second: scores[1]!, truths };
  const { value, leftOut } = bootstrapDifferences([compared], patients, options).findings[0]!.auroc!;
  expect([own.value, own.leftOut]).toEqual([value, leftOut]);
  expect(leftOut).toBeGreaterThan(50);
});

test("differences are taken on the same draws", () => {
  const { patients, findings } = drawn(7, 2);
  const [{ scores: first, truths }, { scores: other }] = findings as [ScoredFinding, ScoredFinding];
  // The second set of scores is the first one with a little of another.
  const second = Float64Array.from(first, (score, i) => score + 0.3 * other[i]!);
  const options = { replicates: 200 };
  const compared = bootstrapDifferences([{ first, second, truths }], patients, options);
  const [a, b] = [rankedRuns(rankingOf(first, truths)), rankedRuns(rankingOf(second, truths))];
  expect(compared.findings[0]!.auroc).toEqual(
    bootstrapStatistic(
      (weights) => weightedFigures(a, weights)!.auroc - weightedFigures(b, weights)!.auroc,
      patients,
      options,
    ),
  );
  const single = bootstrapFindings([{ scores: first, truths }], patients, options);
  const widthOf = ({ interval }: { interval: { low: number; high: number } | null }) =>
    interval!.high - interval!.low;
  expect(widthOf(compared.mean.auroc!)).toBeLessThan(0.7 * widthOf(single.mean.auroc!));
  const same = bootstrapDifferences([{ first, second: first, truths }], patients, options);
  expect(same.findings[0]!.averagePrecision).toMatchObject({ value: 0, interval: null, leftOut: 0 });
});

test("fewer than ten patients of a class have no interval, however many images they have", () => {
  const random = Random.of(21, "few");
  const patients = Array.from({ length: 200 }, (_, i) => i % 40);
  const scores = Float64Array.from(patients, () => random.next());
  const of = (positives: number) => {
    const truths = Float64Array.from(patients, (patient) => (patient < positives ? 1 : 0));
    return bootstrapFindings([{ scores, truths }], patients, { replicates: 50 }).findings[0]!;
  };
  for (const positives of [1, 9, 31, 39]) {
    const { auroc, averagePrecision } = of(positives);
    expect([auroc!.interval, averagePrecision!.interval]).toEqual([null, null]);
  }
  for (const positives of [10, 30]) expect(of(positives).auroc!.interval).not.toBeNull();
});

test("an AUROC of 1 has no interval: that no draw strays does not make it sure", () => {
  const patients = Array.from({ length: 60 }, (_, i) => i);
  const finding = { scores: patients, truths: patients.map((i) => (i < 30 ? 0 : 1)) };
  expect(bootstrapFindings([finding], patients, { replicates: 50 }).findings[0]!.auroc).toEqual({
    value: 1,
    interval: null,
    replicates: 50,
    leftOut: 0,
  });
});

test("a replicate without a class is left out of its finding and of the means, and counted", () => {
  const patients = Array.from({ length: 20 }, (_, i) => Math.floor(i / 2));
  const scores = Float64Array.from({ length: 20 }, (_, i) => (i * 7) % 20);
  // One patient of ten is positive, and not drawn in (1 − 1/10)¹⁰ = 35 % of replicates.
  const rare = { scores, truths: Float64Array.from(patients, (patient) => (patient === 3 ? 1 : 0)) };
  const common = { scores, truths: Float64Array.from(patients, (_, i) => i % 2) };
  const { findings, mean } = bootstrapFindings([rare, common], patients);
  expect(Math.abs(findings[0]!.auroc!.leftOut - 349)).toBeLessThan(60);
  expect(findings[0]!.auroc!.replicates + findings[0]!.auroc!.leftOut).toBe(1_000);
  expect(findings[0]!.averagePrecision!.leftOut).toBe(findings[0]!.auroc!.leftOut);
  expect(findings[1]!.auroc!.leftOut).toBe(0);
  expect([mean.auroc!.leftOut, mean.averagePrecision!.leftOut]).toEqual(
    new Array(2).fill(findings[0]!.auroc!.leftOut),
  );
});

test("a finding that lacks a class has no figures and takes no part in the means", () => {
  const { patients, findings } = drawn(8, 1);
  const none = {
    scores: findings[0]!.scores,
    truths: findings[0]!.truths.length ? patients.map(() => 0) : [],
  };
  const result = bootstrapFindings([none, findings[0]!], patients, { replicates: 20 });
  expect(result.findings[0]).toEqual({ auroc: null, averagePrecision: null });
  expect(result.mean).toEqual(result.findings[1]);
  const nothing = { auroc: null, averagePrecision: null };
  expect(bootstrapFindings([none], patients, { replicates: 20 }).mean).toEqual(nothing);
  expect(bootstrapFindings([], [], { replicates: 20 })).toEqual({ findings: [], mean: nothing });
});

test("one patient alone has figures and no interval", () => {
  const result = bootstrapFindings([{ scores: [3, 2, 1], truths: [1, 0, 1] }], ["a", "a", "a"]);
  expect(result.mean.auroc).toEqual({ value: 0.5, interval: null, replicates: 0, leftOut: 0 });
  expect(bootstrapStatistic(() => null, ["a", "b"])).toBeNull();
});

test.each([
  [{ replicates: 0 }, "evaluation/bad-replicates"],
  [{ replicates: 1.5 }, "evaluation/bad-replicates"],
  [{ level: 95 }, "evaluation/bad-level"],
])("%o is refused", (options, code) => {
  const { patients, findings } = drawn(9, 1);
  expect(() => bootstrapFindings(findings, patients, options)).toThrow(expect.objectContaining({ code }));
});

test("a patient must be named for each image", () => {
  const details = { finding: 1, length: 2, patients: 3 };
  const findings = [
    { scores: [1, 2, 3], truths: [1, 0, 1] },
    { scores: [1, 2], truths: [1, 0] },
  ];
  expect(() => bootstrapFindings(findings, [1, 2, 3])).toThrow(
    expect.objectContaining({ code: "evaluation/bad-input", details }),
  );
});

test("where most replicates lack a class, there is no interval, and it is said how many do", () => {
  // Both known patients come together in 1 − 2 · (2/3)³ + (1/3)³ = 4/9 of the draws.
  const finding = { scores: [0.9, 0.1, 0.5], truths: [1, 0, Number.NaN] };
  const { auroc } = bootstrapFindings([finding], ["a", "b", "c"], { replicates: 2000 }).findings[0]!;
  expect(auroc).toMatchObject({ value: 1, interval: null });
  expect(auroc!.replicates + auroc!.leftOut).toBe(2000);
  expect(Math.abs(auroc!.replicates / 2000 - 4 / 9)).toBeLessThan(0.05);
});
