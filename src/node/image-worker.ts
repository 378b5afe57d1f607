/**
 * The worker thread that does the image work while the main thread runs the network.
 *
 * Knows: the messages of `image-jobs.ts`.
 */

import { parentPort, workerData } from "node:worker_threads";
import { asXrayError } from "../errors.ts";
import type { Preparation } from "../image/preparation.ts";
import { joinGate } from "./decoder-gate.ts";
import type { Job, Reply, WorkerData } from "./image-jobs.ts";
import { ImageWork } from "./image-work.ts";

const port = parentPort!;
joinGate((workerData as WorkerData).gate);
const work = new ImageWork();

let settle: (preparation: Preparation) => void = () => undefined;
const preparation = new Promise<Preparation>((resolve) => {
  settle = resolve;
});

async function answer(job: Exclude<Job, { kind: "preparation" }>): Promise<void> {
  const { id } = job;
  try {
    if (job.kind === "prepare") {
      const prepared = await work.prepare(job, preparation);
      port.postMessage({ id, value: prepared } satisfies Reply, [prepared.input.buffer as ArrayBuffer]);
    } else {
      port.postMessage({ id, value: await work.draw(job.drawing) } satisfies Reply);
    }
  } catch (error) {
    const { code, message, details } = asXrayError(error);
    port.postMessage({ id, failure: { code, message, details } } satisfies Reply);
  }
}

port.on("message", (job: Job) => {
  if (job.kind === "preparation") settle(job.preparation);
  else void answer(job);
});
