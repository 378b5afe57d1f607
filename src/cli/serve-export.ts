/**
 * One run of `medical-x serve --export`: the page as a static site.
 *
 * Knows: stdout, progress and signals. The export is in `server/export/`.
 */

import { XrayError } from "../errors.ts";
import type { PageCompute } from "../results/page.ts";
import { exportPage } from "../server/export-page.ts";
import { byteSize, counted } from "../text.ts";
import { printResult, say } from "./console.ts";
import { INTERRUPTED, onFirstSignal } from "./interrupt.ts";
import { startProgress } from "./progress.ts";

/** What the command line says. */
export interface ExportFlags {
  readonly export?: string;
  readonly model?: string;
  readonly pageCompute: PageCompute;
}

const MEGABYTE = 1e6;

function checkCompute({ pageCompute }: ExportFlags): void {
  if (pageCompute === "browser") return;
  const message =
    "an exported page has no server, so its user cannot choose to compute on one; export it without that choice";
  throw new XrayError("export/no-server", message, {});
}

async function writePage(folder: string, { model }: ExportFlags, signal: AbortSignal): Promise<void> {
  const bar = await startProgress(0, "{bar} {value}/{total} MB copied");
  const onProgress = (done: number, total: number) =>
    bar.update(Math.floor(done / MEGABYTE), Math.ceil(total / MEGABYTE));
  try {
    const { folder: place, files, bytes } = await exportPage(folder, model, { signal, onProgress });
    bar.stop();
    const size = `${counted(files, "file")}, ${byteSize(bytes)}`;
    await printResult(`The page is in ${place} (${size}); README.txt there says how to host it.\n`);
  } finally {
    bar.stop();
  }
}

/** Run the command. Returns the exit code. After a signal, the folder is as it was before. */
export async function writeExport(folder: string, flags: ExportFlags): Promise<number> {
  checkCompute(flags);
  const stop = new AbortController();
  const listening = onFirstSignal(() => stop.abort());
  try {
    await writePage(folder, flags, stop.signal);
    return 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    say("medical-x: the export was interrupted; the folder is as it was before");
    return INTERRUPTED;
  } finally {
    listening();
  }
}
