/**
 * What a folder says of its images, where they are drawn.
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
 * @returns  Undefined where there is none: its images are not drawn.
 * @throws   XrayError `truth/bad-note` where it does not say how they were drawn.
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
