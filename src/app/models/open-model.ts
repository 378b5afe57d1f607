/**
 * From a model's name or path to weights in memory, and to a network running on this machine.
 *
 * Pipeline:   **name → file → model → session**
 * Knows:      files, and this machine's sessions, which it passes to the engine.
 */

import { MAX_MODEL_BYTES } from "../../engine/limits.ts";
import { type OpenModel, type OpenOptions, openModel } from "../../engine/open-model.ts";
import {
  type NamedModel,
  type ReadModel,
  type ReadOptions,
  readModel,
  weightsOf,
} from "../../engine/read-model.ts";
import { inFile } from "../../errors.ts";
import { useNativeChecksum } from "../../node/checksum.ts";
import { readWhole } from "../../node/files.ts";
import { createSession, warmUp } from "../../node/session.ts";
import { locateModel } from "./locate-model.ts";

useNativeChecksum();

/** A model's file that has been read. */
export type ModelFile = ReadModel & { readonly path: string };

/**
 * Read a model's file.
 *
 * @param nameOrPath  A checkpoint file, a name from the catalogue, or `demo`.
 * @throws            XrayError `model/…`, `file/…`, `checkpoint/…`, `card/…`, naming the file.
 */
export async function readModelFile(nameOrPath: string, options: ReadOptions = {}): Promise<ModelFile> {
  const { name, path, card } = await locateModel(nameOrPath);
  const bytes = await readWhole(path, MAX_MODEL_BYTES);
  try {
    return { path, ...(await readModel({ name, bytes, card }, options)) };
  } catch (error) {
    throw inFile(path, error);
  }
}

/** What the user says about a model in addition to its file. */
export interface LoadFileOptions extends ReadOptions {
  /** Number of bits in use in a 16-bit sample, 8 to 16, which takes precedence over the card. */
  readonly bits?: number;
}

/**
 * Load a model's weights and card.
 *
 * @param nameOrPath  A checkpoint file, a name from the catalogue, or `demo`.
 * @throws            XrayError `model/…`, `file/…`, `checkpoint/…`, `card/…`, `preparation/…`, naming the file.
 */
export async function loadModelFile(
  nameOrPath: string,
  { bits, ...options }: LoadFileOptions = {},
): Promise<NamedModel> {
  return loadFile(await readModelFile(nameOrPath, options), bits);
}

/** Load the weights and card of a file that has already been read. */
export function loadFile(file: ModelFile, bits?: number): NamedModel {
  try {
    return weightsOf(file, bits);
  } catch (error) {
    throw inFile(file.path, error);
  }
}

/** Load a model while ONNX Runtime initialises, which takes longer than reading a file. */
export async function loadWhileWarmingUp(
  nameOrPath: string,
  options: LoadFileOptions = {},
): Promise<NamedModel> {
  const [model] = await Promise.all([loadModelFile(nameOrPath, options), warmUp()]);
  return model;
}

/** Start a model on this machine. Throws XrayError `runtime/…`. */
export const startModel = (model: NamedModel, options: OpenOptions = {}): Promise<OpenModel> =>
  openModel(model, createSession, options);
