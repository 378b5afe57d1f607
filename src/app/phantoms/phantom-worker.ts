/**
 * A thread that draws phantoms and writes them as PNG files.
 *
 * Knows: the settings of `phantom-jobs.ts`. Its jobs are images; its answers are their boxes.
 */

import { join } from "node:path";
import { workerData } from "node:worker_threads";
import { drawPhantom } from "../../dataset/phantom/draw.ts";
import type { PhantomImage } from "../../dataset/phantom/patients/patients.ts";
import { writeAtomically } from "../../node/files.ts";
import { encodeGreyPng } from "../../node/raster.ts";
import { serveJobs } from "../../node/thread-side.ts";
import type { PhantomSettings } from "./phantom-jobs.ts";

const { seed, size, folder } = workerData as PhantomSettings;

serveJobs(async (image: PhantomImage) => {
  const { pixels, boxes } = drawPhantom(seed, image, size);
  await writeAtomically(join(folder, image.name), [await encodeGreyPng(size, size, pixels)]);
  return { value: boxes };
});
