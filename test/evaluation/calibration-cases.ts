/** Reference numbers from scripts/reference/calibration.py. */

import { readdirSync } from "node:fs";
import { fixtureJson } from "../fixtures.ts";

interface Probed {
  /** For the probes. */
  readonly probabilities: readonly number[];
}

interface ExpectedPlatt extends Probed {
  readonly slope: number;
  readonly intercept: number;
}

/** Null if there is no such calibration. */
interface Expected {
  readonly temperature: (Probed & { readonly temperature: number }) | null;
  readonly smoothed: ExpectedPlatt | null;
  readonly plain: ExpectedPlatt | null;
  readonly isotonic: (Probed & { readonly scores: number[]; readonly values: number[] }) | null;
}

export interface CalibrationCase extends Expected {
  readonly name: string;
  readonly logits: Float64Array;
  /** NaN if unknown. */
  readonly truths: Float32Array;
  /** Some of the logits, and points between and beyond them. */
  readonly probes: Float64Array;
}

type Written = Expected & {
  readonly logits: number[];
  readonly truths: (number | null)[];
  readonly probes: number[];
};

export const CALIBRATION_CASES: readonly CalibrationCase[] = readdirSync(
  new URL("../../fixtures/calibration/", import.meta.url),
)
  .sort()
  .map((file) => {
    const written = fixtureJson<Written>(`calibration/${file}`);
    return {
      ...written,
      name: file.replace(".json", ""),
      logits: Float64Array.from(written.logits),
      truths: Float32Array.from(written.truths, (truth) => truth ?? Number.NaN),
      probes: Float64Array.from(written.probes),
    };
  });
