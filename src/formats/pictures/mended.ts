/**
 * A picture file from which faults have been removed that no sample depends on.
 *
 * Knows: no format.
 */

export interface Mended {
  readonly bytes: Uint8Array;
  /** What was wrong, as phrases for a note; at least one. */
  readonly faults: readonly string[];
}
