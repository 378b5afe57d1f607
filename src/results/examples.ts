/**
 * Single images that a report shows: what was found best, and what was missed worst.
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
  /** A JPEG of the X-ray beneath its heatmap; undefined where there is no model to make one. */
  readonly picture?: Uint8Array;
}

/** What an example shows. */
export const EXAMPLE_KINDS = ["misses", "falseAlarms", "hits"] as const;

export type ExampleKind = (typeof EXAMPLE_KINDS)[number];

/**
 * One finding's examples, each list with its most telling image first: images with the finding below the threshold, lowest
 * first; without it and at or over the threshold, highest first; with it and at or over, highest first.
 */
export interface FindingExamples extends Readonly<Record<ExampleKind, readonly Example[]>> {
  readonly label: string;
  /** 0 to 1. */
  readonly threshold: number;
  /** Whether it is Youden's, of these very images, for want of an operating point. */
  readonly isFitted: boolean;
}
