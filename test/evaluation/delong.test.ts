import { expect, test } from "vitest";
import { delongAuroc, delongCovariance, delongInterval, delongTest } from "../../src/evaluation/delong.ts";
import { auroc } from "../../src/evaluation/roc.ts";
import { Random } from "../../src/random.ts";
import { fixtureJson } from "../fixtures.ts";

type Ends = readonly [low: number, high: number] | null;

interface Area {
  readonly auroc: number;
  readonly variance: number | null;
  readonly plain: Readonly<Record<string, Ends>>;
  readonly logit: Readonly<Record<string, Ends>>;
}

interface Case {
  readonly name: string;
  readonly truths: (number | null)[];
  readonly first: number[];
  readonly second: number[];
  readonly areas: readonly [Area, Area] | null;
  readonly paired: {
    readonly difference: number;
    readonly covariance: number;
    readonly error: number;
    readonly z: number | null;
    readonly p: number | null;
    readonly interval: Readonly<Record<string, Ends>>;
  } | null;
}

const CASES = fixtureJson<{ cases: Case[] }>("intervals/delong.json").cases.map((given) => ({
  ...given,
  truths: Float32Array.from(given.truths, (truth) => truth ?? Number.NaN),
}));
const twoClasses = CASES.filter(({ areas }) => areas !== null);

/** Equal to 12 digits; what cancels out, to 1e-15. */
function expectEqual(actual: number | null, expected: number | null): void {
  if (actual === null || expected === null) expect(actual).toBe(expected);
  else expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected) + 1e-15);
}

function expectEnds(interval: { low: number; high: number } | null, ends: Ends): void {
  expectEqual(interval?.low ?? null, ends?.[0] ?? null);
  expectEqual(interval?.high ?? null, ends?.[1] ?? null);
}

test("there are cases with two classes, with one, and with a class of one", () => {
  const single = twoClasses.filter(({ paired }) => paired === null);
  expect([CASES.length, twoClasses.length, single.length]).toEqual([17, 15, 2]);
});

test.each(twoClasses)("variance and intervals equal those of the definition: $name", (given) => {
  for (const [i, scores] of [given.first, given.second].entries()) {
    const expected = given.areas![i]!;
    const estimate = delongAuroc(scores, given.truths)!;
    expectEqual(estimate.auroc, expected.auroc);
    expectEqual(estimate.variance, expected.variance);
    expect(estimate.auroc).toBe(auroc(scores, given.truths));
    for (const level of [0.8, 0.95, 0.99]) {
      expectEnds(delongInterval(estimate, level, "plain"), expected.plain[level]!);
      // Of no variance, the definition gives a point; nothing is known of such an AUROC's error.
      const logit = expected.variance === 0 ? null : expected.logit[level]!;
      expectEnds(delongInterval(estimate, level, "logit"), logit);
    }
    expect(delongInterval(estimate)).toEqual(delongInterval(estimate, 0.95, "logit"));
  }
});

test.each(CASES)("covariance and test equal those of the definition: $name", (given) => {
  const { truths, first, second, paired } = given;
  expectEqual(delongCovariance(first, second, truths), paired?.covariance ?? null);
  for (const level of [0.8, 0.95, 0.99]) {
    const compared = delongTest(first, second, truths, level);
    if (compared === null || paired === null) {
      expect(compared).toBe(paired);
      continue;
    }
    expectEqual(compared.difference, paired.difference);
    expectEqual(compared.standardError, paired.error);
    expectEqual(compared.z, paired.z);
    expectEnds(compared.interval, paired.interval[level]!);
    if (compared.p === null || paired.p === null) expect(compared.p).toBe(paired.p);
    // The smallest is 1e-127, where a digit of z is worth a thousand of p.
    else expect(Math.abs(compared.p / paired.p - 1)).toBeLessThan(1e-11);
  }
});

test("one class alone has no AUROC, no covariance and no test", () => {
  for (const { first, second, truths } of CASES.filter(({ areas }) => areas === null)) {
    expect(delongAuroc(first, truths)).toBeNull();
    expect(delongCovariance(first, second, truths)).toBeNull();
    expect(delongTest(first, second, truths)).toBeNull();
  }
});

const PUBLISHED = fixtureJson<{
  truths: number[];
  tests: { name: string; scores: number[]; printed: number[] }[];
}>("intervals/published.json");

test.each(PUBLISHED.tests)("the ovarian cancer data come out as printed: $name", ({ scores, printed }) => {
  const estimate = delongAuroc(scores, PUBLISHED.truths)!;
  const { low, high } = delongInterval(estimate, 0.95, "plain")!;
  expect([estimate.positives, estimate.negatives]).toEqual([31, 12]);
  const figures = [estimate.auroc, Math.sqrt(estimate.variance!), low, high];
  expect(figures.map((figure) => Math.round(figure * 1e4) / 1e4)).toEqual(printed);
});

/** 60 coarse scores, twice, with truths, a fifth of them unknown. */
function drawn(seed: number) {
  const random = Random.of(seed, "delong");
  const draw = () => Float32Array.from({ length: 60 }, () => random.int(12));
  return {
    first: draw(),
    second: draw(),
    truths: Float32Array.from({ length: 60 }, () => [0, 1, 0, 1, Number.NaN][random.int(5)]!),
  };
}

test("the variance of a difference is that of its parts less twice their covariance", () => {
  for (let seed = 0; seed < 30; seed++) {
    const { first, second, truths } = drawn(seed);
    const sum = delongAuroc(first, truths)!.variance! + delongAuroc(second, truths)!.variance!;
    const compared = delongTest(first, second, truths)!;
    expect(compared.standardError ** 2).toBeCloseTo(sum - 2 * delongCovariance(first, second, truths)!, 15);
    expect(delongCovariance(first, first, truths)).toBeCloseTo(delongAuroc(first, truths)!.variance!, 15);
  }
});

test("turning two sets round turns the test round", () => {
  const { first, second, truths } = drawn(1);
  const [there, back] = [delongTest(first, second, truths)!, delongTest(second, first, truths)!];
  expect([back.z, back.p, back.difference]).toEqual([-there.z!, there.p, -there.difference]);
  expect(back.interval!.low).toBeCloseTo(-there.interval!.high, 15);
});

test("the order of images, the scale of scores and unknown images change nothing", () => {
  const { first, second, truths } = drawn(2);
  const order = Random.of(2)
    .permutation(60)
    .filter((i) => !Number.isNaN(truths[i]!));
  const pick = (values: Float32Array) => Float64Array.from(order, (i) => values[i]!);
  const plain = delongTest(first, second, truths)!;
  const other = delongTest(
    pick(first),
    pick(second).map((score) => Math.exp(score) - 7),
    pick(truths),
  )!;
  expect(other.difference).toBe(plain.difference);
  expect(other.standardError).toBeCloseTo(plain.standardError, 15);
});

test("an interval by the log odds stays within 0 … 1, a plain one is cut", () => {
  const estimate = delongAuroc([6, 5, 4, 2, 3, 1, 0, -1], [1, 1, 1, 1, 0, 0, 0, 0])!;
  expect(estimate.auroc).toBe(15 / 16);
  expect(delongInterval(estimate, 0.95, "plain")!.high).toBe(1);
  expect(delongInterval(estimate, 0.95, "logit")!.high).toBeLessThan(1);
});

test("classes that do not overlap have a variance of 0 and no interval by the log odds", () => {
  const estimate = delongAuroc([4, 3, 2, 1], [1, 1, 0, 0])!;
  expect(estimate).toEqual({ auroc: 1, variance: 0, positives: 2, negatives: 2 });
  expect(delongInterval(estimate)).toBeNull();
  expect(delongInterval(estimate, 0.95, "plain")).toEqual({ low: 1, high: 1 });
});

test("scores and truths stay as they were", () => {
  const given = drawn(3);
  const before = structuredClone(given);
  delongTest(given.first, given.second, given.truths);
  expect(given).toEqual(before);
});

test("what is wrong with the input is refused", () => {
  const bad = expect.objectContaining({ code: "evaluation/bad-input" });
  expect(() => delongAuroc([1, Number.NaN], [1, 0])).toThrow(bad);
  expect(() => delongTest([1, 2], [1], [1, 0])).toThrow(bad);
  expect(() => delongCovariance([1, 2], [1, 2], [1, 2])).toThrow(bad);
  const level = expect.objectContaining({ code: "evaluation/bad-level" });
  expect(() => delongTest([1, 2], [1, 2], [1, 0], 1)).toThrow(level);
  expect(() => delongInterval(delongAuroc([1, 2], [1, 0])!, 95)).toThrow(level);
});

test("112,120 images are compared in well under a second", () => {
  const random = Random.of(5, "many");
  const draw = () => Float32Array.from({ length: 112_120 }, () => random.next());
  const truths = Float32Array.from({ length: 112_120 }, () => (random.chance(0.1) ? 1 : 0));
  const [first, second] = [draw(), draw()];
  const started = performance.now();
  const { standardError } = delongTest(first, second, truths)!;
  expect(performance.now() - started).toBeLessThan(2_000);
  // Of scores that tell nothing, each area has a variance of about 1 / 12m + 1 / 12n.
  expect(standardError).toBeCloseTo(Math.sqrt((1 / 11_212 + 1 / 100_908) / 6), 4);
});

interface ProcArea {
  readonly auroc: number;
  readonly variance: number;
  readonly interval: readonly [number, number];
}

interface ProcCase {
  readonly name: string;
  readonly first: ProcArea;
  readonly second: ProcArea;
  readonly covariance: number;
  readonly z: number | null;
  readonly p: number | null;
}

const PROC = fixtureJson<{ cases: ProcCase[] }>("intervals/proc.json").cases;

/** pROC's numbers are written with 15 digits, and it sums in another order. */
function expectPublished(actual: number | null, expected: number): void {
  expect(Math.abs(actual! - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)));
}

test("pROC has judged the cases in which both classes have two examples", () => {
  expect(PROC.map(({ name }) => name)).toEqual(
    twoClasses.filter(({ paired }) => paired !== null).map(({ name }) => name),
  );
});

test.each(PROC)("variances, covariance, intervals and test equal pROC's: $name", (published) => {
  const { first, second, truths } = CASES.find(({ name }) => name === published.name)!;
  for (const [scores, expected] of [
    [first, published.first],
    [second, published.second],
  ] as const) {
    const estimate = delongAuroc(scores, truths)!;
    expectPublished(estimate.auroc, expected.auroc);
    expectPublished(estimate.variance, expected.variance);
    const plain = delongInterval(estimate, 0.95, "plain")!;
    expectPublished(plain.low, expected.interval[0]);
    expectPublished(plain.high, expected.interval[1]);
  }
  expectPublished(delongCovariance(first, second, truths), published.covariance);
  const { z, p } = delongTest(first, second, truths)!;
  // Where two areas differ without variance, pROC divides by 0.
  if (published.z === null) expect(z).toBeNull();
  else {
    expectPublished(z, published.z);
    expectPublished(p, published.p!);
  }
});
