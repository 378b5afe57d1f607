/**
 * Runs `medical-x pacs listen`.
 *
 * Knows: signals and exit codes. `app/pacs/listen/` does the work.
 */

import { RADIOGRAPHS } from "../app/pacs/candidates.ts";
import { type Entity, listen, type TlsSides } from "../app/pacs/listen/listen.ts";
import { noticesOf } from "../models/notice.ts";
import { collectLessOften } from "../node/heap-growth.ts";
import { onFirstSignal } from "./interrupt.ts";
import { sayEnding, sayLine, studyPrinter } from "./pacs-lines.ts";
import { type ReaderFlags, readerRequest, type TlsFlags } from "./pacs-options.ts";

/** What the command line says. */
export interface ListenFlags extends ReaderFlags, TlsFlags {
  readonly aet: string;
  readonly port: number;
  readonly host: string;
  readonly allowAet: readonly string[];
  readonly sendTo: Entity;
  readonly state: string;
  readonly quiet: number;
  readonly reprocess: boolean;
  readonly retry: boolean;
  readonly tls: TlsSides;
}

/** Run the command. Returns the exit code, 0, when it was told to end and what was being received has been answered. */
export async function runPacsListen(flags: ListenFlags): Promise<number> {
  const { aet, host, port, allowAet, sendTo, state, quiet, reprocess, retry, tls } = flags;
  const { ca, clientCert, clientKey } = flags;
  collectLessOften();
  const ending = new AbortController();
  const stop = onFirstSignal(() => {
    sayEnding();
    ending.abort();
  });
  try {
    await listen(
      {
        ...{ self: { aet, host, port }, allowed: allowAet, sendTo, tls, state, reprocess, retry },
        quietMs: quiet * 1000,
        tlsFiles: {
          ...(ca === undefined ? {} : { ca }),
          ...(clientCert === undefined ? {} : { clientCert }),
          ...(clientKey === undefined ? {} : { clientKey }),
        },
        reader: readerRequest(flags, flags.force ? undefined : RADIOGRAPHS),
      },
      {
        say: sayLine,
        onReady: (reader, actual) => {
          for (const notice of noticesOf(reader.model.card)) sayLine(notice);
          if (ending.signal.aborted) return;
          sayLine(`${aet} listens at ${host}, port ${actual}; Ctrl-C ends it`);
        },
        onDone: studyPrinter(),
        signal: ending.signal,
      },
    );
    return 0;
  } finally {
    stop();
  }
}
