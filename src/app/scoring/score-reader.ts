/**
 * The thread of a worker that reads, decodes and prepares images.
 *
 * Knows: the jobs of `jobs.ts`.
 */

import { createHash } from "node:crypto";
import { workerData } from "node:worker_threads";
import { prepareChecked } from "../../engine/prepare-view.ts";
import { sentError, XrayError } from "../../errors.ts";
import type { Preparation } from "../../image/preparation.ts";
import { decodeImage } from "../../node/decode.ts";
import { joinGate } from "../../node/decoder-gate.ts";
import { type Done, serveJobs } from "../../node/thread-side.ts";
import type { ReaderJob, ReaderThreadData, ReadImage } from "./jobs.ts";
import { ReadAhead } from "./read-ahead.ts";
import { readPlanned } from "./read-planned.ts";

const { gate, reading } = workerData as ReaderThreadData;
joinGate(gate);

const ahead = new ReadAhead();

let settle: (preparation: Preparation) => void = () => undefined;
const preparation = new Promise<Preparation>((resolve) => {
  settle = resolve;
});

/** Failures that are no fault of the image. */
const isOurs = (error: unknown): boolean =>
  !(error instanceof XrayError) || error.code.startsWith("scoring/") || error.category === "internal";

/** Throws XrayError `scoring/…`; any other failure is the image's, and an outcome. */
async function prepare(id: number): Promise<ReadImage> {
  let sha256: string | null = null;
  try {
    const bytes = await ahead.take(id);
    sha256 = createHash("sha256").update(bytes).digest("hex");
    const decoded = await decodeImage(bytes, reading);
    return { sha256, outcome: { image: prepareChecked(decoded, await preparation) } };
  } catch (error) {
    if (sha256 === null && isOurs(error)) throw error;
    return { sha256, outcome: { error: sentError(error) } };
  }
}

async function answer(job: ReaderJob): Promise<Done<ReadImage | null>> {
  if (job.kind === "fetch") {
    ahead.add(job.id, job.image.size, () => readPlanned(job.image));
    return { value: null };
  }
  if (job.kind === "drop") {
    await ahead.take(job.id).catch(() => undefined);
    return { value: null };
  }
  const value = await prepare(job.id);
  const transfer = "image" in value.outcome ? [value.outcome.image.input.buffer as ArrayBuffer] : [];
  return { value, transfer };
}

serveJobs(answer, settle);
