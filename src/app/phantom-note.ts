/**
 * What a folder says of its images, where they are drawn.
 *
 * Knows: `phantom.json`. Not how phantoms are drawn.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { XrayError } from "../errors.ts";
import { readWhole } from "../node/files.ts";
import { PHANTOM_NOTE } from "./phantom-jobs.ts";

/** How a folder's phantoms were drawn. */
export interface PhantomNote {
  /** The same seed draws the same patients, at any size; undefined where the note does not say. */
  readonly seed: number | undefined;
  /** Width and height in pixels. */
  readonly size: number;
}

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
    const { seed, size } = JSON.parse(new TextDecoder().decode(await readWhole(note, 1_000_000)));
    if (typeof size === "number" && size > 0)
      return { seed: typeof seed === "number" ? seed : undefined, size };
  } catch (error) {
    if (error instanceof XrayError) throw error;
  }
  throw new XrayError(
    "truth/bad-note",
    `${note}: it does not say how large the phantoms are; draw them again`,
    { file: note },
  );
}
