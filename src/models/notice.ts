/**
 * What is said with every result: what it is for, and what its model has never seen.
 *
 * Knows: a model's card. Not how results are laid out.
 */

import type { ModelCard } from "./card.ts";

export const NOTICE = "For research and education only. Not a medical device; not for diagnosis.";

/** Said of a model that learned its findings from phantoms, whatever it started from and whatever it is shown. */
export const PHANTOM_NOTICE =
  "This model knows its findings from drawn phantoms only: what it says of an X-ray or a photograph means nothing.";

/** The sentences that go with results of a model, the most particular first. */
export const noticesOf = ({ trainedOn }: ModelCard): readonly string[] =>
  trainedOn === "phantoms" ? [PHANTOM_NOTICE, NOTICE] : [NOTICE];
