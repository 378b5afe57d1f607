/**
 * A model's file, read, with all that is known of it: by its sidecar, by the catalogue, by itself.
 *
 * Pipeline:   name → **file → checkpoint, with hints** → loaded model
 * Knows:      files and checkpoints. Not sessions.
 */

import { inFile } from "../errors.ts";
import type { ModelCard } from "../models/card.ts";
import { type Checkpoint, readCheckpoint } from "../models/checkpoint.ts";
import type { WeightKind } from "../models/choose-weights.ts";
import { resemblesChexnet } from "../models/families.ts";
import { publishedRow } from "../models/published.ts";
import type { LoadHints } from "../models/settle-card.ts";
import { MAX_MODEL_BYTES, readWhole } from "../node/files.ts";
import { locateModel } from "./locate-model.ts";

/** What a user says of a model's file. */
export interface ModelFileOptions {
  /** The outputs' names, over whatever the file or the catalogue says. */
  readonly labels?: readonly string[];
  /** Which of its weights are used: plain ones where it has any, unless given. */
  readonly weights?: WeightKind;
}

/** A file that was read. */
export interface ModelFile {
  /** The file's name, or `demo`. */
  readonly name: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly checkpoint: Checkpoint;
  readonly hints: LoadHints;
  /** What is to be said of the file as a whole. */
  readonly notes: readonly string[];
}

/** Whether anybody has said what the outputs are or how images are prepared. */
const saysNothing = (card: ModelCard): boolean => card.labels === undefined && card.preparation === undefined;

/**
 * Read a model's file.
 *
 * @param nameOrPath  A checkpoint file, a name from the catalogue, or `demo`.
 * @throws            XrayError `model/…`, `file/…`, `checkpoint/…`, `card/…`, naming the file.
 */
export async function readModelFile(nameOrPath: string, options: ModelFileOptions = {}): Promise<ModelFile> {
  const { name, path, card } = await locateModel(nameOrPath);
  const bytes = await readWhole(path, MAX_MODEL_BYTES);
  try {
    const checkpoint = readCheckpoint(bytes, options.weights);
    const isUnknown = saysNothing({ ...checkpoint.card, ...card });
    const row = isUnknown && resemblesChexnet(checkpoint.tensors) ? await publishedRow(bytes) : undefined;
    return {
      name,
      path,
      bytes,
      checkpoint,
      hints: { ...options, card: { ...row?.card, ...card } },
      notes:
        row === undefined
          ? []
          : [
              `this is the published file ${row.name}, by its git blob id: the catalogue's labels and preparation are used`,
            ],
    };
  } catch (error) {
    throw inFile(path, error);
  }
}
