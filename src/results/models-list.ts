/**
 * The models that a name stands for.
 *
 * Knows: plain data.
 */

import { CARD } from "../models/card.ts";
import { CHECK, USES } from "../models/catalogue.ts";
import { about, list, maybe, type Of, object, oneOf, orNull, text, yesOrNo } from "../schema/schema.ts";

/** One model, with what its card says. */
const LISTED_MODEL = object({
  name: about("The name to give to other commands.", text()),
  title: about("What the model is, in words.", text()),
  use: about("`findings` can predict; `backbone` can only be trained further.", oneOf(USES)),
  url: about("Where its publisher has the file; null if it comes with the package.", orNull(text())),
  pulled: about("Whether the file is on this machine.", yesOrNo()),
  check: maybe(about("How a download is verified; absent if there is no download.", CHECK)),
  ...CARD.entries,
});

export type ListedModel = Of<typeof LISTED_MODEL>;

/** What `models list --format json` prints. */
export const MODELS_LIST = list(LISTED_MODEL);
