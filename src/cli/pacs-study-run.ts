/**
 * Runs `medical-x pacs study`.
 *
 * Knows: stdout, stderr and exit codes. `app/pacs/study.ts` does the work.
 *
 * Images are named by number: no UID is printed.
 */

import { RADIOGRAPHS } from "../app/pacs/candidates.ts";
import { InstanceReader } from "../app/pacs/instance-reader.ts";
import { Study, type StudyOutcome } from "../app/pacs/study.ts";
import { printable, XrayError } from "../errors.ts";
import { noticesOf } from "../models/notice.ts";
import { DicomWeb } from "../node/archive/dicom-web.ts";
import { isUid } from "../node/archive/uids.ts";
import type { ObjectKind } from "../report/dicom/result-object.ts";
import { agreeing, counted } from "../text.ts";
import { printResult, say } from "./console.ts";
import { messageWithHint } from "./hints.ts";
import { onFirstSignal } from "./interrupt.ts";
import { sayInterrupted } from "./pacs-lines.ts";
import { type ArchiveFlags, archiveOptions, type ReaderFlags, readerRequest } from "./pacs-options.ts";

/** What the command line says. */
export interface StudyFlags extends ReaderFlags, ArchiveFlags {
  readonly dicomweb: string;
  readonly study: string;
  readonly dryRun: boolean;
}

const named = (kinds: readonly ObjectKind[]): string =>
  kinds.map((kind) => (kind === "overlay" ? "the overlay" : "the report")).join(" and ");

/** What came of an image that was read, in words. */
function madeWords({ stored, there }: Extract<StudyOutcome, { kind: "made" }>, dryRun: boolean): string {
  const before =
    there.length === 0 ? "" : `${named(there)} ${agreeing(there.length, "is", "are")} there already`;
  if (stored.length === 0) return before;
  const now = dryRun ? `would store ${named(stored)}` : `stored ${named(stored)}`;
  return before === "" ? now : `${now}; ${before}`;
}

/** Report an outcome. Returns whether it is a failure. */
async function report(outcome: StudyOutcome, which: string, dryRun: boolean): Promise<boolean> {
  if (outcome.kind === "failed") {
    say(`medical-x: ${which}: ${messageWithHint(outcome.error)}`);
    return true;
  }
  const words =
    outcome.kind === "made" ? madeWords(outcome, dryRun) : `passed over: ${printable(outcome.reason)}`;
  await printResult(`${which[0]!.toUpperCase()}${which.slice(1)}: ${words}\n`);
  return false;
}

async function readStudy(flags: StudyFlags, archive: DicomWeb, signal: AbortSignal): Promise<number> {
  const modalities = flags.force ? undefined : RADIOGRAPHS;
  const { study: studyInstanceUid, dryRun } = flags;
  const study = await Study.list(archive, { studyInstanceUid, dryRun, modalities }, signal);
  const { images, others } = study;
  if (others > 0)
    say(
      `medical-x: ${counted(others, "other object")} of the study ${agreeing(others, "was", "were")} passed over`,
    );
  if (images.length === 0) {
    await printResult("The study has no image to read.\n");
    return 0;
  }
  const reader = await InstanceReader.open(readerRequest(flags, modalities), (line) =>
    say(`medical-x: ${printable(line)}`),
  );
  let number = 0;
  let failed = 0;
  try {
    for await (const outcome of study.outcomes(reader, signal)) {
      number++;
      if (await report(outcome, `image ${number} of ${images.length}`, dryRun)) failed++;
    }
    for (const notice of noticesOf(reader.model.card)) say(`medical-x: ${notice}`);
  } finally {
    await reader.close();
  }
  return failed > 0 ? 1 : 0;
}

/** Run the command. Returns the exit code: 0 all done, 1 an image failed, 130 interrupted. */
export async function runPacsStudy(flags: StudyFlags): Promise<number> {
  if (!isUid(flags.study))
    throw new XrayError(
      "pacs/bad-uid",
      "this is not a UID of a study: a UID consists of numbers with dots between them, at most 64 characters in all",
    );
  const archive = await DicomWeb.open(flags.dicomweb, archiveOptions(flags));
  const interrupt = new AbortController();
  const stop = onFirstSignal(() => interrupt.abort());
  try {
    return await readStudy(flags, archive, interrupt.signal);
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    return sayInterrupted();
  } finally {
    stop();
    await archive.close();
  }
}
