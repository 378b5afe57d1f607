/**
 * A picture file without faults that no sample depends on.
 *
 * Knows: nothing.
 */

export interface Mended {
  readonly bytes: Uint8Array;
  /** What was wrong, in words for people; at least one. */
  readonly faults: readonly string[];
}
