/**
 * A worker thread that prepares images while the main thread runs the network.
 *
 * Knows: the messages of `prepare-pool.ts`.
 */

import { parentPort, workerData } from "node:worker_threads";
import { XrayError } from "../errors.ts";
import type { Preparation } from "../image/preparation.ts";
import { type ImageSource, prepareFile } from "./prepare-file.ts";
import type { PrepareReply } from "./prepare-pool.ts";

const preparation = workerData as Preparation;

async function answer(id: number, source: ImageSource): Promise<void> {
  try {
    const prepared = await prepareFile(source, preparation);
    const reply: PrepareReply = { id, prepared };
    parentPort!.postMessage(reply, [prepared.input.buffer as ArrayBuffer]);
  } catch (error) {
    const failure =
      error instanceof XrayError
        ? { code: error.code, message: error.message, details: { ...error.details } }
        : { code: "internal/unexpected" as const, message: String(error), details: {} };
    const reply: PrepareReply = { id, failure };
    parentPort!.postMessage(reply);
  }
}

parentPort!.on("message", ({ id, source }: { id: number; source: ImageSource }) => void answer(id, source));
