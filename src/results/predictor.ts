/**
 * What probabilities are from.
 *
 * Knows: names.
 */

/** What probabilities are from: the name of a file or of a model, and the file's SHA-256. */
export interface Predictor {
  readonly kind: "predictions" | "model";
  readonly name: string;
  readonly sha256: string;
}
