/**
 * A model that the user chose from disk, with its sidecar if that was chosen too.
 *
 * Knows: names of files. Nothing is stored or sent.
 */

import { inFile, XrayError } from "../../src/errors.ts";
import { type ModelCard, parseCardText } from "../../src/models/card.ts";

/** What may be chosen: for `accept` of a file input. */
export const OWN_MODEL_FILES = ".pth,.pt,.tar,.ckpt,.bin,.safetensors,.onnx,.json";

/** A model's file, and what its sidecar says about it. */
export interface OwnModel {
  readonly file: File;
  readonly card?: ModelCard;
}

/** Whether a file is a sidecar: `model.pth.json`. */
const isSidecar = ({ name }: File): boolean => /\.json$/i.test(name);

/**
 * The model among chosen files: one checkpoint, and at most one `.json` file with its card, by any name.
 *
 * @throws  XrayError `file/not-found` if there is not exactly one checkpoint; `card/…`, naming the sidecar.
 */
export async function ownModel(files: readonly File[]): Promise<OwnModel> {
  const [file, ...others] = files.filter((chosen) => !isSidecar(chosen));
  const [sidecar, ...more] = files.filter(isSidecar);
  if (file === undefined || others.length > 0 || more.length > 0) {
    const message =
      "choose one checkpoint or network (.pth, .safetensors, .onnx), and with it at most one .json file with its card";
    throw new XrayError("file/not-found", message, {});
  }
  if (sidecar === undefined) return { file };
  try {
    return { file, card: parseCardText(await sidecar.text()) };
  } catch (error) {
    throw inFile(sidecar.name, error);
  }
}
