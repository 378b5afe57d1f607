/**
 * Notes on how files were read, kept beside the records made from those files.
 *
 * Knows: a folder. Not what the notes are about.
 */

import { join } from "node:path";
import { SideFile } from "./side-file.ts";

const NAME = "notes.ndjson";

/** Notes by the keys of a store's records. */
export class NoteFile extends SideFile<string> {
  /**
   * @param folder  The store's folder, which must exist.
   * @throws        XrayError `file/not-accessible`.
   */
  constructor(folder: string) {
    super(join(folder, NAME), (value) => (typeof value === "string" ? value : undefined));
  }
}
