/**
 * Individual images that a report shows: the best hits and the worst errors.
 *
 * Knows: plain data.
 */

/** A picture of an example. */
export interface ExamplePicture {
  /** A JPEG of the X-ray with its heatmap. */
  readonly jpeg: Uint8Array;
  /** How the heatmap was made, and how well such heatmaps point if that has been measured, in words. */
  readonly remarks: readonly string[];
}

/** One image, for one finding. */
export interface Example {
  readonly image: string;
  /** Its place among the evaluated images. */
  readonly index: number;
  /** 0 to 1. */
  readonly probability: number;
  /**
   * The heatmap that the report judges and, where it is another, the one that the model's card names; undefined if there
   * is no model to draw them.
   */
  readonly pictures?: readonly ExamplePicture[];
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
