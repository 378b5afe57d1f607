import { expect, test } from "vitest";
import { kernelOf, WEIGHT_MAX, weightCodes } from "../../../src/models/quantise/codes.ts";

test("the largest weight becomes the largest code, and the others are rounded", () => {
  const { codes, scale } = weightCodes(Float32Array.of(-2, 1, 0.02, 0));
  expect([...codes]).toEqual([-64, 32, 1, 0]);
  expect(scale).toBe(2 / WEIGHT_MAX);
});

test("weights that are all 0 have codes of 0", () => {
  expect(weightCodes(new Float32Array(3))).toEqual({ codes: new Int8Array(3), scale: 0 });
});

/** What a channel computes of a sum over one code of x. */
const value = ({ codes, scales, offsets }: ReturnType<typeof kernelOf>, m: number, x: number, unit: number) =>
  (codes[m]! * x + offsets[m]!) * scales[m]! * unit;

test("slopes of both signs, of 0, and biases beside which they are tiny give y = slope · weight · x + bias", () => {
  const row = weightCodes(Float32Array.of(0.5));
  const channels = [
    { slope: 3, bias: 0.125 },
    { slope: -3, bias: 40 },
    { slope: 0, bias: 7 },
    { slope: 0, bias: 0 },
    { slope: 1e-20, bias: -5 },
    { slope: 1e-9, bias: 1e6 },
  ].map((channel) => ({ ...channel, row }));
  const unit = 0.25;
  const kernel = kernelOf(channels, unit);
  for (const [m, { slope, bias }] of channels.entries()) {
    expect(kernel.scales[m]).toBeGreaterThan(0);
    expect(Math.abs(kernel.offsets[m]!)).toBeLessThanOrEqual(2 ** 30);
    for (const x of [0, 100, 255]) {
      const exact = slope * 0.5 * x * unit + bias;
      // Half a unit of the bias, or half of a code's worth.
      expect(Math.abs(value(kernel, m, x, unit) - exact), `${slope} ${bias} ${x}`).toBeLessThanOrEqual(
        kernel.scales[m]! * unit * 0.51 + 2e-6 * Math.abs(exact),
      );
    }
  }
});

test("an unused channel of weights 0 keeps its bias", () => {
  const kernel = kernelOf([{ row: weightCodes(new Float32Array(1)), slope: 2, bias: -1.5 }], 1);
  expect(value(kernel, 0, 200, 1)).toBeCloseTo(-1.5, 6);
});
