/** The parity suite's files and helpers: what Python wrote, and our own path from a file to numbers. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, inject } from "vitest";
import { runFloat32, type Session } from "../../src/graph/session.ts";
import { type Preparation, plainPreparation, viewsOf } from "../../src/image/preparation.ts";
import { type PreparedImage, prepareImage } from "../../src/image/prepare.ts";
import type { HeatmapLayer } from "../../src/models/densenet121.ts";
import { type LoadedModel, loadDenseNet } from "../../src/models/load.ts";
import type { LoadHints } from "../../src/models/settle-card.ts";
import { decodeRaster } from "../../src/node/raster.ts";
import { createSession } from "../../src/node/session.ts";
import { elementsFromBytes, float32 } from "../../src/tensor.ts";

const { skipped, folder, images } = inject("parity");

/** `describe`, skipped where PyTorch or the X-rays are missing. */
export const describeParity = describe.skipIf(skipped !== undefined);

/** A row of manifest.json: a checkpoint and how it relates to main.pth. */
export interface CheckpointRow {
  readonly file: string;
  /** Weights equal to the main file's, to the bit. */
  readonly same: boolean;
  /** `num_batches_tracked` equal, too. */
  readonly counters: boolean;
  /** Which of its weights equal the main file's. Default: the plain ones. */
  readonly weights?: "ema";
  /** The file that has the same weights as a plain state dict. */
  readonly twin?: string;
}

/** reference.json: file names of images. */
export interface Reference {
  readonly images: readonly string[];
  readonly rgba: readonly string[];
  readonly mapped: readonly string[];
  /** Images whose maps at `layer` are there, too. */
  readonly layered: readonly string[];
  readonly layer: HeatmapLayer;
  /** The layers of the fused maps of these images. */
  readonly fusedLayers: readonly HeatmapLayer[];
  readonly rounded: readonly string[];
  readonly cropped: readonly string[];
}

const readJson = <T>(name: string): T => JSON.parse(readFileSync(path.join(folder, name), "utf8")) as T;

export const MANIFEST = skipped === undefined ? readJson<readonly CheckpointRow[]>("manifest.json") : [];
export const REFERENCE: Reference =
  skipped === undefined
    ? readJson<Reference>("reference.json")
    : {
        images: [],
        rgba: [],
        mapped: [],
        layered: [],
        layer: "norm5",
        fusedLayers: [],
        rounded: [],
        cropped: [],
      };

/** An array that Python stored. */
export function readArray(name: string): Float32Array {
  return elementsFromBytes("float32", new Uint8Array(readFileSync(path.join(folder, `${name}.f32`))));
}

export function load(file: string, hints: LoadHints = {}): LoadedModel {
  return loadDenseNet(new Uint8Array(readFileSync(path.join(folder, file))), hints);
}

/** Decode and prepare one X-ray of the sample, or one that Python left in its folder. */
export async function prepare(
  name: string,
  preparation: Preparation = plainPreparation(),
): Promise<PreparedImage> {
  const file = path.isAbsolute(name) ? name : path.join(images, name);
  return prepareImage(await decodeRaster(new Uint8Array(readFileSync(file))), preparation);
}

const BATCH = 8;

/** Run images through a session in batches. Returns the rows of each output, joined. */
export async function runImages(
  session: Session,
  names: readonly string[],
  preparation: Preparation = plainPreparation(),
): Promise<Record<string, Float32Array>> {
  const parts: Record<string, Float32Array[]> = {};
  const views = viewsOf(preparation);
  for (let at = 0; at < names.length; at += BATCH) {
    const prepared = await Promise.all(names.slice(at, at + BATCH).map((name) => prepare(name, preparation)));
    const size = prepared[0]!.input.length;
    const batch = new Float32Array(prepared.length * size);
    for (const [i, { input }] of prepared.entries()) batch.set(input, i * size);
    const n = prepared.length * views;
    const outputs = await runFloat32(session, { image: float32([n, 3, 224, 224], batch) });
    for (const [name, { data }] of Object.entries(outputs)) {
      parts[name] ??= [];
      parts[name].push(data);
    }
  }
  return Object.fromEntries(Object.entries(parts).map(([name, arrays]) => [name, concatenate(arrays)]));
}

function concatenate(arrays: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    out.set(array, at);
    at += array.length;
  }
  return out;
}

/** What a session can be made of. */
export type Compiled = Parameters<typeof createSession>[0];

/** Run something with a session of a compiled model and release it. */
export async function withSession<T>(model: Compiled, use: (session: Session) => Promise<T>): Promise<T> {
  const session = await createSession(model);
  try {
    return await use(session);
  } finally {
    await session.release();
  }
}
