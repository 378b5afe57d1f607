/**
 * Writes models in other formats.
 *
 * Pipeline:   file → model → **another file**
 * Knows:      the formats of models. Not the command line.
 */

import { existsSync } from "node:fs";
import { dirname, extname } from "node:path";
import {
  denseNetOf,
  type NamedModel,
  type NetworkModel,
  type ReadOptions,
  weightsOf,
} from "../../engine/read-model.ts";
import { inFile, XrayError } from "../../errors.ts";
import { withMetadata } from "../../formats/onnx/with-metadata.ts";
import { safetensorsPieces } from "../../formats/safetensors.ts";
import { torchPieces } from "../../formats/torch/write.ts";
import { CARD_KEY, type ModelCard, type ResolvedCard } from "../../models/card.ts";
import type { CardQuantised } from "../../models/card-quantised.ts";
import { DEQUANTISED } from "../../models/codes.ts";
import { cardMetadata, exportOnnx } from "../../models/compile.ts";
import type { LoadedModel } from "../../models/load.ts";
import { writeAtomically } from "../../node/files.ts";
import { type Tensor, toFloat16 } from "../../tensor.ts";
import { type ModelFile, readModelFile } from "./open-model.ts";
import { type QuantiseHooks, quantiseModel } from "./quantise/quantise-model.ts";

/** Data types that weights can be written in. */
export const WEIGHT_DTYPES = ["float32", "float16", "int8"] as const;

/** How to write a model. */
export interface ConvertOptions extends Partial<QuantiseHooks> {
  /**
   * float32 by default. float16 halves the file and keeps three digits of weights above 6e-5, fewer of smaller ones. int8 is
   * for ONNX files, and needs images.
   */
  readonly dtype?: (typeof WEIGHT_DTYPES)[number];
  /** Changes the card before it is written. */
  readonly change?: (card: ResolvedCard) => ResolvedCard;
  /** For int8: X-rays to measure ranges on. A data folder, any other folder, a text file with paths, or an image. */
  readonly calibrate?: string;
  /** How many of these, at most; 200 by default. Of a data folder, others then judge the result. */
  readonly limit?: number;
}

/** All weights and buffers in half precision; counters stay integers. */
function inHalfPrecision(tensors: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const halved = new Map<string, Tensor>();
  for (const [name, tensor] of tensors) {
    if (tensor.dtype !== "float32") {
      halved.set(name, tensor);
      continue;
    }
    const half = toFloat16(tensor as Tensor<"float32">);
    const at = half.data.findIndex((bits) => (bits & 0x7c00) === 0x7c00);
    if (at >= 0) {
      throw new XrayError(
        "convert/out-of-range",
        `"${name}" holds ${tensor.data[at]}, which float16 cannot represent (its largest number is 65504); write float32`,
        { name, at, value: tensor.data[at] },
      );
    }
    halved.set(name, half);
  }
  return halved;
}

/**
 * What a written card may contain. Labels that were assumed are left out, so that the copy does not make them a fact.
 */
const toldCard = ({ labels, labelSource, ...rest }: ResolvedCard): ModelCard =>
  labelSource.startsWith("assumed") ? rest : { ...rest, labels };

const same = (card: ResolvedCard): ResolvedCard => card;

/** The same model without codes, and what to say about its weights. */
function withoutCodes<M extends LoadedModel>({
  codes,
  ...model
}: M): { model: Omit<M, "codes">; notes: string[] } {
  if (codes === undefined) return { model, notes: [] };
  const { quantised: _, ...card } = model.card;
  return { model: { ...model, card }, notes: [DEQUANTISED] };
}

/** Extensions that can be written, and how. */
const WRITERS = {
  ".safetensors": (model) => safetensorsPieces(model.tensors, cardMetadata(toldCard(model.card))),
  ".pth": (model) => torchPieces(model.tensors, cardMetadata(toldCard(model.card))),
  ".onnx": (model) => [exportOnnx(model, "gradcam")],
} satisfies Record<string, (model: LoadedModel) => Uint8Array[]>;

/**
 * Check that a file with this name can be written.
 *
 * @throws  XrayError `convert/unknown-format`, or `file/not-found` if its folder does not exist.
 */
export function checkTarget(target: string): keyof typeof WRITERS {
  const ending = extname(target).toLowerCase();
  const folder = dirname(target);
  if (Object.hasOwn(WRITERS, ending) && !existsSync(folder)) {
    throw new XrayError(
      "file/not-found",
      `${target}: there is no folder ${folder}; create it, or name another`,
      { file: target },
    );
  }
  if (Object.hasOwn(WRITERS, ending)) return ending as keyof typeof WRITERS;
  throw new XrayError(
    "convert/unknown-format",
    `${target}: files with the ending "${ending}" cannot be written; choose one of ${Object.keys(WRITERS).join(", ")}`,
    { target },
  );
}

/**
 * Write a checkpoint in another format. Weights become float32, and what was float32 stays the same bit for bit; or
 * float16, rounded to nearest, ties to even. A network that is run and not understood can only be written as it is, to `.onnx`,
 * with its card in its metadata.
 *
 * @param target  Its extension decides: `.safetensors`, `.pth` (a plain state dict), `.onnx` (with Grad-CAM maps).
 * @returns       The number of parameters and buffers, and notes on how the file was read.
 * @throws        XrayError `convert/unknown-format`, `convert/out-of-range`, `convert/dtype`, `model/only-run`,
 *                or as in `weightsOf`.
 */
export async function convertModel(
  nameOrPath: string,
  target: string,
  { weights, labels, ...options }: ConvertOptions & ReadOptions = {},
): Promise<Converted> {
  checkWritten(target, options);
  const wanted = {
    ...(weights === undefined ? {} : { weights }),
    ...(labels === undefined ? {} : { labels }),
  };
  return convertFile(await readModelFile(nameOrPath, wanted), target, options);
}

/** What was written. */
export interface Converted {
  /** The number of parameters and buffers. */
  readonly tensors: number;
  /** Notes on how the file was read. */
  readonly notes: readonly string[];
  /** What int8 costs, and the size of its file. */
  readonly quantised?: CardQuantised;
  readonly bytes?: number;
}

/** Check that a file with this name and data type can be written. Throws as `checkTarget`, and `convert/dtype`. */
function checkWritten(
  target: string,
  { dtype = "float32", calibrate }: ConvertOptions,
): keyof typeof WRITERS {
  const ending = checkTarget(target);
  const refused = (why: string) =>
    new XrayError("convert/dtype", `${target}: ${why}`, {
      target,
      dtype,
      needsImages: ending === ".onnx" && dtype === "int8",
    });
  if (ending === ".onnx" && dtype === "float16")
    throw refused(
      "an ONNX file can only be written in float32 or int8; choose one of them, or name a .safetensors or .pth file",
    );
  if (ending !== ".onnx" && dtype === "int8")
    throw refused(
      "only an ONNX file can be written in int8; name an .onnx file, or choose float16 or float32",
    );
  if (dtype === "int8" && calibrate === undefined)
    throw refused(
      "int8 needs images to measure ranges on; name a folder or a list of X-rays like those of the training",
    );
  if (dtype !== "int8" && calibrate !== undefined)
    throw refused(
      "images to measure ranges on are only of use for int8; choose this type, or name no images",
    );
  return ending;
}

/** A network's own file with a card in its metadata, under which all of its outputs are named again. */
function networkPieces({ network, outputs }: NetworkModel, card: ResolvedCard): Uint8Array[] {
  const labels = Array.from({ length: network.width }, () => "");
  for (const [i, at] of outputs.entries()) labels[at] = card.labels[i]!;
  // What a network's outputs are is never left to a default.
  const told = { ...toldCard({ ...card, labels }), activation: card.activation };
  return withMetadata(network.bytes, CARD_KEY, JSON.stringify(told));
}

/** The pieces of a model's file in another format, and notes on its weights. */
function piecesOf(model: NamedModel, ending: keyof typeof WRITERS, { dtype, change = same }: ConvertOptions) {
  if (model.kind === "network" && ending === ".onnx")
    return { pieces: networkPieces(model, change(model.card)), notes: [] };
  const own = denseNetOf(model, "it cannot be written in another format; name an .onnx file");
  // Where only the card changes, codes stay.
  const isKept = ending === ".onnx" && dtype === undefined;
  const { model: denseNet, notes } = isKept ? { model: own, notes: [] } : withoutCodes(own);
  const tensors = dtype === "float16" ? inHalfPrecision(denseNet.tensors) : denseNet.tensors;
  return { pieces: WRITERS[ending]({ ...denseNet, tensors, card: change(denseNet.card) }), notes };
}

/** Write a model that has already been read; otherwise like `convertModel`. */
export async function convertFile(
  file: ModelFile,
  target: string,
  options: ConvertOptions = {},
): Promise<Converted> {
  const ending = checkWritten(target, options);
  const { calibrate } = options;
  try {
    const model = weightsOf(file);
    if (calibrate !== undefined) return await writeInt8(model, target, { ...options, calibrate });
    const { pieces, notes } = piecesOf(model, ending, options);
    await writeAtomically(target, pieces);
    return {
      tensors: model.kind === "network" ? file.onnx!.graph.initialisers.size : model.tensors.size,
      notes: [...model.notes, ...notes],
    };
  } catch (error) {
    throw inFile(file.path, error);
  }
}

/** Images that ranges are measured on. More take longer and change little. */
const DEFAULT_LIMIT = 200;

/** Hooks of a caller who has none. */
const QUIET: QuantiseHooks = {
  withProgress: (_, work) => work(() => undefined),
  onFailure: () => undefined,
  isStopping: () => false,
};

/** Quantise a model and write it. */
async function writeInt8(
  named: NamedModel,
  target: string,
  {
    calibrate,
    limit = DEFAULT_LIMIT,
    change = same,
    ...hooks
  }: ConvertOptions & { readonly calibrate: string },
): Promise<Converted> {
  const own = denseNetOf(named, "it cannot be quantised; only a DenseNet121 can");
  const { model, quantised, notes } = await quantiseModel(own, { calibrate, limit }, { ...QUIET, ...hooks });
  const [bytes] = WRITERS[".onnx"]({ ...model, card: change(model.card) });
  await writeAtomically(target, [bytes!]);
  const again = own.codes === undefined ? [] : [DEQUANTISED];
  return {
    tensors: model.tensors.size,
    notes: [...own.notes, ...again, ...notes],
    quantised,
    bytes: bytes!.length,
  };
}
