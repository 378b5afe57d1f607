/**
 * From a model's bytes to its weights or its network, and its card, with all that a sidecar, the catalogue and the file itself
 * say about it.
 *
 * Pipeline:   bytes → **checkpoint or network, with hints → in memory, with a settled card** → session
 * Knows:      the kinds of models. Not where bytes come from.
 */

import { XrayError } from "../errors.ts";
import type { OnnxFile } from "../formats/onnx/structure.ts";
import { isOnnx } from "../formats/onnx-signature.ts";
import type { Preparation } from "../image/preparation.ts";
import { parsePreparation, withBits } from "../image/preparation.ts";
import type { ModelCard } from "../models/card.ts";
import { type Checkpoint, readCheckpoint } from "../models/checkpoint.ts";
import type { WeightKind } from "../models/choose-weights.ts";
import { resemblesChexnet } from "../models/families.ts";
import { type LoadedModel, loadCheckpoint } from "../models/load.ts";
import type { LoadedNetwork } from "../models/network/network.ts";
import { publishedRow, sha256Of } from "../models/published.ts";
import type { LoadHints } from "../models/settle-card.ts";
import { loadPart } from "./load-part.ts";

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

/** What is known about any file that has been read. */
interface ReadFacts extends ModelBytes {
  readonly hints: LoadHints;
  /** What the file, a sidecar and the catalogue say, as a card. */
  readonly said: ModelCard;
  /** The whole file, if it is ONNX. */
  readonly onnx?: OnnxFile;
  /** Notes about the file as a whole. */
  readonly notes: readonly string[];
}

/** A model's file, read as a checkpoint. */
export interface ReadCheckpoint extends ReadFacts {
  readonly kind: "checkpoint";
  readonly checkpoint: Checkpoint;
}

/** A model's file whose network can only be run. */
export interface ReadNetwork extends ReadFacts {
  readonly kind: "network";
  readonly onnx: OnnxFile;
  /** Complete it with a card. Throws XrayError `onnx/…`, `card/…`. */
  readonly load: (hints: LoadHints) => LoadedNetwork;
}

/** A model's file that has been read. */
export type ReadModel = ReadCheckpoint | ReadNetwork;

/** Where a model comes from. */
interface Origin {
  readonly name: string;
  /** SHA-256 of the file, in hexadecimal. Computed on first use. */
  sha256(): Promise<string>;
}

/** A DenseNet121: weights in memory with their card and origin, from which sessions are made. */
export interface DenseNetModel extends LoadedModel, Origin {
  readonly kind: "densenet121";
}

/** A network that is run and not understood, with its card and origin. */
export interface NetworkModel extends LoadedNetwork, Origin {
  readonly kind: "network";
}

/** A model in memory, from which sessions are made. */
export type NamedModel = DenseNetModel | NetworkModel;

/** The error for a model whose network is only run, where its weights are needed. */
function onlyRun(name: string, need: string): XrayError {
  return new XrayError("model/only-run", `${name}: its network is run and not understood, so ${need}`, {
    file: name,
  });
}

/**
 * A model's weights.
 *
 * @param need  What cannot be done without them, and what can: `it cannot be trained from; start from …`.
 * @throws      XrayError `model/only-run`.
 */
export function denseNetOf(model: NamedModel, need: string): DenseNetModel {
  if (model.kind === "densenet121") return model;
  throw onlyRun(model.name, need);
}

/** The checkpoint in a file; otherwise like `denseNetOf`. */
export function checkpointFileOf(file: ReadModel, need: string): ReadCheckpoint {
  if (file.kind === "checkpoint") return file;
  throw onlyRun(file.name, need);
}

/** Whether a card says neither what the outputs are nor how images are prepared. */
const saysNothing = (card: ModelCard): boolean => card.labels === undefined && card.preparation === undefined;

/**
 * Read a model's file.
 *
 * @throws  XrayError `checkpoint/…`, `card/…`, or an error of the file's format.
 */
export async function readModel(file: ModelBytes, options: ReadOptions = {}): Promise<ReadModel> {
  const read = isOnnx(file.bytes)
    ? (await loadPart("onnx-reader.js", () => import("./onnx-reader.ts"))).readOnnxModel(
        file.bytes,
        options.weights,
      )
    : { kind: "checkpoint" as const, checkpoint: readCheckpoint(file.bytes, options.weights) };
  if (read.kind === "network") {
    const said = { ...read.ownCard, ...file.card };
    return { ...file, ...read, said, hints: { ...options, card: file.card ?? {} }, notes: [] };
  }
  const { checkpoint } = read;
  const isUnknown = saysNothing({ ...checkpoint.card, ...file.card });
  const row = isUnknown && resemblesChexnet(checkpoint.tensors) ? await publishedRow(file.bytes) : undefined;
  const card = { ...row?.card, ...file.card };
  return {
    ...file,
    ...read,
    said: { ...checkpoint.card, ...card },
    hints: { ...options, card },
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
 * Load a model from a file that has been read: a DenseNet121 of which every tensor fits, or a network with all that a card
 * must say about it. An error says what does not fit.
 *
 * @param bits  Number of bits in use in a 16-bit sample, 8 to 16, which takes precedence over the card.
 * @throws      XrayError `checkpoint/…`, `onnx/…`, `card/…`, `preparation/…`.
 */
export function weightsOf(file: ReadModel, bits?: number): NamedModel {
  const { name, bytes, notes, hints } = file;
  const loaded =
    file.kind === "network"
      ? { kind: "network" as const, ...file.load(hints) }
      : { kind: "densenet121" as const, ...loadCheckpoint(file.checkpoint, hints) };
  return {
    ...loaded,
    name,
    card: { ...loaded.card, preparation: preparedWithBits(loaded.card.preparation, bits) },
    notes: [...notes, ...loaded.notes],
    sha256: once(() => sha256Of(bytes)),
  };
}
