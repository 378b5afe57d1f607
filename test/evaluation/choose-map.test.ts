import { expect, test } from "vitest";
import {
  bestKind,
  controlHits,
  type Hit,
  halvesOf,
  hitOf,
  ofPairs,
  pointingShare,
} from "../../src/evaluation/choose-map.ts";
import { Random } from "../../src/random.ts";

const WHOLE = { x: 0, y: 0, width: 1, height: 1 };

/** A map of 10 × 10 cells with its peak at a column and a row. */
function mapAt(column: number, row: number) {
  const values = new Float32Array(100);
  values[row * 10 + column] = 1;
  return { values, height: 10, width: 10, region: WHOLE };
}

test("the depth of a hit is the share of shrunk boxes that still hold the peak", () => {
  // Centres of cells lie at 0.05, 0.15, … The box reaches from 0.1 to 0.5; shrunk by 30 % from 0.16 to 0.44.
  const box = { x: 0.1, y: 0.1, width: 0.4, height: 0.4 };
  expect(hitOf(mapAt(2, 3), [box])).toEqual({ isPointing: true, depth: 1 });
  // 0.15 lies in the boxes shrunk by 0, 10 and 20 % (from 0.14), not by 30 %.
  expect(hitOf(mapAt(1, 2), [box])).toEqual({ isPointing: true, depth: 0.75 });
  expect(hitOf(mapAt(0, 2), [box])).toEqual({ isPointing: false, depth: 0 });
  expect(hitOf({ ...mapAt(0, 0), values: new Float32Array(100) }, [box])).toEqual({
    isPointing: false,
    depth: 0,
  });
});

const hits = (points: string, depths: readonly number[]): Hit[] =>
  [...points].map((point, i) => ({ isPointing: point === "+", depth: depths[i]! }));

test("the kind that points best is chosen, and of equal ones the one that points deeper", () => {
  const plain = hits("+---", [1, 0, 0, 0]);
  const often = hits("+++-", [0.25, 0.25, 0.25, 0]);
  const deep = hits("+++-", [1, 1, 0.5, 0]);
  expect(bestKind([plain, often, deep])).toBe(2);
  expect(bestKind([plain, often])).toBe(1);
  expect(bestKind([plain, plain])).toBe(0);
});

test("no kind is chosen that points less often than the first", () => {
  const first = hits("++--", [0.25, 0.25, 0, 0]);
  // Its score is higher: 0.25 + 0.925 against 0.5 + 0.125.
  expect(bestKind([first, hits("+---", [1, 0.9, 0.9, 0.9])])).toBe(0);
});

test("halves never divide a patient, and hold everyone once", () => {
  const patients = ["7", "3", "7", "12", "3", "5", "7", "9"];
  const [a, b] = halvesOf(patients, Random.of(1, "halves"));
  expect([...a, ...b].sort((x, y) => x - y)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  const whose = (half: readonly number[]) => new Set(half.map((i) => patients[i]));
  for (const patient of whose(a)) expect(whose(b).has(patient)).toBe(false);
  expect(Math.abs(whose(a).size - whose(b).size)).toBeLessThanOrEqual(1);
  expect(halvesOf(patients, Random.of(1, "halves"))).toEqual([a, b]);
});

test("hits of some pairs are taken from those of all", () => {
  const all = [hits("+-+", [1, 0, 1]), hits("--+", [0, 0, 0.5])];
  expect(ofPairs(all, [2, 0]).map(pointingShare)).toEqual([1, 0.5]);
});

test("the centre is a control that hits the middle", () => {
  const middle = { x: 0.4, y: 0.4, width: 0.2, height: 0.2 };
  const corner = { x: 0, y: 0, width: 0.1, height: 0.1 };
  expect(controlHits(WHOLE, [middle], Random.of(0)).centre).toBe(true);
  expect(controlHits(WHOLE, [corner], Random.of(0)).centre).toBe(false);
});
