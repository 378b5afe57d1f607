import { expect, test } from "vitest";
import { normaliseXrv } from "../../src/image/normalise.ts";
import { parsePreparation } from "../../src/image/preparation.ts";
import { prepareImage } from "../../src/image/prepare.ts";
import { resizeSkimage } from "../../src/image/resize-skimage.ts";
import { elementsFromBytes } from "../../src/tensor.ts";
import { fixtureJson, fromBase64 } from "../fixtures.ts";
import { type Pattern, pattern } from "./pattern.ts";

interface SkimageCase {
  readonly name: string;
  readonly kind: Pattern;
  readonly seed: number;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  /** The rows and columns of the result that `base64` holds, as float32. */
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly crop?: boolean;
  readonly base64: string;
}

/** For values from −1024 to 1024. */
const TOLERANCE = 1e-3;

const XRV = parsePreparation([
  { step: "grey" },
  { step: "normalise", scheme: "xrv" },
  { step: "center-square" },
  { step: "resize", width: 224, height: 224, resample: "skimage" },
]);

function resized({ kind, seed, from: [width, height], to, crop }: SkimageCase): Float32Array {
  const data = pattern(kind, seed, width * height);
  if (crop) return prepareImage({ width, height, channels: 1, data, steps: [], notes: [] }, XRV).input;
  return resizeSkimage({ width, height, data: normaliseXrv(data) }, to[0], to[1]).data;
}

const { cases } = fixtureJson<{ cases: SkimageCase[] }>("image/skimage.json");

test.each(cases)("resizing equals scikit-image's within a thousandth of 1024 levels: $name", (item) => {
  const [width, height] = item.to;
  const values = resized(item);
  expect(values.length).toBe(width * height);
  const expected = elementsFromBytes("float32", fromBase64(item.base64));
  expect(expected.length).toBe(item.rows.length * item.columns.length);
  const worst = { difference: 0, row: 0, column: 0, expected: 0, actual: 0 };
  for (const [i, row] of item.rows.entries()) {
    for (const [j, column] of item.columns.entries()) {
      const [want, actual] = [expected[i * item.columns.length + j]!, values[row * width + column]!];
      const difference = Math.abs(want - actual);
      if (!(difference <= worst.difference))
        Object.assign(worst, { difference, row, column, expected: want, actual });
    }
  }
  expect(worst.difference, JSON.stringify(worst)).toBeLessThanOrEqual(TOLERANCE);
});
