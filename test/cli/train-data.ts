/** A tiny data folder to train on: grey PNGs of noise in NIH's layout, three images per patient. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import sharp from "sharp";
import { Random } from "../../src/random.ts";
import type { EpochMetrics } from "../../src/training/metrics.ts";
import { type Desk, type Ended, modelFile, type RunOptions, words } from "./run.ts";

const FINDINGS = ["Effusion", "Mass", "No Finding", "Effusion|Mass"] as const;

export const imageName = (i: number): string => `x${String(i).padStart(2, "0")}.png`;

/** NIH's label file for so many images. */
export function labelFile(count: number): string {
  const rows = Array.from(
    { length: count },
    (_, i) => `${imageName(i)},${FINDINGS[i % FINDINGS.length]},p${Math.floor(i / 3)},40,F,PA\n`,
  );
  return `Image Index,Finding Labels,Patient ID,Patient Age,Patient Gender,View Position\n${rows.join("")}`;
}

/** Noise over a level of its own: always the same for the same number. */
function noisePng(i: number): Promise<Buffer> {
  const random = Random.of(1, "noise", i);
  const level = 40 + random.int(120);
  const data = Uint8Array.from({ length: 32 * 32 }, () => level + random.int(60));
  return sharp(data, { raw: { width: 32, height: 32, channels: 1 } })
    .toColourspace("b-w")
    .png()
    .toBuffer();
}

/** How many images `putXrays` makes: of six patients, of whom three train under `trainOn`'s seed. */
export const COUNT = 18;

/** Write a data folder. */
export async function putXrays(desk: Desk, name = "xrays"): Promise<void> {
  desk.put(`${name}/Data_Entry_2017.csv`, labelFile(COUNT));
  for (let i = 0; i < COUNT; i++) desk.put(`${name}/images/${imageName(i)}`, await noisePng(i));
}

/** Write a data folder, and weights to start from: a file is read sooner than random ones are drawn. */
export async function furnish(desk: Desk): Promise<void> {
  await putXrays(desk);
  desk.put("start.safetensors", modelFile("safetensors", 1));
}

/** Small and quick; one thread, since its number may decide the last bits. */
const COMMON =
  "--data xrays --backbone start.safetensors --labels effusion,mass --input-size 64 --epochs 2 --batch-size 4 --val-fraction 0.4 --seed 1 --threads 1";

/** `medical-x train` on the folder `xrays`. `line` overrides the defaults. */
export function trainOn(desk: Desk, line: string, options?: RunOptions): Promise<Ended> {
  return desk.run(words(`train ${COMMON} ${line}`.trim()), options);
}

/** A file of a run, as bytes. */
export const bytesIn = (desk: Desk, run: string, file = "model.safetensors"): Buffer =>
  readFileSync(desk.path(run, file));

/** The epochs of a run's metrics. */
export const metricsOf = (desk: Desk, run: string): EpochMetrics[] =>
  bytesIn(desk, run, "metrics.ndjson")
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

export const hashOf = (desk: Desk, run: string, file: string): string =>
  createHash("sha256")
    .update(bytesIn(desk, run, file))
    .digest("hex");

/** The parts of a run that do not depend on its name or the clock. */
export function outcome(desk: Desk, run: string) {
  return {
    model: hashOf(desk, run, "model.safetensors"),
    torch: hashOf(desk, run, "densenet121_model.pth"),
    metrics: metricsOf(desk, run).map((line) => ({ ...line, seconds: 0 })),
  };
}

/** All files below a folder, by their paths in it. */
export const filesBelow = (desk: Desk, folder: string): string[] =>
  readdirSync(desk.path(folder), { recursive: true, encoding: "utf8" }).sort();
