/**
 * From a model's name or path to a network that runs.
 *
 * Pipeline:   **name → file → loaded model → session**
 * Knows:      where models are kept and which is the default. It wires files, models and runtime together.
 */

import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import { inFile, XrayError } from "../errors.ts";
import type { HeatmapMethod } from "../heatmaps/methods.ts";
import { inputSizeOf, type Preparation, parsePreparation, withBits } from "../image/preparation.ts";
import { type ModelCard, parseCardText, type ResolvedCard } from "../models/card.ts";
import { CATALOGUE, findRow } from "../models/catalogue.ts";
import { compileModel } from "../models/compile.ts";
import type { HeatmapLayer } from "../models/densenet121.ts";
import { type LoadedModel, loadDenseNet } from "../models/load.ts";
import { modelPath } from "../node/cache.ts";
import { MAX_MODEL_BYTES, readWhole } from "../node/files.ts";
import { packageFile } from "../node/package-file.ts";
import { createSession, type Session, type SessionOptions, warmUp } from "../runtime/session.ts";
import { HeatmapSource } from "./heatmap-source.ts";

const DEFAULT_FILES = ["densenet121_model.pth", "densenet121_model.safetensors"];

/** A model's file, and what the catalogue or a sidecar says of it. */
export interface ModelLocation {
  /** The file's name, or `demo`. */
  readonly name: string;
  readonly path: string;
  readonly card: ModelCard;
}

/** The model that comes with the package. It was trained on drawn phantoms, and is never used unasked. */
export const DEMO = "demo";
const DEMO_FILE = "models/demo.safetensors";

function noModel(): XrayError {
  return new XrayError(
    "model/none",
    `no model: there is no ${DEFAULT_FILES.join(" or ")} here, and --model was not given. ` +
      "Fetch a public one with `medical-x models pull <name>` (see `medical-x models list`), " +
      "or try the demo, which knows drawn phantoms only, with --model demo",
    { files: DEFAULT_FILES },
  );
}

/** The model to use where none is named: a file in the working directory, else `MEDICAL_X_MODEL`. */
export function defaultModel(): string {
  const file = DEFAULT_FILES.find((name) => existsSync(name));
  const named = process.env["MEDICAL_X_MODEL"];
  if (file !== undefined) return file;
  if (named !== undefined && named !== "") return named;
  throw noModel();
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** `<model file>.json` beside a model: a card that wins over what the file says; an empty one where there is none. */
export async function readSidecar(path: string): Promise<ModelCard> {
  const sidecar = `${path}.json`;
  if (!existsSync(sidecar)) return {};
  const text = new TextDecoder().decode(await readWhole(sidecar, 1_000_000));
  try {
    return parseCardText(text);
  } catch (error) {
    throw inFile(sidecar, error);
  }
}

/**
 * Find a model by path, by its name in the catalogue, or in the package.
 *
 * @throws  XrayError `model/not-found`, `model/not-pulled`, `card/invalid`, `file/not-found`.
 */
export async function locateModel(nameOrPath: string): Promise<ModelLocation> {
  const row = findRow(nameOrPath);
  // A folder may well be called `demo`: it takes nobody's name.
  const isKnown = nameOrPath === DEMO || row !== undefined;
  if (isKnown ? isFile(nameOrPath) : existsSync(nameOrPath)) {
    return { name: basename(nameOrPath), path: nameOrPath, card: await readSidecar(nameOrPath) };
  }
  if (nameOrPath === DEMO) {
    return { name: DEMO, path: packageFile(DEMO_FILE), card: { trainedOn: "phantoms" } };
  }
  if (row !== undefined) {
    const path = modelPath(row.file);
    if (existsSync(path)) return { name: basename(path), path, card: row.card };
    throw new XrayError(
      "model/not-pulled",
      `the model "${row.name}" is not on this machine yet; fetch it with \`medical-x models pull ${row.name}\``,
      { name: row.name },
    );
  }
  throw new XrayError(
    "model/not-found",
    `${nameOrPath}: no such file, and no model of that name (there are ${[DEMO, ...CATALOGUE.map(({ name }) => name)].join(", ")})`,
    { name: nameOrPath },
  );
}

/** How a model is opened. */
export interface OpenOptions extends SessionOptions {
  /** The outputs' names, over whatever the file or the catalogue says. */
  readonly labels?: readonly string[];
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

async function load(nameOrPath: string, options: OpenOptions): Promise<Loaded> {
  const labels = options.labels === undefined ? {} : { labels: options.labels };
  const { name, path, card } = await locateModel(nameOrPath);
  const [bytes] = await Promise.all([readWhole(path, MAX_MODEL_BYTES), warmUp()]);
  try {
    const model = loadDenseNet(bytes, { card, ...labels });
    return { name, sha256: lazySha256(bytes), model: readWithBits(model, options.bits) };
  } catch (error) {
    throw inFile(path, error);
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
