/**
 * What is reported of one image, whatever the format.
 *
 * Knows: plain data.
 */

import type { Activation } from "../models/activation.ts";

/** Detection thresholds: one for all findings, or the model card's per finding. */
export type Threshold = number | "card";

/** A finished result. Records are keyed by label. */
export interface Result {
  readonly image: string;
  readonly model: {
    readonly name: string;
    readonly sha256: string;
    readonly labels: readonly string[];
    readonly labelSource: string;
    /** How its calibration was fitted, where it has one. */
    readonly calibration?: string;
    /** What its logits became. */
    readonly activation: Activation;
    /** What is to be said of how its file was read: what was found, assumed or left out. */
    readonly notes: readonly string[];
  };
  readonly labels: readonly string[];
  readonly threshold: Threshold;
  /** Each label's threshold. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** Labels at or over their threshold, in the model's order. */
  readonly detected: readonly string[];
  /** What a label file says of the image, where one was given: 1, 0, or null where it is not known. */
  readonly truth?: Readonly<Record<string, 1 | 0 | null>>;
  readonly probabilities: Readonly<Record<string, number>>;
  /** By the model's calibration, where it has one, of the labels that it has; thresholds are on `probabilities`. */
  readonly calibrated?: Readonly<Record<string, number>>;
  readonly logits: Readonly<Record<string, number>>;
  readonly preparation: readonly string[];
  /** What is worth knowing about how the image was read; none is usual. */
  readonly notes: readonly string[];
  readonly gradcam: readonly {
    readonly finding: string;
    readonly file: string;
    readonly method: string;
    readonly layer: string;
  }[];
  readonly notice: string;
}

/** An image that could not be done. */
export interface Failure {
  readonly image: string;
  readonly error: { readonly code: string; readonly message: string };
}

export const isFailure = (outcome: Result | Failure): outcome is Failure => "error" in outcome;
