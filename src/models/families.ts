/**
 * Files of known families, recognised by what is in them, whatever they are called.
 *
 * Pipeline:   checkpoint → **a card for what the file does not say itself**
 * Knows:      what torchxrayvision, reproduce-chexnet and the CheXNet reimplementations save. Not files.
 * Reference:  torchxrayvision/models.py (`DenseNet`, `model_urls`), scripts/train_utils.py; reproduce-chexnet/model.py;
 *             arnoweng/CheXNet model.py; zoogzog/chexnet DensenetModels.py, ChexnetTrainer.py.
 */

import { FINDING_NAMES } from "../findings.ts";
import type { PickleObject } from "../formats/pickle/values.ts";
import type { TensorEntry } from "../formats/tensor-entry.ts";
import { type ModelCard, XRV_PREPARATION } from "./card.ts";
import { CENTER_CROP, findRow } from "./catalogue.ts";
import { XRV_LABELS, xrvOutputs } from "./xrv-weights.ts";

/** What of a checkpoint tells its family. */
export interface Evidence {
  readonly module: PickleObject | undefined;
  readonly moduleClass: string | undefined;
  /** Keys beside the weights in their file. */
  readonly siblings: readonly string[];
  /** As the file names them. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly numLabels: number;
  readonly inChannels: number;
  /** The labels that the file lists, if it does. */
  readonly labels: readonly string[] | undefined;
}

/** What a family adds to what a file says of itself. */
export interface Family {
  readonly card: ModelCard;
  readonly note: string;
}

/** `densenet121-res224-nih` → the catalogue's card of these weights. */
function namedXrvCard(module: PickleObject | undefined): ModelCard | undefined {
  const weights = module?.attribute("weights");
  const name = typeof weights === "string" ? /^(?:densenet121-res224-)?(\w+)$/.exec(weights)?.[1] : undefined;
  return name === undefined ? undefined : findRow(`xrv-${name}`)?.card;
}

/** The operating points that torchxrayvision registers as a buffer: NaN for outputs that were never trained. */
function storedPoints(tensors: Evidence["tensors"]): ArrayLike<number> | undefined {
  const entry = [...tensors].find(([name]) => name === "op_threshs" || name.endsWith(".op_threshs"))?.[1];
  if (entry === undefined || entry.shape.join() !== String(XRV_LABELS.length)) return undefined;
  if (entry.dtype !== "float32" && entry.dtype !== "float64") return undefined;
  const points = entry.read().data as Float32Array | Float64Array;
  const areShares = [...points].every((point) => Number.isNaN(point) || (point >= 0 && point <= 1));
  return areShares && [...points].some((point) => !Number.isNaN(point)) ? points : undefined;
}

/** Outputs whose bias is exactly 0, as the network started with, where others have learned one. */
function neverTrained(tensors: Evidence["tensors"]): readonly number[] {
  const entry = [...tensors].find(([name]) => name.endsWith("classifier.bias"))?.[1];
  if (entry?.dtype !== "float32") return [];
  const biases = [...(entry.read().data as Float32Array)];
  const zeros = biases.flatMap((bias, i) => (bias === 0 ? [i] : []));
  return zeros.length === biases.length ? [] : zeros;
}

/** What the file says of the 18 outputs: which weights they are, their points, or which of them have never learned. */
function xrvCard({ module, tensors }: Evidence): { card: ModelCard; how: string } {
  const named = namedXrvCard(module);
  if (named !== undefined) return { card: named, how: "it names its weights" };
  const points = storedPoints(tensors);
  if (points !== undefined)
    return { card: xrvOutputs(points), how: "its op_threshs say which outputs were trained" };
  const untrained = neverTrained(tensors);
  const labels = XRV_LABELS.map((label, i) => (untrained.includes(i) ? "" : label));
  const how =
    untrained.length > 0
      ? `${untrained.length} outputs whose bias is still exactly 0 were never trained, and are left out`
      : "which of its outputs were trained, it does not say";
  return { card: { labels }, how };
}

/** torchxrayvision: by the class of the module, or by its operating points beside 18 outputs of one channel. */
function torchxrayvision(evidence: Evidence): Family | undefined {
  const { moduleClass = "", numLabels, inChannels, tensors } = evidence;
  const isByClass = moduleClass.startsWith("torchxrayvision.models.");
  if (
    inChannels !== 1 ||
    numLabels !== XRV_LABELS.length ||
    !(isByClass || storedPoints(tensors) !== undefined)
  )
    return undefined;
  const { card, how } = xrvCard(evidence);
  const sign = isByClass ? `its class ${moduleClass}` : "its op_threshs";
  return {
    card: { preparation: XRV_PREPARATION, source: "mlmed/torchxrayvision", ...card },
    note: `${noteOf("torchxrayvision's", sign, "input range", evidence.labels)}; ${how}`,
  };
}

const isTorchvision = (moduleClass: string | undefined): boolean =>
  moduleClass === "torchvision.models.densenet.DenseNet";

/** reproduce-chexnet saves the whole module with its learning rate and the state of the random numbers. */
function reproduceChexnet({
  moduleClass,
  siblings,
  numLabels,
  tensors,
  labels,
}: Evidence): Family | undefined {
  const isSavedSo = ["best_loss", "epoch", "rng_state", "LR"].every((key) => siblings.includes(key));
  const hasItsHead = numLabels === FINDING_NAMES.length && tensors.has("classifier.0.weight");
  if (!isSavedSo || !hasItsHead || !isTorchvision(moduleClass)) return undefined;
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

/** `recognised as torchxrayvision's by …: its labels and its input range are used`. */
const noteOf = (whose: string, sign: string, what: string, labels: readonly string[] | undefined): string =>
  `recognised as ${whose} by ${sign}: its ${labels === undefined ? `labels and its ${what} are` : `${what} is`} used`;

/**
 * What is known of a file's family.
 *
 * @returns  Undefined where nothing in it names one.
 */
export function recogniseFamily(evidence: Evidence): Family | undefined {
  return torchxrayvision(evidence) ?? reproduceChexnet(evidence);
}

/**
 * Whether a file may be one of the published CheXNet reimplementations, or made by their code: that is told by its hash.
 *
 * @param tensors  As the file names them.
 */
export function resemblesChexnet(tensors: ReadonlyMap<string, TensorEntry>): boolean {
  for (const name of tensors.keys())
    if (/^(?:module\.)?(?:densenet121\.)?classifier\.0\.weight$/.test(name)) return true;
  return false;
}

/** The note for a file that resembles one of them and is none. */
export const CHEXNET_NOTE =
  "its parameters are named as in the CheXNet reimplementations by arnoweng and zoogzog, which average ten crops; " +
  "it is none of their published files and does not say how images are prepared, so they are resized to 224 × 224, " +
  "unless a card beside it says otherwise";
