/**
 * What a folder says of its images, where they are drawn: `phantom.json`.
 *
 * Knows: plain data. Not files.
 */

import { about, above, checkText, type Of, object, passedOver, text, whole } from "../../schema/schema.ts";

/** The file that says that a folder's images are drawn, and how. */
export const PHANTOM_NOTE = "phantom.json";

/** Notes of every version are read: only the size must be there. */
export const DRAWN_NOTE = object({
  schema: passedOver(text()),
  notice: passedOver(text()),
  version: passedOver(about("Of the drawing: another version draws other images.", whole(1))),
  seed: passedOver(about("The same seed draws the same patients, at any size.", whole(0))),
  size: about("Width and height in pixels.", above(0)),
});

/** How a folder's phantoms were drawn. */
export type PhantomNote = Of<typeof DRAWN_NOTE>;

/** Read a note. Throws XrayError `truth/bad-note` that names what is wrong. */
export const parsePhantomNote = (json: string): PhantomNote =>
  checkText(DRAWN_NOTE, json, {
    code: "truth/bad-note",
    what: "it does not say how the phantoms were drawn; draw them again",
  });
