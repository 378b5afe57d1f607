/**
 * What must be known about a model besides its weights: labels, preparation, operating points, origin.
 *
 * Knows: plain data. A card is kept as JSON in a model file's metadata or in a sidecar `<model file>.json`, or comes
 *        from the catalogue.
 */

import { MODEL_CALIBRATION } from "../calibration/by-label.ts";
import { KNOWN_IMAGES } from "../checks/known-images.ts";
import { type ErrorCode, XrayError } from "../errors.ts";
import { FINDING_NAMES, matchLabel } from "../findings.ts";
import {
  channelsOf,
  checkOrder,
  PREPARATION,
  type Preparation,
  plainPreparation,
} from "../image/preparation.ts";
import {
  about,
  between,
  byName,
  check,
  checkText,
  list,
  maybe,
  type Of,
  object,
  oneOf,
  passedOver,
  some,
  text,
  where,
} from "../schema/schema.ts";
import { agreeing, counted } from "../text.ts";
import { ACTIVATIONS, type Activation } from "./activation.ts";
import { CARD_MAPS } from "./card-maps.ts";
import { CARD_QUANTISED } from "./card-quantised.ts";
import { CARD_ROC } from "./card-roc.ts";
import { LEARNED_FROM } from "./learned-from.ts";

/** The key of a card in the metadata of safetensors, ONNX and `.pth` files. */
export const CARD_KEY = "medical-x/card@1";

const isUnnamed = (labels: readonly string[]): boolean => labels.every((label) => label === "");

function isTwice(labels: readonly string[]): boolean {
  const named = labels.filter((label) => label !== "");
  return new Set(named).size !== named.length;
}

const LABELS = where(
  where(
    some(text(), "must be a list of names"),
    (labels) => !isUnnamed(labels),
    "must be a list of names, of which one at least is not empty",
  ),
  (labels) => !isTwice(labels),
  "has a label twice",
);

/** A model's card. Only what is known is set. */
export const CARD = object({
  labels: maybe(
    about(
      "The names of the outputs, in order. An empty name marks an output that was never trained, which is not shown.",
      LABELS,
    ),
  ),
  preparation: maybe(about("How images are prepared for the model: named steps, in order.", PREPARATION)),
  activation: maybe(
    about(
      "What turns outputs into probabilities. Default: sigmoid. With `none`, which only a network that is run can have, they are probabilities already.",
      oneOf(ACTIVATIONS),
    ),
  ),
  operatingPoints: maybe(about("The threshold on each label's probability.", byName(between(0, 1)))),
  roc: maybe(
    about(
      "The sensitivity and specificity of each label's probability, by threshold, as measured.",
      CARD_ROC,
    ),
  ),
  calibration: maybe(
    about("How probabilities are corrected so that they match observed frequencies.", MODEL_CALIBRATION),
  ),
  licence: passedOver(text()),
  citation: passedOver(text()),
  source: passedOver(about("Where the weights come from.", text())),
  trainedOn: passedOver(
    about(
      "Set if the findings were learned only from synthetic phantoms. Every result then says so.",
      oneOf(["phantoms"]),
    ),
  ),
  learnedFrom: maybe(
    about(
      "What is known about the images that the model, or the one it started from, has seen.",
      list(LEARNED_FROM),
    ),
  ),
  knownImages: maybe(
    about(
      "What the features of the images that it learned from look like. The input check `known-images` needs it.",
      KNOWN_IMAGES,
    ),
  ),
  maps: maybe(about("Which heatmap points best at which finding.", CARD_MAPS)),
  quantised: maybe(
    about(
      "What became int8 in the model, and what that costs. Only files that hold codes say it.",
      CARD_QUANTISED,
    ),
  ),
});

/** What a model's file says about it beside the weights. Only what is known is set. */
export type ModelCard = Of<typeof CARD>;

const WHAT = "its model card is not valid";

/** The error code for a field. Some parts of a card have their own. */
function codeOf(field: string): ErrorCode {
  if (field.startsWith("preparation")) return "preparation/invalid";
  return /^calibration\.findings./.test(field) ? "calibration/invalid" : "card/invalid";
}

/** A card without ignored fields. Throws unless its preparation's steps are in a valid order. */
function finished(card: ModelCard): ModelCard {
  if (card.preparation !== undefined) checkOrder(card.preparation);
  return Object.fromEntries(Object.entries(card).filter(([, value]) => value !== undefined));
}

/**
 * Check a card that came from a file.
 *
 * @param value  Parsed JSON. Unknown fields are ignored.
 * @throws       XrayError `card/invalid`, `calibration/invalid`, `preparation/invalid`, `preparation/no-size`.
 */
export const parseCard = (value: unknown): ModelCard =>
  finished(check(CARD, value, { code: codeOf, what: WHAT }));

/** Parse a card from JSON text. Throws as `parseCard` does. */
export const parseCardText = (json: string): ModelCard =>
  finished(checkText(CARD, json, { code: codeOf, what: WHAT }));

const parseLabels = (labels: readonly string[]): readonly string[] =>
  check(LABELS, labels, { code: "card/invalid", what: WHAT, field: "labels" });

/** A complete card that fits a model's dimensions. */
export interface ResolvedCard extends ModelCard {
  readonly labels: readonly string[];
  /** Where the labels come from, as a phrase: `the model card`. */
  readonly labelSource: string;
  readonly preparation: Preparation;
  readonly activation: Activation;
}

/** What a model's file says besides its card. */
export interface FileFacts {
  readonly numLabels: number;
  readonly inChannels: number;
  /** Labels that the file lists, and where it lists them. */
  readonly labels?: { readonly names: readonly string[]; readonly where: string };
  /** Why lists of names in the file are not used. */
  readonly misfits?: readonly string[];
  /** What is known about the family of models to which it belongs. */
  readonly family?: ModelCard;
  /** What the network's own head does with the logits. */
  readonly activation?: Activation;
}

/** How torchxrayvision prepares a decoded image. */
export const XRV_PREPARATION: Preparation = [
  { step: "grey" },
  { step: "normalise", scheme: "xrv" },
  { step: "center-square" },
  { step: "resize", width: 224, height: 224, resample: "skimage" },
];

/** The labels, from the first source that has them, and which source that is. */
function resolveLabels(
  { numLabels, labels: fromFile, misfits = [], family }: FileFacts,
  given: readonly string[] | undefined,
  card: ModelCard,
): { labels: readonly string[]; labelSource: string } {
  if (given !== undefined) return { labels: parseLabels(given), labelSource: "given as the option labels" };
  if (card.labels !== undefined) return { labels: parseLabels(card.labels), labelSource: "the model card" };
  if (fromFile !== undefined) return { labels: parseLabels(fromFile.names), labelSource: fromFile.where };
  if (family?.labels !== undefined)
    return { labels: family.labels, labelSource: `the family that it is of: ${family.source}` };
  if (numLabels === FINDING_NAMES.length) {
    return {
      labels: FINDING_NAMES,
      labelSource: `assumed: the 14 findings in the order of the CheXNet family; ${misfits.length > 0 ? "what the file lists does not fit" : "the file does not say"}`,
    };
  }
  const why =
    numLabels === 1000
      ? " 1,000 outputs are ImageNet's classes: a backbone to train from, with no findings."
      : misfits.map((misfit) => ` In the file, ${misfit}.`).join("");
  throw new XrayError(
    "card/no-labels",
    `the model has ${numLabels} ${agreeing(numLabels, "output", "outputs")}, and nothing says what ${agreeing(numLabels, "it is", "they are")}.${why} ` +
      "Name them in order",
    { numLabels },
  );
}

/**
 * Labels as results show them: each spelling or alias of a finding becomes its canonical name, unless two outputs would
 * then share it. Other labels stay as they are.
 */
export function canonicalLabels(labels: readonly string[]): readonly string[] {
  const canonical = labels.map((label) => (label === "" ? "" : (matchLabel(label, FINDING_NAMES) ?? label)));
  const isShared = (name: string) => canonical.filter((other) => other === name).length > 1;
  return canonical.map((name, i) => (name !== "" && isShared(name) ? labels[i]! : name));
}

/** A card whose operating points, measured figures, calibrations and heatmaps are listed under the outputs' new labels. */
function renamed(
  card: ModelCard,
  before: readonly string[] | undefined,
  labels: readonly string[],
): ModelCard {
  const { operatingPoints, roc, calibration, maps } = card;
  if (before === undefined || before.length !== labels.length || before.join() === labels.join()) return card;
  const byName = <T>(values: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(
      labels.flatMap((label, i) => {
        // A card's thresholds may be spelled differently from the file's labels.
        const isSame = matchLabel(before[i]!, [label]) !== undefined;
        const name = [before[i]!, ...(isSame ? [label] : [])].find((one) => Object.hasOwn(values, one));
        return name === undefined ? [] : [[label, values[name]!]];
      }),
    );
  return {
    ...card,
    ...(operatingPoints === undefined ? {} : { operatingPoints: byName(operatingPoints) }),
    ...(roc === undefined ? {} : { roc: { ...roc, findings: byName(roc.findings) } }),
    ...(calibration === undefined
      ? {}
      : { calibration: { ...calibration, findings: byName(calibration.findings) } }),
    ...(maps === undefined ? {} : { maps: { ...maps, findings: byName(maps.findings) } }),
  };
}

/**
 * Settle a model's labels, preparation and activation.
 *
 * @param file   The model's dimensions, and what its file says besides the card.
 * @param card   The card from the file's metadata, a sidecar or the catalogue.
 * @param given  Labels that the user named, which take precedence over all others.
 * @throws       XrayError `card/no-labels`, `card/label-count`, `card/channels`.
 */
export function resolveCard(file: FileFacts, card: ModelCard, given?: readonly string[]): ResolvedCard {
  const { labels: named, labelSource } = resolveLabels(file, given, card);
  if (named.length !== file.numLabels) {
    throw new XrayError(
      "card/label-count",
      `there ${agreeing(named.length, "is", "are")} ${counted(named.length, "label")} (${labelSource}) for a model with ${counted(file.numLabels, "output")}; name all of its outputs in order`,
      { labels: named, numLabels: file.numLabels },
    );
  }
  const known = { ...file.family, ...card };
  const preparation = known.preparation ?? (file.inChannels === 1 ? XRV_PREPARATION : plainPreparation());
  if (channelsOf(preparation) !== file.inChannels) {
    throw new XrayError(
      "card/channels",
      `its preparation yields ${counted(channelsOf(preparation), "channel")}, but the model takes ${file.inChannels}; correct the preparation in its card`,
      { preparation, inChannels: file.inChannels },
    );
  }
  const labels = canonicalLabels(named);
  const settled = renamed(known, given === undefined ? named : known.labels, labels);
  const activation = known.activation ?? file.activation ?? "sigmoid";
  return { ...settled, labels, labelSource, preparation, activation };
}
