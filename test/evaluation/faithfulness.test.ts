import { expect, test } from "vitest";
import {
  areaUnder,
  blurredImage,
  curveImages,
  curvesOfMap,
  meanCurves,
  placesByHeat,
} from "../../src/evaluation/faithfulness.ts";
import { fixtureJson } from "../fixtures.ts";

interface Curve {
  readonly probabilities: number[];
  readonly area: number;
}

interface Case {
  readonly name: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly steps: number;
  readonly image: number[];
  readonly map: { readonly rows: number; readonly columns: number; readonly values: number[] };
  readonly weights: number[];
  readonly heat: number[];
  readonly deletion: Curve;
  readonly insertion: Curve;
}

const { cases: CASES } = fixtureJson<{ cases: Case[] }>("faithfulness/cases.json");

test.each(CASES)("places come by falling heat of the enlarged map: $name", ({ map, heat, height, width }) => {
  const places = placesByHeat(map, height, width);
  expect(new Set(places).size).toBe(height * width);
  const ordered = Array.from(places, (place) => heat[place]!);
  for (let i = 1; i < ordered.length; i++) expect(ordered[i]! - ordered[i - 1]!).toBeLessThan(1e-12);
  if (map.values.every((value) => value === map.values[0])) expect([...places]).toEqual([...places.keys()]);
});

test.each(CASES)("curves of a made-up model are those of SciPy's blur: $name", async (given) => {
  const { channels, height, width, steps, weights } = given;
  const image = blurredImage(Float32Array.from(given.image), channels, height, width);
  const size = channels * height * width;
  const probabilitiesOf = async (images: Float32Array) =>
    Array.from({ length: images.length / size }, (_, step) => {
      const sum = weights.reduce((total, weight, i) => total + weight * images[step * size + i]!, 0);
      return 1 / (1 + Math.exp(-sum));
    });
  const curves = await curvesOfMap(image, given.map, probabilitiesOf, steps);
  for (const kind of ["deletion", "insertion"] as const) {
    expect(curves[kind].length).toBe(steps + 1);
    for (const [step, probability] of Array.from(curves[kind]).entries())
      expect(probability).toBeCloseTo(given[kind].probabilities[step]!, 6);
    expect(areaUnder(given[kind].probabilities)).toBeCloseTo(given[kind].area, 12);
  }
});

test("the image itself stands at one end of both curves, the blurred one at the other", () => {
  const { channels, height, width, map, image: pixels } = CASES[1]!;
  const image = blurredImage(Float32Array.from(pixels), channels, height, width);
  const places = placesByHeat(map, height, width);
  const size = image.input.length;
  const [deletion, insertion] = [
    curveImages(image, places, "deletion", 4),
    curveImages(image, places, "insertion", 4),
  ];
  expect(deletion.subarray(0, size)).toEqual(image.input);
  expect(deletion.subarray(4 * size)).toEqual(image.blurred);
  expect(insertion.subarray(0, size)).toEqual(image.blurred);
  expect(insertion.subarray(4 * size)).toEqual(image.input);
});

test("curves of pairs are averaged step by step, and their areas are of the means", () => {
  const figures = meanCurves([
    { deletion: [1, 0.5, 0], insertion: [0, 0, 1] },
    { deletion: [0.5, 0.5, 0.5], insertion: [0, 1, 1] },
  ]);
  expect(figures).toEqual({
    deletion: [0.75, 0.5, 0.25],
    insertion: [0, 0.5, 1],
    deletionArea: 0.5,
    insertionArea: 0.5,
  });
});
