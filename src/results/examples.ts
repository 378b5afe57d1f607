/**
 * Individual images that a report shows: the best hits and the worst errors.
 *
 * Knows: plain data.
 */

/** One image, for one finding. */
export interface Example {
  readonly image: string;
  /** Its place among the evaluated images. */
  readonly index: number;
  /** 0 to 1. */
  readonly probability: number;
  /** A JPEG of the X-ray with its heatmap; undefined if there is no model to draw one. */
  readonly picture?: Uint8Array;
}

/** What an example shows. */
export const EXAMPLE_KINDS = ["misses", "falseAlarms", "hits"] as const;

export type ExampleKind = (typeof EXAMPLE_KINDS)[number];

/**
 * Examples of one finding. Misses are images with the finding below the threshold, lowest first. False alarms are images
 * without it at or above the threshold, highest first. Hits are images with it at or above the threshold, highest first.
 */
export interface FindingExamples extends Readonly<Record<ExampleKind, readonly Example[]>> {
  readonly label: string;
  /** 0 to 1. */
  readonly threshold: number;
  /** Whether the threshold is Youden's, fitted to these images because there is no operating point. */
  readonly isFitted: boolean;
}
