/**
 * The note in a folder of phantoms that says how they were drawn: `phantom.json`.
 *
 * Knows: plain data. Not files.
 */

import { about, above, checkText, type Of, object, passedOver, text, whole } from "../../schema/schema.ts";

/** Name of the file that says that a folder's images are phantoms, and how they were drawn. */
export const PHANTOM_NOTE = "phantom.json";

/** Notes of every version are read. Only the size is required. */
export const DRAWN_NOTE = object({
  schema: passedOver(text()),
  notice: passedOver(text()),
  version: passedOver(about("Version of the drawing. Other versions draw different images.", whole(1))),
  seed: passedOver(about("Random seed. The same seed draws the same patients at every size.", whole(0))),
  size: about("Width and height in pixels.", above(0)),
});

/** How a folder's phantoms were drawn. */
export type PhantomNote = Of<typeof DRAWN_NOTE>;

/** Read a note. Throws XrayError `truth/bad-note`, which names what is wrong. */
export const parsePhantomNote = (json: string): PhantomNote =>
  checkText(DRAWN_NOTE, json, {
    code: "truth/bad-note",
    what: "it does not say how the phantoms were drawn",
    wayOn: "draw them again",
  });
