/**
 * Finds the file that a model's name or path stands for.
 *
 * Pipeline:   **name → file** → checkpoint
 * Knows:      where models are kept, and which one is the default. Not what is in them.
 */

import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import { inFile, XrayError } from "../../errors.ts";
import { type ModelCard, parseCardText } from "../../models/card.ts";
import { CATALOGUE, findRow } from "../../models/catalogue.ts";
import { modelPath } from "../../node/cache.ts";
import { readWhole } from "../../node/files.ts";
import { packageFile } from "../../node/package-file.ts";

const DEFAULT_FILES = ["densenet121_model.pth", "densenet121_model.safetensors"];

/** A model's file, and what the catalogue or a sidecar says about it. */
interface ModelLocation {
  /** The file's name, or `demo`. */
  readonly name: string;
  readonly path: string;
  readonly card: ModelCard;
}

/** The model that comes with the package. It was trained on drawn phantoms, and is only used when named. */
export const DEMO = "demo";
const DEMO_FILE = "models/demo.safetensors";

function noModel(): XrayError {
  return new XrayError(
    "model/none",
    `no model was named, and there is no ${DEFAULT_FILES.join(" or ")} in this folder; ` +
      "fetch a public model and name it, or try the demo, which knows only drawn phantoms",
    { files: DEFAULT_FILES },
  );
}

/** The model to use if none is named: a file in the working directory, else `MEDICAL_X_MODEL`. */
export function defaultModel(): string {
  const file = DEFAULT_FILES.find((name) => existsSync(name));
  const named = process.env["MEDICAL_X_MODEL"];
  if (file !== undefined) return file;
  if (named !== undefined && named !== "") return named;
  throw noModel();
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/**
 * Read `<model file>.json` beside a model, a card that takes precedence over the file. Returns an empty card without
 * one.
 */
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
 * Find a model by its path, by its name in the catalogue, or in the package.
 *
 * @throws  XrayError `model/not-found`, `model/not-pulled`, `card/invalid`, `file/not-found`.
 */
export async function locateModel(nameOrPath: string): Promise<ModelLocation> {
  const row = findRow(nameOrPath);
  // A folder may well be called `demo`; it does not hide the model of that name.
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
      `the model "${row.name}" is not on this machine yet; fetch it first`,
      { name: row.name },
    );
  }
  throw new XrayError(
    "model/not-found",
    `${nameOrPath}: there is no such file, and no model of that name; the models are ${[DEMO, ...CATALOGUE.map(({ name }) => name)].join(", ")}`,
    { name: nameOrPath },
  );
}
