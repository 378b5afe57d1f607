import { expect, test } from "vitest";
import type { LabelledImage } from "../../src/dataset/label-table.ts";
import { summarise } from "../../src/dataset/summary.ts";

const LABELS = ["Mass", "Edema", "Hernia"];
const row = (
  patient: string,
  labels: readonly number[],
  rest: Partial<LabelledImage> = {},
): LabelledImage => ({ image: "x", patient, labels: Float32Array.from(labels), ...rest });
const { NaN: unknown } = Number;

test("counts, pairs, persons and views", () => {
  const summary = summarise(LABELS, [
    row("a", [1, 1, 0], { age: 9, sex: "M", view: "AP" }),
    row("a", [1, 0, unknown], { age: 10, sex: "M", view: "PA" }),
    row("a", [0, 0, 0], { age: 13, sex: "M", view: "PA" }),
    row("b", [0, 0, unknown], { age: 100 }),
    row("c", [1, 1, 1], { sex: "F", view: "PA" }),
  ]);
  expect(summary).toStrictEqual({
    images: 5,
    patients: 3,
    imagesPerPatient: { median: 1, most: 3, single: 2 },
    labels: LABELS,
    counts: [
      { positive: 3, negative: 2, unknown: 0 },
      { positive: 2, negative: 3, unknown: 0 },
      { positive: 1, negative: 2, unknown: 2 },
    ],
    // The fourth image may have a hernia.
    noFinding: 1,
    cooccurrence: [
      [3, 2, 1],
      [2, 2, 1],
      [1, 1, 1],
    ],
    views: new Map([
      ["PA", 3],
      ["AP", 1],
    ]),
    sexes: { M: 3, F: 1 },
    // numpy.quantile([9, 10, 13, 100], [0, .25, .5, .75, 1])
    ages: { known: 4, quantiles: [9, 9.75, 11.5, 34.75, 100], decades: [1, 2, 0, 0, 0, 0, 0, 0, 0, 1] },
  });
});

test("of no images there are no quartiles", () => {
  const { ages, imagesPerPatient, counts } = summarise(["Mass"], []);
  expect(ages.quantiles).toBeNull();
  expect(imagesPerPatient).toBeNull();
  expect(counts).toEqual([{ positive: 0, negative: 0, unknown: 0 }]);
});
