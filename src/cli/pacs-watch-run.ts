/**
 * Runs `medical-x pacs watch`.
 *
 * Knows: stdout, stderr, signals and exit codes. `app/pacs/watch/` does the work.
 *
 * Studies are named by their number in the state folder: no UID is printed.
 */

import { parseMatch } from "../app/pacs/watch/match.ts";
import { type ArchiveChoice, watch } from "../app/pacs/watch/watch.ts";
import { asXrayError, XrayError } from "../errors.ts";
import { noticesOf } from "../models/notice.ts";
import { collectLessOften } from "../node/heap-growth.ts";
import { onFirstSignal } from "./interrupt.ts";
import { sayEnding, sayInterrupted, sayLine, studyPrinter } from "./pacs-lines.ts";
import { type ArchiveFlags, archiveOptions, type ReaderFlags, readerRequest } from "./pacs-options.ts";

/** What the command line says. */
export interface WatchFlags extends ReaderFlags, ArchiveFlags {
  readonly orthanc?: string;
  readonly dicomweb?: string;
  readonly state: string;
  readonly match: readonly string[];
  readonly quiet: number;
  readonly once: boolean;
  readonly reprocess: boolean;
  readonly retry: boolean;
  readonly moved: boolean;
}

function archiveOf(flags: WatchFlags): ArchiveChoice {
  const options = archiveOptions(flags);
  if (flags.orthanc !== undefined) return { kind: "orthanc", address: flags.orthanc, options };
  if (flags.dicomweb !== undefined) return { kind: "dicomweb", address: flags.dicomweb, options };
  throw new XrayError("pacs/no-archive", "no archive was named");
}

/**
 * Run the command. Returns the exit code: 0 when it was told to end; with `once`, 1 if something is left that failed, and 130 if
 * it was interrupted.
 */
export async function runPacsWatch(flags: WatchFlags): Promise<number> {
  const { state, quiet, once, reprocess, retry, moved } = flags;
  collectLessOften();
  const ending = new AbortController();
  const stop = onFirstSignal(() => {
    if (!once) sayEnding();
    ending.abort();
  });
  try {
    const archive = archiveOf(flags);
    const isAllDone = await watch(
      {
        ...{ archive, state, once, reprocess, retry, quietMs: quiet * 1000, hasMoved: moved },
        reader: readerRequest(flags, undefined),
        match: parseMatch(flags.match, archive.kind),
      },
      {
        say: sayLine,
        onReady: (reader) => {
          for (const notice of noticesOf(reader.model.card)) sayLine(notice);
          if (ending.signal.aborted) return;
          sayLine(once ? "looking at the archive once" : "watching the archive; Ctrl-C ends it");
        },
        onDone: studyPrinter(),
        signal: ending.signal,
      },
    );
    if (once && ending.signal.aborted) return sayInterrupted();
    if (isAllDone) return 0;
    sayLine("something failed and is left for the next run; `medical-x pacs status` says what, and why");
    return 1;
  } catch (error) {
    if (once && asXrayError(error).code === "pacs/interrupted") return sayInterrupted();
    throw error;
  } finally {
    stop();
  }
}
