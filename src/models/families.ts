/**
 * Files of known families of models, recognised by their content, whatever their name.
 *
 * Pipeline:   checkpoint → **a card for what the file itself does not say**
 * Knows:      what torchxrayvision, reproduce-chexnet and the CheXNet reimplementations save. Not files.
 * Reference:  torchxrayvision/models.py (`DenseNet`, `model_urls`), scripts/train_utils.py; reproduce-chexnet/model.py;
 *             arnoweng/CheXNet model.py; zoogzog/chexnet DensenetModels.py, ChexnetTrainer.py.
 */

import { FINDING_NAMES } from "../findings.ts";
import type { PickleObject } from "../formats/pickle/values.ts";
import type { TensorEntry } from "../formats/tensor-entry.ts";
import { agreeing, counted } from "../text.ts";
import { type ModelCard, XRV_PREPARATION } from "./card.ts";
import { CENTER_CROP, findRow } from "./catalogue.ts";
import { childrenOf } from "./module-path.ts";
import { XRV_LABELS, XRV_NAMES, type XrvName, xrvOutputs, xrvPoints } from "./xrv-weights.ts";

/** What in a checkpoint reveals its family. */
export interface Evidence {
  /** The pickled modules from the outermost to the network, if there are any. */
  readonly modules: readonly PickleObject[];
  /** The keys beside the weights in the dict that holds them. */
  readonly siblings: readonly string[];
  /** By the file's names. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly numLabels: number;
  readonly inChannels: number;
  /** The labels, if they are known from elsewhere. */
  readonly labels: readonly string[] | undefined;
}

/** What a family adds to what a file says about itself. */
export interface Family {
  readonly card: ModelCard;
  readonly note: string;
}

/** `recognised as torchxrayvision's by …: its labels and its input range are used`. */
const noteOf = (whose: string, sign: string, what: string, labels: readonly string[] | undefined): string =>
  `recognised as ${whose} by ${sign}, so its ${labels === undefined ? `labels and its ${what} are` : `${what} is`} used`;

/** Which of torchxrayvision's weights a module has according to its attribute: `densenet121-res224-nih`. */
function namedWeights(modules: readonly PickleObject[]): XrvName | undefined {
  const weights = modules.at(-1)?.attribute("weights");
  const name = typeof weights === "string" ? /^(?:densenet121-res224-)?(\w+)$/.exec(weights)?.[1] : undefined;
  return XRV_NAMES.find((known) => known === name);
}

/** The operating points that torchxrayvision registers as a buffer, with NaN for outputs that were never trained. */
function storedPoints(tensors: Evidence["tensors"]): ArrayLike<number> | undefined {
  const entry = [...tensors].find(([name]) => name === "op_threshs" || name.endsWith(".op_threshs"))?.[1];
  if (entry === undefined || entry.shape.join() !== String(XRV_LABELS.length)) return undefined;
  if (entry.dtype !== "float32" && entry.dtype !== "float64") return undefined;
  const points = entry.read().data as Float32Array | Float64Array;
  const areShares = [...points].every((point) => Number.isNaN(point) || (point >= 0 && point <= 1));
  return areShares && [...points].some((point) => !Number.isNaN(point)) ? points : undefined;
}

/** Outputs whose bias is still exactly 0, if other outputs have learned one. */
function neverTrained(tensors: Evidence["tensors"]): readonly number[] {
  const entry = [...tensors].find(([name]) => name.endsWith("classifier.bias"))?.[1];
  if (entry?.dtype !== "float32") return [];
  const biases = [...(entry.read().data as Float32Array)];
  const zeros = biases.flatMap((bias, i) => (bias === 0 ? [i] : []));
  return zeros.length === biases.length ? [] : zeros;
}

/** What the file says about the 18 outputs: which weights they are, their points, or which were never trained. */
function xrvOutputsOf({ modules, tensors, labels }: Evidence): { card: ModelCard; how: string | undefined } {
  const named = namedWeights(modules);
  if (named !== undefined)
    return {
      card: { ...findRow(`xrv-${named}`)!.card, ...xrvOutputs(xrvPoints(named), labels) },
      how: `its weights are ${named}`,
    };
  const points = storedPoints(tensors);
  if (points !== undefined)
    return { card: xrvOutputs(points, labels), how: "its op_threshs say which outputs were trained" };
  // The file's own labels show which outputs are used.
  if (labels !== undefined) return { card: {}, how: undefined };
  const untrained = neverTrained(tensors);
  const how =
    untrained.length > 0
      ? `${counted(untrained.length, "output")} with a bias that is still exactly 0 ${agreeing(untrained.length, "was", "were")} never trained and ${agreeing(untrained.length, "is", "are")} left out`
      : "it does not say which of its outputs were trained";
  return { card: { labels: XRV_LABELS.map((label, i) => (untrained.includes(i) ? "" : label)) }, how };
}

const XRV_CLASS = /^torchxrayvision\.models\./;

/** A class of torchxrayvision's on the path to the network or, because a subclass keeps its blocks, inside it. */
function xrvClass(modules: readonly PickleObject[]): string | undefined {
  const network = modules.at(-1);
  const blocks = network === undefined ? [] : childrenOf(network).flatMap(([, part]) => childrenOf(part));
  const all = [...modules, ...blocks.map(([, block]) => block)].map(({ className = "" }) => className);
  return all.find((name) => XRV_CLASS.test(name));
}

/** Recognise torchxrayvision by a module's class or by its operating points, with one input channel and 18 outputs. */
function torchxrayvision(evidence: Evidence): Family | undefined {
  const { modules, numLabels, inChannels, tensors, labels } = evidence;
  const className = xrvClass(modules);
  if (inChannels !== 1 || numLabels !== XRV_LABELS.length) return undefined;
  if (className === undefined && storedPoints(tensors) === undefined) return undefined;
  const { card, how } = xrvOutputsOf(evidence);
  const sign = className === undefined ? "its op_threshs" : `its class ${className}`;
  const note = noteOf("torchxrayvision's", sign, "input range", labels);
  return {
    card: { preparation: XRV_PREPARATION, source: "mlmed/torchxrayvision", ...card },
    note: how === undefined ? note : `${note}; ${how}`,
  };
}

/** Recognise reproduce-chexnet, which saves the whole module with its learning rate and random state. */
function reproduceChexnet({ modules, siblings, numLabels, tensors, labels }: Evidence): Family | undefined {
  const isSavedSo = ["best_loss", "epoch", "rng_state", "LR"].every((key) => siblings.includes(key));
  const hasItsHead = numLabels === FINDING_NAMES.length && tensors.has("classifier.0.weight");
  const isItsClass = modules.at(-1)?.className === "torchvision.models.densenet.DenseNet";
  if (!isSavedSo || !hasItsHead || !isItsClass) return undefined;
  return {
    card: {
      labels: FINDING_NAMES,
      preparation: CENTER_CROP,
      source: "jrzech/reproduce-chexnet, or a training by its code",
    },
    note: noteOf(
      "saved by reproduce-chexnet",
      "the keys LR and rng_state beside the module",
      "preparation (shorter side to 224, centre crop)",
      labels,
    ),
  };
}

/**
 * Recognise the family of a file.
 *
 * @returns  Undefined if nothing in the file reveals one.
 */
export function recogniseFamily(evidence: Evidence): Family | undefined {
  return torchxrayvision(evidence) ?? reproduceChexnet(evidence);
}

/**
 * Whether a file may be one of the published CheXNet reimplementations or have been made by their code. Only its hash
 * tells which.
 *
 * @param tensors  By the file's names.
 */
export function resemblesChexnet(tensors: ReadonlyMap<string, TensorEntry>): boolean {
  for (const name of tensors.keys())
    if (/^(?:module\.)?(?:densenet121\.)?classifier\.0\.weight$/.test(name)) return true;
  return false;
}

/** The note for a file that resembles the published ones but is none of them. */
export const CHEXNET_NOTE =
  "its parameters are named as in the CheXNet reimplementations by arnoweng and zoogzog, which average ten crops; " +
  "it is none of their published files and does not say how images are prepared, so they are resized to 224 × 224, " +
  "unless a card beside it says otherwise";
