import { expect, test } from "vitest";
import type { Rectangle } from "../../src/evaluation/localisation.ts";
import { regionBoxes } from "../../src/evaluation/region-boxes.ts";
import { hotRegions } from "../../src/heatmaps/regions.ts";
import { Random } from "../../src/random.ts";
import { fixtureJson } from "../fixtures.ts";

interface Case {
  readonly height: number;
  readonly width: number;
  readonly values: readonly number[];
  readonly level: number;
  readonly regions: readonly { readonly box: readonly number[] }[];
}
const { cases } = fixtureJson<{ cases: Case[] }>("contours/cases.json");

const cornersOf = ({ x, y, width, height }: Rectangle) => [x, y, width, height];
const inOrder = (boxes: readonly (readonly number[])[]) =>
  [...boxes].sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);

test.each(cases)("a map of $height × $width has boxes around scikit-image's regions at $level", (given) => {
  const [boxes] = regionBoxes({ ...given, data: given.values }, [given.level]);
  const [found, wanted] = [inOrder(boxes!.map(cornersOf)), inOrder(given.regions.map(({ box }) => box))];
  expect(found).toHaveLength(wanted.length);
  // The reference counts whole pixels, of which there are 1,792 along a side.
  for (const [i, box] of wanted.entries())
    for (const [j, value] of box.entries()) expect(Math.abs(found[i]![j]! - value)).toBeLessThan(1.5 / 1792);
});

test("the boxes are those of the regions that predict lists, at every level", () => {
  const random = Random.of(16, "region boxes");
  const levels = [0.05, 0.3, 0.5, 180 / 255, 0.85];
  const side = 10_000;
  const place = { x: 0, y: 0, width: side, height: side };
  for (const [height, width] of [
    [7, 7],
    [14, 14],
    [5, 9],
    [1, 2],
  ] as const) {
    const map = { data: Float32Array.from({ length: height * width }, () => random.next()), height, width };
    for (const [l, boxes] of regionBoxes(map, levels).entries()) {
      const wanted = inOrder(hotRegions(map, levels[l]!, place, place).map(({ box }) => box));
      const found = inOrder(boxes.map((box) => cornersOf(box).map((share) => share * side)));
      expect(found, `${height} × ${width}, ${levels[l]}`).toHaveLength(wanted.length);
      // Listed regions are rounded to two decimals, and their sides to differences of these.
      for (const [i, box] of wanted.entries())
        for (const [j, value] of box.entries()) expect(Math.abs(found[i]![j]! - value)).toBeLessThan(0.011);
    }
  }
});

test("a map that is the same everywhere has no regions, and one that is hot everywhere has one", () => {
  const flat = { data: [2, 2, 2, 2], height: 2, width: 2 };
  expect(regionBoxes(flat, [0.1, 1])).toEqual([[], []]);
  expect(regionBoxes({ ...flat, data: [0, 0, 0, 0] }, [0.5])).toEqual([[]]);
  expect(regionBoxes({ ...flat, data: [2, 2, 2, 1] }, [0.5])).toEqual([
    [{ x: 0, y: 0, width: 1, height: 1 }],
  ]);
});

test("regions that touch at a corner are two, and arms that meet further down are one", () => {
  const diagonal = { data: [1, 0, 0, 1], height: 2, width: 2 };
  expect(regionBoxes(diagonal, [0.9])[0]).toHaveLength(2);
  // A letter W, whose arms a walk from the top meets one by one.
  const w = [1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1];
  const [boxes] = regionBoxes({ data: w, height: 3, width: 5 }, [0.9]);
  expect(boxes).toEqual([{ x: 0, y: 0, width: 1, height: 1 }]);
});
