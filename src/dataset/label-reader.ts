/** How the labels of a table are read, row by row, whatever its form. */

/** Reads one row's labels, and says in the end what there is to say of all rows. */
export interface LabelReader {
  readonly labels: readonly string[];
  /** Fields that a row must have. */
  readonly columns: number;
  /** 1, 0 or NaN for each label. `row` counts from 0. */
  read(fields: readonly string[], row: number): Float32Array;
  notes(): readonly string[];
}
