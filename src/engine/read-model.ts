/**
 * A model's bytes to its weights and its card, with all that is known of them: by a sidecar, by the catalogue, by themselves.
 *
 * Pipeline:   bytes → **checkpoint, with hints → weights in memory, settled card** → session
 * Knows:      checkpoints. Not where bytes are from.
 */

import type { Preparation } from "../image/preparation.ts";
import { parsePreparation, withBits } from "../image/preparation.ts";
import type { ModelCard } from "../models/card.ts";
import { type Checkpoint, readCheckpoint } from "../models/checkpoint.ts";
import type { WeightKind } from "../models/choose-weights.ts";
import { resemblesChexnet } from "../models/families.ts";
import { type LoadedModel, loadCheckpoint } from "../models/load.ts";
import { publishedRow, sha256Of } from "../models/published.ts";
import type { LoadHints } from "../models/settle-card.ts";

/** A model's file, wherever it is from. */
export interface ModelBytes {
  /** What it is called in results: the file's name, or `demo`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What a sidecar or the catalogue says of it, over what the file says. */
  readonly card?: ModelCard;
}

/** What a user says of a model's file. */
export interface ReadOptions {
  /** The outputs' names, over whatever the file or the catalogue says. */
  readonly labels?: readonly string[];
  /** Which of its weights are used: plain ones where it has any, unless given. */
  readonly weights?: WeightKind;
}

/** A model's file, read as a checkpoint. */
export interface ReadModel extends ModelBytes {
  readonly checkpoint: Checkpoint;
  readonly hints: LoadHints;
  /** What is to be said of the file as a whole. */
  readonly notes: readonly string[];
}

/** Weights in memory with their card, and where they are from. Sessions are made of it. */
export interface NamedModel extends LoadedModel {
  readonly name: string;
  /** SHA-256 of the file, in hexadecimal; computed when first asked for. */
  sha256(): Promise<string>;
}

/** Whether anybody has said what the outputs are or how images are prepared. */
const saysNothing = (card: ModelCard): boolean => card.labels === undefined && card.preparation === undefined;

/**
 * Read a model's file as a checkpoint.
 *
 * @throws  XrayError `checkpoint/…`, `card/…`, and of the file's format.
 */
export async function readModel(file: ModelBytes, options: ReadOptions = {}): Promise<ReadModel> {
  const checkpoint = readCheckpoint(file.bytes, options.weights);
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

/** Work that is done once, when it is first asked for. */
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
 * Load a DenseNet121 from a file that was read: all of it, or an error that says what does not fit.
 *
 * @param bits  How many bits of a 16-bit sample are used, 8 to 16, over whatever the card says.
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
