/**
 * One hostile file, read in a process of its own: `node child.mjs <action> <file>`.
 *
 * Prints one line of JSON: how it ended, the CPU seconds and the peak memory. A watchdog thread ends the
 * process before it can fill the machine's memory.
 */

import { readFileSync, writeSync } from "node:fs";
import { Worker } from "node:worker_threads";

const WATCHDOG = `
  const { writeSync } = require("node:fs");
  const limit = ${Number(process.env.HOSTILE_RSS_LIMIT ?? 1.5e9)};
  setInterval(() => {
    const rss = process.memoryUsage.rss();
    if (rss < limit) return;
    writeSync(1, JSON.stringify({ ended: "memory", rss }) + "\\n");
    process.kill(process.pid, "SIGKILL");
  }, 20);
`;
const watchdog = new Worker(WATCHDOG, { eval: true });
await new Promise((online) => watchdog.once("online", online));

const [action, path] = process.argv.slice(2);
const dist = (file) => import(new URL(`../../dist/${file}`, import.meta.url));

const ACTIONS = {
  async checkpoint(bytes) {
    const { readCheckpoint } = await dist("models/checkpoint.js");
    return () => readCheckpoint(bytes);
  },
  async tensors(bytes) {
    const { readCheckpoint } = await dist("models/checkpoint.js");
    return () => [...readCheckpoint(bytes).tensors.values()].map((entry) => entry.read());
  },
  async model(bytes) {
    const { loadDenseNet } = await dist("models/load.js");
    return () => loadDenseNet(bytes);
  },
  async image(bytes) {
    const { decodeRaster } = await dist("node/raster.js");
    return () => decodeRaster(bytes);
  },
  /** A DICOM file down to its grey levels. */
  async frame(bytes) {
    const { decodeImage } = await dist("node/decode.js");
    return () => decodeImage(bytes);
  },
  async prepared(bytes) {
    const { decodeRaster } = await dist("node/raster.js");
    const { prepareImage } = await dist("image/prepare.js");
    const { plainPreparation } = await dist("image/preparation.js");
    return async () => prepareImage(await decodeRaster(bytes), plainPreparation());
  },
  /** All that is read of a DICOM file but its samples. */
  async dicom(bytes) {
    const { readDicom } = await dist("formats/dicom/read-dicom.js");
    const { describePixels } = await dist("formats/dicom/pixel-description.js");
    const { factsOf } = await dist("formats/dicom/facts.js");
    const { frameBytes } = await dist("formats/dicom/frames.js");
    const { referencedFiles } = await dist("formats/dicom/dicomdir.js");
    return async () => {
      const file = await readDicom(bytes);
      factsOf(file);
      referencedFiles(file);
      const description = describePixels(file);
      return frameBytes(file, description, 1);
    };
  },
  /** A list of images, looked up among others that are called nearly so. */
  async names(bytes) {
    const { parseImageList } = await dist("dataset/image-list.js");
    const { matchNames } = await dist("dataset/image-lookup.js");
    const { imagesMeant } = await dist("dataset/image-identity.js");
    return () => {
      const names = parseImageList(new TextDecoder().decode(bytes));
      const images = names.map((image) => `a/${image}`);
      const places = matchNames(images, [...names, ...names.map((name) => `${name}x`)]);
      return [places, imagesMeant(images, `${names[0]}x`)];
    };
  },
  async shorter(bytes) {
    const { decodeRaster } = await dist("node/raster.js");
    const { prepareImage } = await dist("image/prepare.js");
    const steps = [
      { step: "rgb" },
      { step: "resize-shorter", size: 256 },
      { step: "center-crop", size: 224 },
      { step: "normalise", scheme: "imagenet" },
    ];
    return async () => prepareImage(await decodeRaster(bytes), steps);
  },
};

const run = await ACTIONS[action](new Uint8Array(readFileSync(path)));
const before = process.cpuUsage();
const end = { ended: "read" };
try {
  await run();
} catch (error) {
  end.ended = "thrown";
  end.name = error?.name;
  end.code = error?.code;
  end.message = String(error?.message).slice(0, 5000);
}
const { user, system } = process.cpuUsage(before);
// In kilobytes on every system that libuv knows.
/**
 * The most memory that this process had. Linux counts what its parent had when it was started into maxRSS; what
 * /proc says is its own.
 */
function peakMemory() {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // Another system.
  }
  return process.resourceUsage().maxRSS * 1024;
}

const rss = peakMemory();
writeSync(1, `${JSON.stringify({ ...end, seconds: (user + system) / 1e6, rss })}\n`);
process.exit(0);
