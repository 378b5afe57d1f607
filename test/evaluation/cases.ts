/** Reference numbers from scripts/reference/metrics.py. */

import { readdirSync } from "node:fs";
import { expect } from "vitest";
import type { DiagnosticFigures } from "../../src/evaluation/diagnostic-figures.ts";
import type { OperatingPoint } from "../../src/evaluation/operating-points.ts";
import type { Binning } from "../../src/evaluation/reliability.ts";
import { Random } from "../../src/random.ts";
import { fixtureJson } from "../fixtures.ts";

export interface MetricsCase {
  readonly name: string;
  readonly scores: Float64Array;
  /** NaN if unknown. */
  readonly truths: Float32Array;
  readonly auroc: number | null;
  /** Without the threshold above all scores. */
  readonly curve: { readonly thresholds: number[]; readonly fpr: number[]; readonly tpr: number[] } | null;
  readonly average_precision: number | null;
  /** Thresholds falling, without the one above all scores. */
  readonly precision_recall: {
    readonly thresholds: number[];
    readonly precision: number[];
    readonly recall: number[];
  } | null;
  readonly brier: number | null;
  /** Null where scores are no probabilities, and where there are none. */
  readonly calibration:
    | readonly (Binning & { readonly bins: readonly BinRow[]; readonly ece: number })[]
    | null;
  readonly confusions: readonly {
    readonly threshold: number;
    /** TP, FP, TN, FN. */
    readonly counts: readonly number[];
    readonly figures: DiagnosticFigures;
  }[];
  readonly youden: OperatingPoint | null;
  readonly f1_point: OperatingPoint | null;
  /** By target sensitivity, and by target specificity. */
  readonly targets: Readonly<Record<string, OperatingPoint | null>>;
  readonly specificities: Readonly<Record<string, OperatingPoint | null>>;
}

type BinRow = readonly [count: number, meanProbability: number | null, observedShare: number | null];

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

/** Equal within 1e-12, or both null. */
export function expectNear(actual: number | null, expected: number | null): void {
  if (actual === null || expected === null) expect(actual).toBe(expected);
  else expect(Math.abs(actual - expected)).toBeLessThan(1e-12);
}

/** 40 coarse scores from 0 to 1 with truths, a fifth of them unknown. */
export function drawn(seed: number) {
  const random = Random.of(seed, "roc");
  const scores = Float32Array.from({ length: 40 }, () => random.int(12) / 12);
  const truths = Float32Array.from({ length: 40 }, () => [0, 1, 0, 1, Number.NaN][random.int(5)]!);
  return { scores, truths };
}

/** The same examples in another order. */
export function shuffled({ scores, truths }: ReturnType<typeof drawn>, seed: number) {
  const order = Random.of(seed).permutation(scores.length);
  return {
    scores: Float32Array.from(order, (i) => scores[i]!),
    truths: Float32Array.from(order, (i) => truths[i]!),
  };
}
