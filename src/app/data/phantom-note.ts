/**
 * The note in a folder of phantoms that says how they were drawn.
 *
 * Knows: where `phantom.json` is. Not how phantoms are drawn.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { PHANTOM_NOTE, type PhantomNote, parsePhantomNote } from "../../dataset/phantom/note.ts";
import { inFile } from "../../errors.ts";
import { readWhole } from "../../node/files.ts";

/**
 * Read a folder's note.
 *
 * @returns  Undefined if there is none, and the images are not drawn.
 * @throws   XrayError `truth/bad-note` if it does not say how they were drawn.
 */
export async function readPhantomNote(folder: string): Promise<PhantomNote | undefined> {
  const note = join(folder, PHANTOM_NOTE);
  if (!existsSync(note)) return undefined;
  try {
    return parsePhantomNote(new TextDecoder().decode(await readWhole(note, 1_000_000)));
  } catch (error) {
    throw inFile(note, error);
  }
}
