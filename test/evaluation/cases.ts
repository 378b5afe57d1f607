/** What scripts/reference/metrics.py wrote. */

import { readdirSync } from "node:fs";
import type { OperatingPoint } from "../../src/evaluation/operating-points.ts";
import { fixtureJson } from "../fixtures.ts";

export interface MetricsCase {
  readonly name: string;
  readonly scores: Float64Array;
  /** NaN where nothing is known. */
  readonly truths: Float32Array;
  readonly auroc: number | null;
  /** Without the threshold above all scores. */
  readonly curve: { readonly thresholds: number[]; readonly fpr: number[]; readonly tpr: number[] } | null;
  readonly youden: OperatingPoint | null;
  readonly targets: Readonly<Record<string, OperatingPoint | null>>;
}

type Written = Omit<MetricsCase, "name" | "scores" | "truths"> & {
  readonly scores: number[];
  readonly truths: (number | null)[];
};

export const METRICS_CASES: readonly MetricsCase[] = readdirSync(
  new URL("../../fixtures/metrics/", import.meta.url),
)
  .sort()
  .map((file) => {
    const written = fixtureJson<Written>(`metrics/${file}`);
    const truths = Float32Array.from(written.truths, (truth) => truth ?? Number.NaN);
    return {
      ...written,
      name: file.replace(".json", ""),
      scores: Float64Array.from(written.scores),
      truths,
    };
  });
