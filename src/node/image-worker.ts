/**
 * The worker thread that does the image work while the main thread runs the network.
 *
 * Knows: the jobs of `image-jobs.ts`.
 */

import { workerData } from "node:worker_threads";
import type { Preparation } from "../image/preparation.ts";
import { stepBack } from "./background.ts";
import { joinGate } from "./decoder-gate.ts";
import type { ImageAnswer, ImageJob, ImageThreadData } from "./image-jobs.ts";
import { ImageWork } from "./image-work.ts";
import { type Done, serveJobs } from "./thread-side.ts";

const { gate, inBackground } = workerData as ImageThreadData;
joinGate(gate);
if (inBackground) stepBack();
const work = new ImageWork();

let settle: (preparation: Preparation) => void = () => undefined;
const preparation = new Promise<Preparation>((resolve) => {
  settle = resolve;
});

async function answer(job: ImageJob): Promise<Done<ImageAnswer>> {
  if (job.kind === "draw") return { value: await work.draw(job.drawing) };
  if (job.kind === "draw-pixels") {
    const value = await work.drawPixels(job.drawing);
    return { value, transfer: [value.data.buffer as ArrayBuffer] };
  }
  const value = await work.prepare(job, preparation);
  return { value, transfer: [value.input.buffer as ArrayBuffer] };
}

serveJobs(answer, settle);
