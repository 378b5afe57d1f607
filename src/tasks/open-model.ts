/**
 * From a model's name or path to a network that runs.
 *
 * Pipeline:   **name → file → loaded model → session**
 * Knows:      files, models and the runtime, which it wires together.
 */

import { inFile } from "../errors.ts";
import type { HeatmapMethod } from "../heatmaps/methods.ts";
import { inputSizeOf, type Preparation, parsePreparation, withBits } from "../image/preparation.ts";
import type { ResolvedCard } from "../models/card.ts";
import type { WeightKind } from "../models/choose-weights.ts";
import { compileModel } from "../models/compile.ts";
import type { HeatmapLayer } from "../models/densenet121.ts";
import { type LoadedModel, loadCheckpoint } from "../models/load.ts";
import { createSession, type Session, type SessionOptions, warmUp } from "../runtime/session.ts";
import { HeatmapSource } from "./heatmap-source.ts";
import { readModelFile } from "./model-file.ts";

/** How a model is opened. */
export interface OpenOptions extends SessionOptions {
  /** The outputs' names, over whatever the file or the catalogue says. */
  readonly labels?: readonly string[];
  /** Which of the file's weights are used: plain ones where it has any, unless given. */
  readonly weights?: WeightKind;
  /** How many bits of a 16-bit sample are used, 8 to 16, over whatever the card says. */
  readonly bits?: number;
  /** Heatmaps by this method are wanted. */
  readonly method?: HeatmapMethod;
  /** The layer that they are of; norm5 unless given. */
  readonly layer?: HeatmapLayer;
  /** Called as soon as it is known how images are prepared, before the session has started. */
  readonly onPreparation?: (preparation: Preparation) => void;
}

/** A model that runs. */
export interface OpenModel {
  /** The file's name, or `demo`. */
  readonly name: string;
  /** SHA-256 of the file, in hexadecimal; computed when first asked for, on a thread of its own. */
  sha256(): Promise<string>;
  readonly card: ResolvedCard;
  /** Which of the file's outputs the card's labels are of. */
  readonly outputs: readonly number[];
  /** Which of its file's weights it has. */
  readonly weightKind: WeightKind;
  /** What is to be said of how its file was read: what was found in it, assumed of it, left out. */
  readonly notes: readonly string[];
  readonly inChannels: number;
  /** Extents of the network's input. */
  readonly input: { readonly width: number; readonly height: number };
  /** Its outputs are named as `PORTS` says. */
  readonly session: Session;
  /** What makes maps of those outputs, where a method was named. */
  readonly maps: HeatmapSource | undefined;
  release(): Promise<void>;
}

function lazySha256(bytes: Uint8Array): () => Promise<string> {
  let hash: Promise<string> | undefined;
  return () => {
    hash ??= crypto.subtle
      .digest("SHA-256", bytes as Uint8Array<ArrayBuffer>)
      .then((digest) => Buffer.from(digest).toString("hex"));
    return hash;
  };
}

/** A model with its name and hash, before it is compiled. */
interface Loaded {
  readonly name: string;
  readonly sha256: () => Promise<string>;
  readonly model: LoadedModel;
}

/** A model whose images are read with other bits than its card says. */
function readWithBits(model: LoadedModel, bits: number | undefined): LoadedModel {
  if (bits === undefined) return model;
  const preparation = parsePreparation(withBits(model.card.preparation, bits));
  return { ...model, card: { ...model.card, preparation } };
}

async function load(nameOrPath: string, { labels, weights, bits }: OpenOptions): Promise<Loaded> {
  const options = {
    ...(labels === undefined ? {} : { labels }),
    ...(weights === undefined ? {} : { weights }),
  };
  const [file] = await Promise.all([readModelFile(nameOrPath, options), warmUp()]);
  try {
    const model = readWithBits(loadCheckpoint(file.checkpoint, file.hints), bits);
    return {
      name: file.name,
      sha256: lazySha256(file.bytes),
      model: { ...model, notes: [...file.notes, ...model.notes] },
    };
  } catch (error) {
    throw inFile(file.path, error);
  }
}

/**
 * Open a model: read, check, compile and start it.
 *
 * @param nameOrPath  A checkpoint file, a name from the catalogue, or `demo`.
 * @throws            XrayError `model/…`, `file/…`, `checkpoint/…`, `card/…`, `preparation/…`, `runtime/…`, naming the file.
 */
export async function openModel(nameOrPath: string, options: OpenOptions = {}): Promise<OpenModel> {
  const { name, sha256, model } = await load(nameOrPath, options);
  const { method, layer = "norm5" } = options;
  options.onPreparation?.(model.card.preparation);
  const session = await createSession(compileModel(model, method, layer), options);
  const maps = method && (await HeatmapSource.open(model, method, layer, options));
  return {
    name,
    sha256,
    card: model.card,
    outputs: model.outputs,
    weightKind: model.weightKind,
    notes: model.notes,
    inChannels: model.inChannels,
    input: inputSizeOf(model.card.preparation),
    session,
    maps,
    async release() {
      await maps?.release();
      await session.release();
    },
  };
}
