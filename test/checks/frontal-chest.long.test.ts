/** The checks of pixels on real X-rays, each in every pose. */

import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { thumbnail } from "../../src/checks/thumbnail.ts";
import { type Grey, invertedGrey, turned } from "./grey.ts";
import { checked, filesOf, open, outcome, reason } from "./grey-files.ts";

const SAMPLE = new URL("../../../shared/data/nih-sample/images/", import.meta.url);

test.skipIf(!existsSync(SAMPLE))(
  "of 124 X-rays, at least 99 % pass upright and are warned about inverted or turned; none is refused or badly exposed (needs NIH's sample in ../shared/data)",
  { timeout: 300_000 },
  async () => {
    const files = filesOf(SAMPLE);
    expect(files).toHaveLength(124);
    const passed = { upright: 0, inverted: 0, 1: 0, 2: 0, 3: 0 };
    const passes = (picture: Grey) => Number(outcome(picture, "frontal-chest") === "pass");
    for (const file of files) {
      const picture = await open(file);
      const checks = checked(picture);
      const outcomes = checks.map((check) => check.outcome);
      expect([file.pathname, ...outcomes]).not.toContain("refuse");
      expect(outcomes[2]).toBe("pass");
      passed.upright += Number(checks.find(({ check }) => check === "frontal-chest")!.outcome === "pass");
      const square: Grey = { width: 32, height: 32, grey: Uint8Array.from(thumbnail(picture), Math.round) };
      passed.inverted += passes(invertedGrey(square));
      for (const turns of [1, 2, 3] as const) passed[turns] += passes(turned(square, turns));
    }
    expect(passed.upright / files.length).toBeGreaterThanOrEqual(0.99);
    for (const key of ["inverted", 1, 2, 3] as const) {
      expect(passed[key] / files.length).toBeLessThanOrEqual(0.01);
    }
  },
);

test.skipIf(!existsSync(SAMPLE))(
  "the X-ray that was published inverted is warned about by both checks (needs NIH's sample in ../shared/data)",
  async () => {
    const published = await open(new URL("00017625_000.png", SAMPLE));
    expect(reason(published, "frontal-chest")).toMatch(/^The picture looks inverted \(score /);
    expect(outcome(published, "inverted")).toBe("warn");
    expect(checked(invertedGrey(published)).map((check) => check.outcome)).toEqual(["pass", "pass", "pass"]);
  },
);
