/**
 * The notices that accompany every result: what it is for, and what its model has never seen.
 *
 * Knows: a model's card. Not how results are shown.
 */

import type { ModelCard } from "./card.ts";

export const NOTICE = "For research and education only. Not a medical device; not for diagnosis.";

/**
 * The notice for a model that learned its findings from phantoms, whatever it started from and whatever it is shown.
 */
export const PHANTOM_NOTICE =
  "This model knows its findings from drawn phantoms only: what it says of an X-ray or a photograph means nothing.";

/** The notices for results of a model, most specific first. */
export const noticesOf = ({ trainedOn }: ModelCard): readonly string[] =>
  trainedOn === "phantoms" ? [PHANTOM_NOTICE, NOTICE] : [NOTICE];
