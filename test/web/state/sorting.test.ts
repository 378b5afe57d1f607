import { expect, test } from "vitest";
import { byProbability, sorted } from "../../../web/state/sorting.ts";
import { failedItem, item, readItem } from "./items.ts";

const ids = (items: readonly { id: number }[]) => items.map(({ id }) => id);

test("images stand in the order of dropping, whatever order they are in", () => {
  expect(ids(sorted([item(2), item(0), item(1)], "dropped"))).toEqual([0, 1, 2]);
});

test("names are compared as people count: 2 before 10, capitals like others", () => {
  const items = ["img10.png", "IMG2.png", "a.dcm", "img2.png"].map((name, id) => item(id, { name }));
  expect(ids(sorted(items, "name"))).toEqual([2, 1, 3, 0]);
});

test("by a finding, the most probable stands first, equals by dropping, images without a result last", () => {
  const items = [
    readItem(0, { Mass: 0.2 }),
    failedItem(1),
    readItem(2, { Mass: 0.9 }),
    item(3),
    readItem(4, { Mass: 0.2 }),
    readItem(5, { Mass: 0 }),
  ];
  expect(ids(sorted(items, { finding: "Mass" }))).toEqual([2, 0, 4, 5, 1, 3]);
});

test("findings fall by probability; equals keep the model's order", () => {
  expect(byProbability(["A", "B", "C", "D"], { A: 0.1, B: 0.7, C: 0.1, D: 0.9 })).toEqual([
    "D",
    "B",
    "A",
    "C",
  ]);
});
