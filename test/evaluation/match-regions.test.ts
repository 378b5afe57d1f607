import { expect, test } from "vitest";
import { matchedOverlaps } from "../../src/evaluation/match-regions.ts";
import { Random } from "../../src/random.ts";

const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

test("a region that covers a box is matched with it, and one beside it with none", () => {
  expect(matchedOverlaps([box(0, 0, 10, 10)], [box(0, 0, 10, 10)])).toEqual([1]);
  expect(matchedOverlaps([box(0, 0, 10, 5)], [box(0, 0, 10, 10)])).toEqual([0.5]);
  expect(matchedOverlaps([box(10, 0, 5, 5)], [box(0, 0, 10, 10)])).toEqual([]);
  expect(matchedOverlaps([], [box(0, 0, 10, 10)])).toEqual([]);
  expect(matchedOverlaps([box(0, 0, 10, 10)], [])).toEqual([]);
});

test("of two regions on one box only the better is matched", () => {
  const known = [box(0, 0, 10, 10)];
  expect(matchedOverlaps([box(0, 0, 10, 2), box(0, 2, 10, 8)], known)).toEqual([0.8]);
  expect(matchedOverlaps([box(0, 0, 10, 10), box(0, 0, 10, 10)], known)).toEqual([1]);
});

test("of two boxes in one region only the better is found, and the other by the next region", () => {
  const known = [box(0, 0, 10, 10), box(10, 0, 6, 10)];
  expect(matchedOverlaps([box(0, 0, 16, 10)], known)).toEqual([0.625]);
  // Both overlap the first box; the second region is left for the second box, which it overlaps less.
  expect(matchedOverlaps([box(0, 0, 10, 9), box(2, 0, 10, 10)], known)).toEqual([0.9, 20 / 140]);
});

test("pairs are at most as many as regions or boxes, fall, and do not depend on the order", () => {
  const random = Random.of(16, "match");
  const draw = (count: number) =>
    Array.from({ length: count }, () => box(random.next(), random.next(), random.next(), random.next()));
  for (let i = 0; i < 200; i++) {
    const [regions, known] = [draw(random.int(6)), draw(1 + random.int(4))];
    const found = matchedOverlaps(regions, known);
    expect(found.length).toBeLessThanOrEqual(Math.min(regions.length, known.length));
    expect(found).toEqual([...found].sort((a, b) => b - a));
    expect(matchedOverlaps(regions.toReversed(), known.toReversed())).toEqual(found);
    expect(matchedOverlaps(known, regions)).toEqual(found);
  }
});
