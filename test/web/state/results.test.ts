import { expect, test } from "vitest";
import { FINDING_NAMES } from "../../../src/findings.ts";
import { fromBase64, toBase64 } from "../../../web/state/base64.ts";
import { resultOf, resultsOf } from "../../../web/state/results.ts";
import { INITIAL_THRESHOLDS } from "../../../web/state/thresholds.ts";
import { schemaErrors } from "../../support/json-schema.ts";
import { failedItem, item, readItem } from "./items.ts";

const points = Object.fromEntries(FINDING_NAMES.map((name) => [name, name === "Mass" ? 0.05 : 0.95]));
const half = { thresholds: INITIAL_THRESHOLDS, points };

test("results stand in the order of dropping, repeats and failures included, without those that wait", () => {
  const items = [readItem(3, {}, "a.png"), item(2), readItem(0, {}, "a.png"), failedItem(1)];
  const results = resultsOf(items, half);
  expect(results.map(({ image }) => image)).toEqual(["a.png", "1.png", "a.png"]);
  expect(results[1]).toEqual({
    schema: "medical-x/prediction@1",
    image: "1.png",
    error: { code: "dicom/damaged", message: "broken" },
  });
});

test("heatmaps are base64 of little-endian float32", () => {
  const [result] = resultsOf([readItem(0)], half);
  // Python: base64.b64encode(struct.pack("<4f", 0, 0.5, 1, -2))
  const data = "AAAAAAAAAD8AAIA/AAAAwA==";
  expect(result?.heatmaps).toEqual({ shape: [1, 2, 2], region: [0, 0, 8, 8], data });
});

test("base64 keeps every float, also of long arrays", () => {
  const values = Float32Array.from({ length: 9_000 }, (_, i) => Math.fround(Math.sin(i) * 10 ** (i % 30)));
  expect(fromBase64(toBase64(values))).toEqual(values);
});

test("detection follows the threshold that is chosen for all findings, and says which it is", () => {
  const read = readItem(0, { Effusion: 0.5, Nodule: 0.49 });
  const byHalf = resultOf(read, half);
  expect(byHalf).toMatchObject({ threshold: 0.5, detected: ["Effusion"] });
  expect(byHalf).not.toHaveProperty("thresholds");
  const byCard = resultOf(read, { thresholds: { base: "card", moved: {} }, points });
  expect(byCard).toMatchObject({ threshold: "card", thresholds: points, detected: ["Mass"] });
});

test("a threshold that was moved for a try is no part of a result", () => {
  const thresholds = { base: "half", moved: { Mass: 0.01 } } as const;
  expect(resultOf(readItem(0), { thresholds, points })).toMatchObject({ threshold: 0.5, detected: [] });
});

test("every result fits its schema", () => {
  const card = { thresholds: { base: "card", moved: {} }, points } as const;
  for (const deciding of [half, card]) {
    for (const one of [readItem(0), failedItem(1)])
      expect(schemaErrors("prediction", resultOf(one, deciding))).toEqual([]);
  }
});
