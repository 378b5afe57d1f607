/** What reads the labels of a file's rows, whichever way the file holds them. Knows: rows. */

/** Reads the labels of rows. */
export interface LabelReader {
  readonly labels: readonly string[];
  /** 1, 0 or NaN for each label. Equal rows share one array. */
  read(fields: readonly string[], line: number): Float32Array;
  /** After the last row: what there is to say. */
  finish(): readonly string[];
}
