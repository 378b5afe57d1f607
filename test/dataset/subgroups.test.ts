import { expect, test } from "vitest";
import type { LabelledImage } from "../../src/dataset/label-table.ts";
import { subgroupsOf } from "../../src/dataset/subgroups.ts";

const image = (more: Partial<LabelledImage>): LabelledImage => ({
  image: "a.png",
  patient: "1",
  labels: new Float32Array(),
  ...more,
});
const shown = (groups: ReturnType<typeof subgroupsOf>["sex"]) =>
  groups.map(({ name, images }) => `${name}: ${[...images].join()}`);

test("images are divided by each trait, and are in no group where it is not known", () => {
  const images = [
    image({ sex: "M", age: 19, view: "PA" }),
    image({ sex: "F", age: 20 }),
    image({ age: 100, view: "AP" }),
    image({ sex: "M", view: "PA" }),
    image({ sex: "F", age: 80, view: "" }),
    image({ age: 79, view: "LATERAL" }),
    image({ age: 0 }),
  ];
  const { sex, age, view } = subgroupsOf(images);
  expect(shown(sex)).toEqual(["F: 1,4", "M: 0,3"]);
  expect(shown(age)).toEqual(["0-19: 0,6", "20-39: 1", "60-79: 5", "80+: 2,4"]);
  expect(shown(view)).toEqual(["AP: 2", "LATERAL: 5", "PA: 0,3"]);
});

test("of a column with many values the largest groups stay, and the others are one", () => {
  const views = Array.from({ length: 40 }, (_, i) => (i < 24 ? `v${i % 8}` : `w${i}`));
  const { view } = subgroupsOf([...views, "v0"].map((name) => image({ view: name })));
  expect(view.map(({ name }) => name)).toEqual([
    "others (15 values)",
    ...["v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7"],
    "w24",
  ]);
  expect([...view[0]!.images]).toEqual(Array.from({ length: 15 }, (_, i) => 25 + i));
  expect(view.reduce((sum, { images }) => sum + images.length, 0)).toBe(41);
});
