/**
 * Claims and opens the parts of a state folder.
 *
 * Knows: the file system.
 */

import { dirname, join, resolve } from "node:path";
import { type Claim, claimFolder } from "../../../node/claim.ts";
import { fileError, removeLeftovers } from "../../../node/files.ts";
import { makePrivateFolder } from "../../../node/make-folder.ts";
import type { ArchiveMark } from "./archive-mark.ts";
import { DurableFolder } from "./durable-folder.ts";
import type { ModelFacts } from "./events.ts";
import type { Journal } from "./journal.ts";
import { KeptResults } from "./kept-results.ts";
import type { Memory } from "./memory.ts";
import { journalPath, openJournal } from "./open-journal.ts";
import { syncFolder } from "./sync-folder.ts";

export interface StateOptions {
  /** Names the model, the options and the program's version. */
  readonly identity: string;
  /** The same for people. */
  readonly about?: ModelFacts;
  /** Where images come from. */
  readonly archive: ArchiveMark;
  /** Whether the folder's archive has another address than before. */
  readonly hasMoved?: boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Lines that may be useless before the journal is made shorter. */
  readonly mostUseless?: number;
}

export interface StateParts {
  readonly claim: Claim;
  readonly journal: Journal;
  readonly memory: Memory;
  readonly kept: KeptResults;
  readonly received: DurableFolder;
}

/**
 * Open a state folder, which is made if it is missing.
 *
 * @param mostUseless  Lines that may be useless before the journal is made shorter.
 * @throws             XrayError `file/in-use`, `file/…`, `pacs/bad-state`.
 */
export async function openParts(folder: string, mostUseless: number | undefined): Promise<StateParts> {
  try {
    makePrivateFolder(folder);
    syncFolder(dirname(resolve(folder)));
  } catch (error) {
    throw fileError(folder, error);
  }
  const claim = claimFolder(folder, join(folder, "claim"));
  try {
    await removeLeftovers(folder);
    const kept = new KeptResults(await DurableFolder.open(join(folder, "kept")));
    const received = await DurableFolder.open(join(folder, "received"));
    return { claim, kept, received, ...(await openJournal(journalPath(folder), mostUseless)) };
  } catch (error) {
    claim.release();
    throw fileError(folder, error);
  }
}
