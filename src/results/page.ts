/**
 * What a place that serves the page says about it: `page.json`, which lies beside the page.
 *
 * Knows: plain data.
 */

import { CARD } from "../models/card.ts";
import { about, just, list, maybe, type Of, object, oneOf, text, whole } from "../schema/schema.ts";

/** Where the page may compute: in the browser alone, or also on the server if its user chooses that. */
export const PAGE_COMPUTE = ["browser", "both"] as const;

export type PageCompute = (typeof PAGE_COMPUTE)[number];

const MODEL = object({
  name: about("The model's name in results.", text()),
  file: about("URL of the model's file, relative to the page.", text()),
  sha256: about("SHA-256 of the file, in hexadecimal.", text()),
  bytes: about("Size of the file.", whole(0)),
  card: maybe(about("What is known about the model in addition to its file, as in a sidecar.", CARD)),
});

const EXAMPLE = object({
  name: about("What to call the image.", text()),
  file: about("URL of the image, relative to the page.", text()),
  note: about("What the image shows, and where it comes from.", text()),
});

/** An example image that the page offers. */
export type PageExample = Of<typeof EXAMPLE>;

/** What `GET api/examples` answers. */
export const PAGE_EXAMPLES = list(EXAMPLE);

export const PAGE = object({
  schema: just("medical-x/page@1"),
  version: about("The version of Medical-X.", text()),
  model: MODEL,
  examples: PAGE_EXAMPLES,
  compute: about(
    "`browser` if images are computed in the browser alone; `both` if the user may choose the server.",
    oneOf(PAGE_COMPUTE),
  ),
});

/** What `page.json` says. */
export type PageJson = Of<typeof PAGE>;
