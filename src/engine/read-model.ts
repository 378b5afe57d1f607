/**
 * From a model's bytes to its weights and card, with all that a sidecar, the catalogue and the file itself say about
 * it.
 *
 * Pipeline:   bytes → **checkpoint, with hints → weights in memory, settled card** → session
 * Knows:      checkpoints. Not where bytes come from.
 */

import { XrayError } from "../errors.ts";
import { isOnnx } from "../formats/onnx-signature.ts";
import type { Preparation } from "../image/preparation.ts";
import { parsePreparation, withBits } from "../image/preparation.ts";
import type { ModelCard } from "../models/card.ts";
import { type Checkpoint, readCheckpoint } from "../models/checkpoint.ts";
import type { WeightKind } from "../models/choose-weights.ts";
import { resemblesChexnet } from "../models/families.ts";
import { type LoadedModel, loadCheckpoint } from "../models/load.ts";
import { publishedRow, sha256Of } from "../models/published.ts";
import type { LoadHints } from "../models/settle-card.ts";

/** A model's file, from any source. */
export interface ModelBytes {
  /** Its name in results: the file's name, or `demo`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What a sidecar or the catalogue says about it, which takes precedence over the file. */
  readonly card?: ModelCard;
}

/** What the user says about a model's file. */
export interface ReadOptions {
  /** Names of the outputs, which take precedence over the file and the catalogue. */
  readonly labels?: readonly string[];
  /** Which weights to use; by default the plain ones, if the file has any. */
  readonly weights?: WeightKind;
}

/** A model's file, read as a checkpoint. */
export interface ReadModel extends ModelBytes {
  readonly checkpoint: Checkpoint;
  readonly hints: LoadHints;
  /** Notes about the file as a whole. */
  readonly notes: readonly string[];
}

/** Weights in memory with their card and origin, from which sessions are made. */
export interface NamedModel extends LoadedModel {
  readonly name: string;
  /** SHA-256 of the file, in hexadecimal. Computed on first use. */
  sha256(): Promise<string>;
}

/** Whether a card says neither what the outputs are nor how images are prepared. */
const saysNothing = (card: ModelCard): boolean => card.labels === undefined && card.preparation === undefined;

/** The reader of ONNX files, which is loaded for the first of them. Throws XrayError `browser/no-decoder`. */
async function loadOnnxReader() {
  try {
    return await import("./onnx-reader.ts");
  } catch (error) {
    const message =
      "the reader of ONNX files could not be loaded; serve its script onnx-reader.js beside the others";
    throw new XrayError("browser/no-decoder", message, {}, error);
  }
}

/**
 * Read a model's file as a checkpoint.
 *
 * @throws  XrayError `checkpoint/…`, `card/…`, or an error of the file's format.
 */
export async function readModel(file: ModelBytes, options: ReadOptions = {}): Promise<ReadModel> {
  const checkpoint = isOnnx(file.bytes)
    ? (await loadOnnxReader()).readOnnxCheckpoint(file.bytes, options.weights)
    : readCheckpoint(file.bytes, options.weights);
  const isUnknown = saysNothing({ ...checkpoint.card, ...file.card });
  const row = isUnknown && resemblesChexnet(checkpoint.tensors) ? await publishedRow(file.bytes) : undefined;
  return {
    ...file,
    checkpoint,
    hints: { ...options, card: { ...row?.card, ...file.card } },
    notes:
      row === undefined
        ? []
        : [
            `its git blob id is that of the published file ${row.name}, so the catalogue's labels and preparation are used`,
          ],
  };
}

/** Postpone work to the first call, and do it only once. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}

const preparedWithBits = (preparation: Preparation, bits: number | undefined): Preparation =>
  bits === undefined ? preparation : parsePreparation(withBits(preparation, bits));

/**
 * Load a DenseNet121 from a file that has been read. Either every tensor fits, or an error says what does not.
 *
 * @param bits  Number of bits in use in a 16-bit sample, 8 to 16, which takes precedence over the card.
 * @throws      XrayError `checkpoint/…`, `card/…`, `preparation/…`.
 */
export function weightsOf({ name, bytes, checkpoint, hints, notes }: ReadModel, bits?: number): NamedModel {
  const loaded = loadCheckpoint(checkpoint, hints);
  return {
    ...loaded,
    name,
    card: { ...loaded.card, preparation: preparedWithBits(loaded.card.preparation, bits) },
    notes: [...notes, ...loaded.notes],
    sha256: once(() => sha256Of(bytes)),
  };
}
