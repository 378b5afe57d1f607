/**
 * Two models, or two files of predictions, on the same images: a table for people, an object for programs.
 *
 * Knows: figures. Not how they are computed.
 */

import type { AurocComparison } from "../../evaluation/delong.ts";
import type { BootstrapFigure } from "../../evaluation/replicated.ts";
import type { Predictor } from "./predictor.ts";

/** How two sets of probabilities tell one finding. */
export interface ComparedFigures {
  readonly auroc: { readonly first: number; readonly second: number };
  /** First − second, over patients. */
  readonly difference: BootstrapFigure;
  readonly averagePrecision: { readonly first: number; readonly second: number };
  readonly averagePrecisionDifference: BootstrapFigure;
  /** For independent images: too sure where patients have several. */
  readonly delong: AurocComparison | null;
  /** DeLong's p after Holm, over the findings compared; null where there is no p. */
  readonly holm: number | null;
}

/** A comparison. */
export interface ComparisonReport {
  /** What the report's own predictor, the first, is compared with. */
  readonly second: Predictor;
  /** The images that both have. */
  readonly images: number;
  readonly patients: number;
  /** Those that both have; null figures where a class is missing. */
  readonly findings: readonly { readonly label: string; readonly figures: ComparedFigures | null }[];
  /** Over the findings that have both classes; null where none has. */
  readonly mean: {
    readonly findings: number;
    readonly auroc: { readonly first: number; readonly second: number };
    readonly difference: BootstrapFigure;
    readonly averagePrecision: { readonly first: number; readonly second: number };
    readonly averagePrecisionDifference: BootstrapFigure;
  } | null;
}
