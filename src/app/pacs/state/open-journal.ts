/**
 * Opens the journal of a state folder, and makes it shorter where a third of its lines are of no use any more.
 *
 * Knows: the journal's file.
 */

import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileError, leftoverName } from "../../../node/files.ts";
import { JOURNAL_VERSION, type StateEvent } from "./events.ts";
import { Journal } from "./journal.ts";
import { Memory } from "./memory.ts";
import { syncFolder } from "./sync-folder.ts";

/** A journal, and what it says. */
export interface OpenJournal {
  readonly journal: Journal;
  readonly memory: Memory;
}

/** Where the journal of a state folder is. */
export const journalPath = (folder: string): string => join(folder, "journal.ndjson");

/** A journal with fewer useless lines than this is left as it is. */
const MOST_USELESS = 10_000;
/** Write the lines that are needed to a file that then replaces the journal. Throws XrayError `file/…`. */
function compact(path: string, memory: Memory): void {
  const aside = leftoverName(path);
  try {
    const file = openSync(aside, "wx", 0o600);
    try {
      Journal.read(path, (event, offset) => {
        if (memory.isLive(event, offset)) writeFileSync(file, `${JSON.stringify(event)}\n`);
      });
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(aside, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(aside, { force: true });
    throw fileError(path, error);
  }
}

async function openOnce(path: string): Promise<OpenJournal & { readonly lines: number }> {
  const memory = new Memory();
  let lines = 0;
  const journal = await Journal.open(path, (event, offset) => {
    lines += 1;
    memory.apply(event, offset);
  });
  return { journal, memory, lines };
}

/**
 * Open a journal for writing. The folder must be claimed.
 *
 * @param mostUseless  Lines that may be useless before the journal is made shorter.
 * @throws             XrayError `pacs/bad-state`, `file/…`.
 */
export async function openJournal(path: string, mostUseless = MOST_USELESS): Promise<OpenJournal> {
  const first = await openOnce(path);
  if (first.lines === 0) {
    const event: StateEvent = { event: "state", version: JOURNAL_VERSION };
    first.memory.apply(event, first.journal.add(event));
  }
  let live = 0;
  if (first.lines > mostUseless)
    Journal.read(path, (event, offset) => {
      if (first.memory.isLive(event, offset)) live += 1;
    });
  const useless = first.lines - live;
  if (first.lines <= mostUseless || useless <= mostUseless || useless * 3 <= first.lines) return first;
  await first.journal.close();
  compact(path, first.memory);
  return openOnce(path);
}

/** Read a journal to which another process may be writing. Throws XrayError `pacs/bad-state`, `file/…`. */
export function readJournal(path: string): Memory {
  const memory = new Memory();
  Journal.read(path, (event, offset) => memory.apply(event, offset));
  return memory;
}
