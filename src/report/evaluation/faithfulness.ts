/**
 * Whether heatmaps show what the model used: a table for people, an object for programs.
 *
 * Knows: figures. Not how they are computed.
 */

/** Mean curves and their areas, of one kind of map. */
export interface FaithfulnessFigures {
  /** Mean probability when 0, 1/n, … 1 of the image has been taken away, hottest first. */
  readonly deletion: readonly number[];
  /** Mean probability when as much has been given back, hottest first. */
  readonly insertion: readonly number[];
  /** Area under the deletion curve, 0 to 1: lower is better. */
  readonly deletionArea: number;
  /** Area under the insertion curve, 0 to 1: higher is better. */
  readonly insertionArea: number;
}

/** Of the model's maps, and of two that have seen nothing of the image. */
export type FaithfulnessByMap = Readonly<Record<"model" | "random" | "centre", FaithfulnessFigures>>;

/** What was measured, over pairs of image and finding that is present. */
export interface FaithfulnessReport {
  readonly method: string;
  readonly layer: string;
  /** Parts that an image is taken away in. */
  readonly steps: number;
  readonly findings: readonly {
    readonly label: string;
    readonly pairs: number;
    readonly maps: FaithfulnessByMap;
  }[];
  readonly overall: { readonly pairs: number; readonly maps: FaithfulnessByMap };
}
