/**
 * Single images that a report shows: what was found best, and what was missed worst.
 *
 * Knows: plain data.
 */

/** One image, for one finding. */
export interface Example {
  readonly image: string;
  /** 0 to 1. */
  readonly probability: number;
  /** A JPEG of the X-ray beneath its heatmap; undefined where there is no model to make one. */
  readonly picture?: Uint8Array;
}

/** One finding's examples, each list with its most telling image first. */
export interface FindingExamples {
  readonly label: string;
  /** Images with the finding and the lowest probabilities. */
  readonly misses: readonly Example[];
  /** Images without it and the highest probabilities. */
  readonly falseAlarms: readonly Example[];
  /** Images with it and the highest probabilities. */
  readonly hits: readonly Example[];
}
