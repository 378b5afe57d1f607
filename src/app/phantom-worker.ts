/**
 * A thread that draws phantoms and writes them as PNG files.
 *
 * Knows: the messages of `phantom-jobs.ts`.
 */

import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { drawPhantom } from "../dataset/phantom/draw.ts";
import type { PhantomImage } from "../dataset/phantom/patients/patients.ts";
import { asXrayError } from "../errors.ts";
import { writeAtomically } from "../node/files.ts";
import { encodeGreyPng } from "../node/raster.ts";
import type { PhantomReply, PhantomSettings } from "./phantom-jobs.ts";

const { seed, size, folder } = workerData as PhantomSettings;
const port = parentPort!;

async function draw(image: PhantomImage): Promise<PhantomReply> {
  try {
    const { pixels, boxes } = drawPhantom(seed, image, size);
    await writeAtomically(join(folder, image.name), [await encodeGreyPng(size, size, pixels)]);
    return { name: image.name, boxes };
  } catch (error) {
    const { code, message, details } = asXrayError(error);
    return { failure: { code, message, details } };
  }
}

port.on("message", async (image: PhantomImage) => port.postMessage(await draw(image)));
