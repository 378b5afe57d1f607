/** Rows 1 and 4: whole processes. One image from a `.pth`, with and without a heatmap, and a folder of images. */

import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { alternate, median, timeProcess } from "./measure.ts";
import { python } from "./pytorch.ts";
import type { Row } from "./table.ts";

/** The command, as named in package.json. */
const CLI = fileURLToPath(new URL("../../dist/bin/medical-x.js", import.meta.url));

/** With the option force, because made-up images look like no chest. */
const ours = (...args: readonly string[]): string[] => [process.execPath, CLI, "predict", "--force", ...args];

/** The best that row 1 could get close to: the same network with nothing but ONNX Runtime and sharp. */
const BAREST = fileURLToPath(new URL("../../bench/barest.mjs", import.meta.url));

/** Median seconds of each side, run alternately. */
async function pair(
  repeats: number,
  command: readonly string[],
  other: readonly string[] | undefined,
  cwd: string,
): Promise<{ ours: number; theirs: number | undefined }> {
  const { a, b } = await alternate(
    repeats,
    () => timeProcess(command, cwd),
    other && (() => timeProcess(other, cwd)),
  );
  return { ours: median(a), theirs: b.length === 0 ? undefined : median(b) };
}

/** One image, as a whole process. */
export async function benchSingle(
  model: string,
  image: string,
  folder: string,
  withPytorch: boolean,
): Promise<Row[]> {
  const plain = await pair(
    7,
    ours("--model", model, "--image", image),
    withPytorch ? python("predict.py", model, image) : undefined,
    folder,
  );
  const onnx = join(folder, "barest.onnx");
  await timeProcess([process.execPath, CLI, "models", "convert", model, "--to", onnx], folder);
  const bare = await pair(
    7,
    ours("--model", model, "--image", image),
    [process.execPath, BAREST, onnx, image],
    folder,
  );
  const explained = await pair(
    5,
    ours("--model", model, "--image", image, "--gradcam"),
    withPytorch ? python("gradcam.py", model, image, join(folder, "overlay.png")) : undefined,
    folder,
  );
  return [
    { work: "one image, whole process, from a .pth", unit: "s", goal: "≤ 0.25", ...plain },
    {
      work: "the same, beside the barest script that runs its ONNX file",
      unit: "s",
      theirsName: "bench/barest.mjs",
      goal: "≤ 1.2",
      ...bare,
    },
    { work: "one image with a heatmap", unit: "s", goal: "≤ 0.20", ...explained },
  ];
}

/** A folder of 1024 × 1024 PNGs: images per second of the whole process. */
export async function benchFolder(
  model: string,
  images: readonly string[],
  folder: string,
  withPytorch: boolean,
): Promise<Row[]> {
  const many = join(folder, "many");
  await mkdir(many);
  for (const [i, image] of images.entries())
    await copyFile(image, join(many, `${String(i).padStart(4, "0")}.png`));
  const rows: Row[] = [];
  for (const [batch, workers] of [
    [8, 1],
    [32, 1],
  ] as const) {
    const { ours: a, theirs: b } = await pair(
      2,
      ours("--model", model, "--image", many, "--format", "csv"),
      withPytorch ? python("folder.py", model, many, String(batch), String(workers)) : undefined,
      folder,
    );
    rows.push({
      work: `a folder of ${images.length} PNGs of 1024², PyTorch with batch ${batch}, ${workers} worker`,
      unit: "images per second",
      ours: images.length / a,
      theirs: b === undefined ? undefined : images.length / b,
      goal: "≥ 2.0",
    });
  }
  return rows;
}
