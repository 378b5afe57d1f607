/**
 * Where probabilities come from.
 *
 * Knows: names.
 */

import { about, type Of, object, oneOf, text } from "../schema/schema.ts";

export const PREDICTOR = object({
  kind: oneOf(["predictions", "model"]),
  name: about("The name of a file or of a model.", text()),
  sha256: about("SHA-256 of the file.", text()),
});

/** Where probabilities come from: the name of a file or of a model, and the file's SHA-256. */
export type Predictor = Of<typeof PREDICTOR>;
