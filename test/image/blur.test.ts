import { expect, test } from "vitest";
import { gaussianBlur } from "../../src/image/blur.ts";
import { fixtureJson } from "../fixtures.ts";

interface Case {
  readonly height: number;
  readonly width: number;
  readonly sigma: number;
  readonly plane: number[];
  readonly blurred: number[];
}

test.each(fixtureJson<{ blurs: Case[] }>("faithfulness/cases.json").blurs)(
  "$height × $width at σ $sigma is SciPy's gaussian_filter",
  ({ height, width, sigma, plane, blurred }) => {
    const found = gaussianBlur(plane, height, width, sigma);
    expect(found).toHaveLength(plane.length);
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(blurred[i]!, 12);
  },
);
