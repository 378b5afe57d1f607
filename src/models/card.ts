/**
 * What must be known of a model beside its weights: labels, preparation, operating points, where it is from.
 *
 * Knows: plain data. It travels as JSON in a model file's metadata, in a sidecar `<model file>.json`, or stands
 *        in the catalogue.
 */

import { MODEL_CALIBRATION } from "../calibration/by-label.ts";
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
      "The outputs' names in order. An empty name marks an output that was never trained: it is not shown.",
      LABELS,
    ),
  ),
  preparation: maybe(about("How the model wants its image: named steps in order.", PREPARATION)),
  activation: maybe(about("What the logits become: sigmoid unless said otherwise.", oneOf(ACTIVATIONS))),
  operatingPoints: maybe(about("Threshold on the probability, by label.", byName(between(0, 1)))),
  calibration: maybe(
    about("What makes probabilities that come true as often as they say.", MODEL_CALIBRATION),
  ),
  licence: passedOver(text()),
  citation: passedOver(text()),
  source: passedOver(about("Where the weights are from.", text())),
  trainedOn: passedOver(
    about(
      "Set where the findings were learned from drawn phantoms alone: every result then says so.",
      oneOf(["phantoms"]),
    ),
  ),
  learnedFrom: maybe(
    about("What is known of the images that it, or what it started from, has seen.", list(LEARNED_FROM)),
  ),
});

export type ModelCard = Of<typeof CARD>;

const WHAT = "its model card is not valid";

/** Parts of a card have codes of their own. */
function codeOf(field: string): ErrorCode {
  if (field.startsWith("preparation")) return "preparation/invalid";
  return /^calibration\.findings./.test(field) ? "calibration/invalid" : "card/invalid";
}

/** Without fields that were passed over; its steps in an order that makes sense. */
function finished(card: ModelCard): ModelCard {
  if (card.preparation !== undefined) checkOrder(card.preparation);
  return Object.fromEntries(Object.entries(card).filter(([, value]) => value !== undefined));
}

/**
 * Check a card that came from a file.
 *
 * @param value  Parsed JSON. Fields that are not known are ignored.
 * @throws       XrayError `card/invalid`, `calibration/invalid`, `preparation/invalid`, `preparation/no-size`.
 */
export const parseCard = (value: unknown): ModelCard =>
  finished(check(CARD, value, { code: codeOf, what: WHAT }));

/** Parse a card from JSON text. Throws as `parseCard`. */
export const parseCardText = (json: string): ModelCard =>
  finished(checkText(CARD, json, { code: codeOf, what: WHAT }));

const parseLabels = (labels: readonly string[]): readonly string[] =>
  check(LABELS, labels, { code: "card/invalid", what: WHAT, field: "labels" });

/** A card with nothing left open, fit to a model's dimensions. */
export interface ResolvedCard extends ModelCard {
  readonly labels: readonly string[];
  /** Where the labels are from, in words. */
  readonly labelSource: string;
  readonly preparation: Preparation;
  readonly activation: Activation;
}

/** What a model's file says beside its card. */
export interface FileFacts {
  readonly numLabels: number;
  readonly inChannels: number;
  /** Labels that it lists, and where. */
  readonly labels?: { readonly names: readonly string[]; readonly where: string };
  /** Why lists of names in it are not used. */
  readonly misfits?: readonly string[];
  /** What is known of its family. */
  readonly family?: ModelCard;
  /** What its own head makes of the logits. */
  readonly activation?: Activation;
}

/** torchxrayvision's preparation of a decoded image. */
export const XRV_PREPARATION: Preparation = [
  { step: "grey" },
  { step: "normalise", scheme: "xrv" },
  { step: "center-square" },
  { step: "resize", width: 224, height: 224, resample: "skimage" },
];

/** The labels and where they are from: the first source that has them. */
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
 * Names as results have them: a finding's canonical one for each of its spellings and aliases, unless two outputs would share
 * one. Other names stay as they are.
 */
export function canonicalLabels(labels: readonly string[]): readonly string[] {
  const canonical = labels.map((label) => (label === "" ? "" : (matchLabel(label, FINDING_NAMES) ?? label)));
  const isShared = (name: string) => canonical.filter((other) => other === name).length > 1;
  return canonical.map((name, i) => (name !== "" && isShared(name) ? labels[i]! : name));
}

/** What a card holds for each output, under the names that the outputs go by. */
function renamed(
  card: ModelCard,
  before: readonly string[] | undefined,
  labels: readonly string[],
): ModelCard {
  const { operatingPoints, calibration } = card;
  if (before === undefined || before.length !== labels.length || before.join() === labels.join()) return card;
  const byName = <T>(values: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(
      labels.flatMap((label, i) => {
        // A card may well spell its thresholds otherwise than the file its labels.
        const isSame = matchLabel(before[i]!, [label]) !== undefined;
        const name = [before[i]!, ...(isSame ? [label] : [])].find((one) => Object.hasOwn(values, one));
        return name === undefined ? [] : [[label, values[name]!]];
      }),
    );
  return {
    ...card,
    ...(operatingPoints === undefined ? {} : { operatingPoints: byName(operatingPoints) }),
    ...(calibration === undefined
      ? {}
      : { calibration: { ...calibration, findings: byName(calibration.findings) } }),
  };
}

/**
 * Settle labels, preparation and activation of a model.
 *
 * @param file   Its dimensions, and what its file said beyond the card.
 * @param card   From the file's metadata, a sidecar or the catalogue.
 * @param given  Labels that the user named; they win over everything.
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
