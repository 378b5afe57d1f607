/**
 * A checkpoint's bytes to a DenseNet121 with its card.
 *
 * Pipeline:   **file bytes → state dict → renamed → matched, with a card** → graph
 * Knows:      checkpoint formats and DenseNet121. Not files, paths or sessions.
 */

import { XrayError } from "../errors.ts";
import { explainKind, identify } from "../formats/identify.ts";
import { isSafetensors, readSafetensors } from "../formats/safetensors.ts";
import type { TensorEntry } from "../formats/tensor-entry.ts";
import { isTorch, readTorch } from "../formats/torch/read.ts";
import type { Tensor } from "../tensor.ts";
import {
  CARD_KEY,
  type FileFacts,
  type ModelCard,
  parseCardText,
  type ResolvedCard,
  resolveCard,
} from "./card.ts";
import { chooseWeights, type Network, type WeightKind, type WeightSource } from "./choose-weights.ts";
import { CHEXNET_NOTE, type Family, recogniseFamily, resemblesChexnet } from "./families.ts";
import {
  chooseLabels,
  type FoundLabels,
  type LabelCandidate,
  labelCandidates,
  labelsInMetadata,
} from "./find-labels.ts";
import { type DenseNetWeights, leftOutInWords, matchDenseNet, readDimensions } from "./match.ts";
import { type ModuleForm, readModuleForm } from "./module-form.ts";
import { findStateDicts } from "./state-dict.ts";

/** A checkpoint as its file has it, before it is matched with an architecture. */
export interface Checkpoint {
  readonly format: "torch-zip" | "torch-legacy" | "safetensors";
  /** Where in the file the tensors were found. */
  readonly where: string;
  /** As the file names them. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** By torchvision's names. */
  readonly parameters: ReadonlyMap<string, TensorEntry>;
  readonly network: Network;
  /** Whatever looks like its outputs' names. */
  readonly labelCandidates: readonly LabelCandidate[];
  /** The card that the file carries. */
  readonly card: ModelCard;
  /** What is to be said of the weights that were chosen. */
  readonly notes: readonly string[];
}

/** A file's state dicts, and what else is in it. */
interface Contents {
  readonly format: Checkpoint["format"];
  readonly sources: readonly WeightSource[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly labelsFor: (network: Network) => readonly LabelCandidate[];
}

function readContents(bytes: Uint8Array): Contents {
  if (isSafetensors(bytes)) {
    const { tensors, metadata } = readSafetensors(bytes);
    const source = { tensors, path: "safetensors", where: "safetensors", isAveraged: false, siblings: [] };
    return {
      format: "safetensors",
      sources: [source],
      metadata,
      labelsFor: () => labelsInMetadata(metadata),
    };
  }
  if (!isTorch(bytes)) {
    const words = explainKind(identify(bytes)) ?? "neither a file of torch.save nor safetensors";
    throw new XrayError("checkpoint/unknown-format", words, { kind: identify(bytes) });
  }
  const { container, root } = readTorch(bytes);
  const sources = findStateDicts(root);
  return {
    format: `torch-${container}`,
    sources,
    metadata: sources[0]!.metadata,
    labelsFor: ({ source }) => labelCandidates(root, source.module),
  };
}

/**
 * Read a checkpoint file of any known format. Nothing in it is executed.
 *
 * @param bytes    The whole file. Tensors share its memory.
 * @param weights  Which of its weights are wanted: plain ones where it has any, unless given.
 * @throws         XrayError `checkpoint/…`, `torch/…`, `safetensors/…`, `pickle/…`, `zip/…`, `format/…`.
 */
export function readCheckpoint(bytes: Uint8Array, weights?: WeightKind): Checkpoint {
  const { format, sources, metadata, labelsFor } = readContents(bytes);
  const { network, notes } = chooseWeights(sources, weights);
  const { source } = network;
  return {
    format,
    where: source.where,
    tensors: source.tensors,
    parameters: network.parameters,
    network,
    labelCandidates: labelsFor(network),
    card: cardOf(metadata),
    notes,
  };
}

function cardOf(metadata: Readonly<Record<string, string>>): ModelCard {
  const text = metadata[CARD_KEY];
  return text === undefined ? {} : parseCardText(text);
}

/** What a user or the catalogue says of a model, beyond its file. */
export interface LoadHints {
  /** A sidecar's or the catalogue's card; its fields win over those in the file. */
  readonly card?: ModelCard;
  /** The labels that the user named. */
  readonly labels?: readonly string[];
  /** Which of the file's weights are wanted. */
  readonly weights?: WeightKind;
}

/** The family of a file, where that can add anything to what is known. */
function familyOf(
  { network, tensors }: Checkpoint,
  card: ModelCard,
  file: FileFacts,
  labels: readonly string[] | undefined,
): Family | undefined {
  if (card.preparation !== undefined && labels !== undefined) return undefined;
  const { module, moduleClass, siblings } = network.source;
  return recogniseFamily({ module, moduleClass, siblings, tensors, ...file, labels });
}

/** What a whole module says of its form; nothing of a state dict. */
function formOf({ source, prefix }: Network, card: ModelCard): ModuleForm {
  return source.module === undefined
    ? { activation: undefined, by: undefined }
    : readModuleForm(source.module, prefix, card.activation !== undefined);
}

/**
 * Settle what is to be known of a checkpoint's model: the first of `--labels`, a sidecar or the catalogue, the card in the
 * file, the file's other contents, its family, and what is assumed of a file that says nothing.
 *
 * @returns  The card, and notes on what was found, assumed or passed over.
 * @throws   XrayError as `resolveCard`, and `card/label-conflict`, `checkpoint/other-head`, `checkpoint/other-module`.
 */
export function settleCard(
  checkpoint: Checkpoint,
  hints: LoadHints = {},
): { card: ResolvedCard; notes: readonly string[] } {
  const card = { ...checkpoint.card, ...hints.card };
  const { activation, by } = formOf(checkpoint.network, card);
  const dimensions = readDimensions(checkpoint.parameters);
  // What is known otherwise is not looked for: it could only contradict.
  const known = hints.labels ?? card.labels;
  const { labels, notes }: FoundLabels =
    known === undefined ? chooseLabels(checkpoint.labelCandidates, dimensions.numLabels) : { notes: [] };
  const file: FileFacts = {
    ...dimensions,
    ...(labels === undefined ? { hasMisfits: notes.length > 0 } : { labels }),
    ...(activation === undefined ? {} : { activation }),
  };
  const family = familyOf(checkpoint, card, file, known ?? labels?.names);
  const isLikeChexnet =
    card.preparation === undefined &&
    family === undefined &&
    checkpoint.network.source.module === undefined &&
    resemblesChexnet(checkpoint.tensors);
  return {
    card: resolveCard(
      { ...file, ...(family === undefined ? {} : { family: family.card }) },
      card,
      hints.labels,
    ),
    notes: [
      ...(labels === undefined ? [] : [`labels found in the file: ${labels.where}`]),
      ...notes,
      ...(family === undefined ? [] : [family.note]),
      ...(isLikeChexnet ? [CHEXNET_NOTE] : []),
      ...(activation === "softmax"
        ? [`its head ends in a softmax (${by}): the probabilities of its labels add up to 1`]
        : []),
    ],
  };
}

/** A model that is ready to become a graph: complete, finite weights and a settled card. */
export interface LoadedModel extends DenseNetWeights {
  readonly card: ResolvedCard;
  readonly format: Checkpoint["format"];
  /** Which of the file's weights these are. */
  readonly weightKind: WeightKind;
  /** Which of the file's outputs the labels are of. */
  readonly outputs: readonly number[];
  /** What is to be said of how the file was read: what was found, assumed, left out. */
  readonly notes: readonly string[];
}

/** Drop the classifier's rows of outputs that were never trained. */
function selectOutputs(
  weights: DenseNetWeights,
  card: ResolvedCard,
): { weights: DenseNetWeights; card: ResolvedCard; outputs: readonly number[] } {
  const kept = card.labels.flatMap((label, i) => (label === "" ? [] : [i]));
  if (kept.length === card.labels.length) return { weights, card, outputs: kept };
  if (card.activation === "softmax") {
    throw new XrayError(
      "card/softmax-unnamed",
      "an output without a name cannot be left away under a softmax, in whose sum it takes part; name all of them",
      { labels: card.labels },
    );
  }
  const tensors = new Map(weights.tensors);
  for (const name of ["classifier.weight", "classifier.bias"]) {
    const { shape, data } = tensors.get(name) as Tensor<"float32">;
    const width = data.length / shape[0]!;
    const rows = new Float32Array(kept.length * width);
    for (const [to, from] of kept.entries())
      rows.set(data.subarray(from * width, (from + 1) * width), to * width);
    tensors.set(name, { dtype: "float32", shape: [kept.length, ...shape.slice(1)], data: rows });
  }
  return {
    weights: { ...weights, numLabels: kept.length, tensors },
    card: { ...card, labels: kept.map((i) => card.labels[i]!) },
    outputs: kept,
  };
}

/**
 * Load a DenseNet121 from a checkpoint: all of it, or an error that says what does not fit.
 *
 * @throws  XrayError as `matchDenseNet` and `settleCard`.
 */
export function loadCheckpoint(checkpoint: Checkpoint, hints: LoadHints = {}): LoadedModel {
  const { leftOut, ...matched } = matchDenseNet(checkpoint.parameters);
  const { card: settled, notes } = settleCard(checkpoint, hints);
  const { weights, card, outputs } = selectOutputs(matched, settled);
  return {
    ...weights,
    card,
    format: checkpoint.format,
    weightKind: checkpoint.network.kind,
    outputs,
    notes: [...checkpoint.notes, ...notes, ...leftOutInWords(leftOut)],
  };
}

/** The same from a file's bytes. Throws as `readCheckpoint`, too. */
export function loadDenseNet(bytes: Uint8Array, hints: LoadHints = {}): LoadedModel {
  return loadCheckpoint(readCheckpoint(bytes, hints.weights), hints);
}
