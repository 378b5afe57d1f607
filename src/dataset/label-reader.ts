/**
 * The common interface of readers of labels, whichever way a file holds them.
 *
 * Knows: rows.
 */

/** Reads the labels of rows. */
export interface LabelReader {
  readonly labels: readonly string[];
  /** 1, 0 or NaN (unknown) for each label. Rows with equal labels may share one array: do not modify it. */
  read(fields: readonly string[], line: number): Float32Array;
  /** Call after the last row. Returns notes on how labels were read. */
  finish(): readonly string[];
}
