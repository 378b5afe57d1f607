import { describe, expect, test } from "vitest";
import { FEWEST_IMAGES, fitKnownImages, limitOf } from "../../src/checks/fit-known-images.ts";
import { KNOWN_FEATURES, KnownImagesRule, NOTHING_KNOWN } from "../../src/checks/known-images.ts";
import { parseCard } from "../../src/models/card.ts";
import { NUM_FEATURES } from "../../src/models/densenet121.ts";
import { EXPECTED, features } from "./made-features.ts";

const relative = (actual: number, expected: number): number => Math.abs(actual / expected - 1);

test("its features are those that the classifier reads", () => {
  expect(KNOWN_FEATURES).toBe(NUM_FEATURES);
});

describe("distances are NumPy's", () => {
  const rule = new KnownImagesRule(EXPECTED.known);
  const cases = {
    like: features(5, 12),
    alive: features(5, 12, { dead: false }),
    other: features(7, 12, { loadings: 98 }),
  };
  test.each(Object.keys(cases) as (keyof typeof cases)[])("%s", (name) => {
    const worst = cases[name].map((row, i) => relative(rule.distance(row), EXPECTED.distances[name][i]!));
    expect(worst).toHaveLength(12);
    expect(Math.max(...worst)).toBeLessThan(1e-6);
  });

  test("they depend on the direction of the features alone", () => {
    const [row] = cases.other;
    expect(relative(rule.distance(row!.map((one) => one * 8)), rule.distance(row!))).toBeLessThan(1e-9);
  });
});

describe("the check says how far, and what the limit is", () => {
  const rule = new KnownImagesRule(EXPECTED.known);

  test("within it", () => {
    expect(rule.check(features(5, 1)[0]!)).toEqual({
      check: "known-images",
      outcome: "pass",
      reason: expect.stringMatching(
        /^The distance of its features from those of the training images is [\d.]+, within the limit of [\d.]+ that 99 % of unseen images of the same kind stay within\.$/,
      ),
    });
  });

  test("beyond it", () => {
    const row = features(7, 1, { loadings: 98 })[0]!;
    const times = Number((EXPECTED.distances.other[0]! / EXPECTED.known.limit).toPrecision(3));
    expect(rule.check(row)).toMatchObject({
      outcome: "warn",
      reason: expect.stringContaining(`, ${times} times the limit of`),
    });
  });

  test("features that are not numbers are beyond it", () => {
    const row = features(5, 1)[0]!.fill(Number.NaN, 3, 4);
    expect(rule.check(row).outcome).toBe("warn");
  });

  test("without figures nothing is known", () => {
    expect(NOTHING_KNOWN).toMatchObject({ check: "known-images", outcome: "unknown" });
  });
});

describe("figures are scikit-learn's", () => {
  const training = features(1, 160);
  const heldOut = features(3, 100);
  const fitted = fitKnownImages({ training, heldOut, patients: [] })!;
  const { known } = EXPECTED;

  test("mean and scale, also of a feature that is always 0", () => {
    expect(fitted.mean).toBe(known.mean);
    expect(fitted.scale).toBe(known.scale);
  });

  test("variances after shrinkage, and the limit", () => {
    expect(fitted).toMatchObject({ images: 160, heldOut: 100, isCrossFitted: false });
    expect(fitted.components).toHaveLength(32);
    const worst = fitted.components.map(({ variance }, i) =>
      relative(variance, known.components[i]!.variance),
    );
    expect(Math.max(...worst)).toBeLessThan(1e-4);
    expect(relative(fitted.residualVariance, known.residualVariance)).toBeLessThan(1e-5);
    expect(relative(fitted.limit, known.limit)).toBeLessThan(1e-3);
  });
});

describe("where few images are held out", () => {
  const all = features(1, 80);
  const patients = all.map((_, i) => i >> 1);

  test("fewer images than are needed give none", () => {
    const few = all.slice(0, FEWEST_IMAGES - 1);
    expect(fitKnownImages({ training: few, heldOut: [], patients })).toBeUndefined();
  });

  test("nor do features that are all the same", () => {
    const same = all.map(() => all[0]!);
    expect(fitKnownImages({ training: same, heldOut: [], patients })).toBeUndefined();
  });
});

test("the limit is the distance that the next one exceeds with a probability of 1 %", () => {
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => (i * 37) % n);
  // The 199th of 200 in order is the lowest at or above 0.99 · 201.
  expect([limitOf(upTo(200)), limitOf(upTo(1000)), limitOf(upTo(60))]).toEqual([198, 990, 59]);
});

describe("a card's figures are checked", () => {
  const { known } = EXPECTED;
  const [component] = known.components;

  test("good ones are kept", () => {
    expect(parseCard({ knownImages: known })).toEqual({ knownImages: known });
  });

  test.each<[string, unknown]>([
    ["knownImages", "near"],
    ["knownImages.limit", { ...known, limit: 0 }],
    ["knownImages.limit", { ...known, limit: null }],
    ["knownImages.residualVariance", { ...known, residualVariance: -1 }],
    ["knownImages.mean", { ...known, mean: known.mean.slice(4) }],
    ["knownImages.mean", { ...known, mean: "!" }],
    ["knownImages.mean", { ...known, mean: `AADAfw${known.mean.slice(6)}` }],
    ["knownImages.scale", { ...known, scale: "A".repeat(known.scale.length - 2).concat("==") }],
    ["knownImages.components", { ...known, components: Array.from({ length: 65 }, () => component) }],
    ["knownImages.components[0].variance", { ...known, components: [{ ...component, variance: 0 }] }],
    ["knownImages.components[0].weights", { ...known, components: [{ ...component, weights: "AAAA" }] }],
  ])("%s", (field, knownImages) => {
    expect(() => parseCard({ knownImages })).toThrow(
      expect.objectContaining({
        code: "card/invalid",
        message: expect.stringContaining(`: ${field} `),
      }),
    );
  });
});
