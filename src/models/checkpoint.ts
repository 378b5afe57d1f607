/**
 * A checkpoint file of any known format, as it is: the network in it that is used, and what else the file says.
 *
 * Pipeline:   **file bytes → state dicts → one network's tensors** → matched, with a card → graph
 * Knows:      checkpoint formats. Not what a network must have, files or paths.
 */

import { XrayError } from "../errors.ts";
import { explainKind, identify } from "../formats/identify.ts";
import { isSafetensors, readSafetensors } from "../formats/safetensors.ts";
import type { TensorEntry } from "../formats/tensor-entry.ts";
import { isTorch, readTorch } from "../formats/torch/read.ts";
import { type AveragedList, averagedLists } from "./averaged-lists.ts";
import { CARD_KEY, type ModelCard, parseCardText } from "./card.ts";
import { chooseWeights, type Network, type WeightKind, type WeightSource } from "./choose-weights.ts";
import type { Codes } from "./codes.ts";
import { type LabelCandidate, labelCandidates, labelsInMetadata } from "./find-labels.ts";
import { type PathStep, pathToNetwork } from "./module-path.ts";
import { findStateDicts } from "./state-dict.ts";

/** A checkpoint as read from its file, before it is matched with an architecture. */
export interface Checkpoint {
  readonly format: "torch-zip" | "torch-legacy" | "safetensors" | "onnx";
  /** Where in the file the tensors were found. */
  readonly where: string;
  /** By the file's names. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** By torchvision's names. */
  readonly parameters: ReadonlyMap<string, TensorEntry>;
  readonly network: Network;
  /** The network in whole numbers, if the file holds it; `parameters` then are what its codes stand for. */
  readonly codes?: Codes;
  /** Everything in the file that looks like the names of its outputs. */
  readonly labelCandidates: readonly LabelCandidate[];
  /** The card in the file; empty if it has none. */
  readonly card: ModelCard;
  /** Notes on the choice of weights. */
  readonly notes: readonly string[];
}

/** A file's state dicts, and what else it holds. */
export interface Contents {
  readonly format: Checkpoint["format"];
  readonly sources: readonly WeightSource[];
  readonly lists: readonly AveragedList[];
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
      lists: [],
      metadata,
      labelsFor: () => labelsInMetadata(metadata),
    };
  }
  if (!isTorch(bytes)) {
    const words =
      explainKind(identify(bytes)) ??
      "this is no model file: neither one of torch.save, nor safetensors, nor ONNX; no others are read";
    throw new XrayError("checkpoint/unknown-format", words, { kind: identify(bytes) });
  }
  const { container, root } = readTorch(bytes);
  const sources = findStateDicts(root);
  return {
    format: `torch-${container}`,
    sources,
    lists: averagedLists(root),
    metadata: sources[0]!.metadata,
    labelsFor: (network) => labelCandidates(root, modulesOf(network)),
  };
}

/**
 * Read a checkpoint file of any known format but ONNX, whose reader is loaded when it is needed (`own-files/own-onnx.ts`). Nothing in
 * it is executed.
 *
 * @param bytes    The whole file. Tensors share its memory where their alignment and strides allow it.
 * @param weights  Which of the file's weights to read. Default: plain ones if it has any.
 * @throws         XrayError `checkpoint/…`, `torch/…`, `safetensors/…`, `pickle/…`, `zip/…`, `format/…`.
 */
export const readCheckpoint = (bytes: Uint8Array, weights?: WeightKind): Checkpoint =>
  checkpointOf(readContents(bytes), weights);

/**
 * The checkpoint in a file that has been read.
 *
 * @param weights  Which of the file's weights to use. Default: plain ones if it has any.
 * @throws         XrayError `checkpoint/no-such-weights`, `card/invalid`.
 */
export function checkpointOf(
  { format, sources, lists, metadata, labelsFor }: Contents,
  weights?: WeightKind,
): Checkpoint {
  const { network, notes } = chooseWeights(sources, weights, lists);
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

/** The pickled modules from the outermost to the network; none for a state dict. */
export const modulesOf = ({ source, prefix }: Network): PathStep[] =>
  source.module === undefined ? [] : pathToNetwork(source.module, prefix);
