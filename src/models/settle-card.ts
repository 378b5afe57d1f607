/**
 * Completing a checkpoint's card from every available source, with notes on what had to be assumed.
 *
 * Pipeline:   checkpoint → **complete card, and notes** → loaded model
 * Knows:      which source takes precedence. Not files or weights.
 */

import { quote } from "../errors.ts";
import { agreeing, counted } from "../text.ts";
import { type FileFacts, type ModelCard, type ResolvedCard, resolveCard } from "./card.ts";
import { type Checkpoint, modulesOf } from "./checkpoint.ts";
import type { Network, WeightKind } from "./choose-weights.ts";
import { CHEXNET_NOTE, type Family, recogniseFamily, resemblesChexnet } from "./families.ts";
import { chooseLabels, type FoundLabels } from "./find-labels.ts";
import { readDimensions } from "./match.ts";
import { type ModuleForm, readModuleForm } from "./module-form.ts";

/** What a user or the catalogue says about a model, beyond its file. */
export interface LoadHints {
  /** The card from a sidecar or the catalogue, whose fields take precedence over those in the file. */
  readonly card?: ModelCard;
  /** The labels that the user named. */
  readonly labels?: readonly string[];
  /** Which of the file's weights to use. */
  readonly weights?: WeightKind;
}

/** The family of a file; undefined also if it could add nothing to what is known. */
function familyOf(
  { network, tensors }: Checkpoint,
  card: ModelCard,
  file: FileFacts,
  labels: readonly string[] | undefined,
): Family | undefined {
  if (card.preparation !== undefined && labels !== undefined) return undefined;
  const modules = modulesOf(network).map(({ module }) => module);
  return recogniseFamily({ modules, siblings: network.source.siblings, tensors, ...file, labels });
}

/** What a pickled module says about its form. A state dict says nothing. */
function formOf({ source, prefix }: Network, card: ModelCard): ModuleForm {
  return source.module === undefined
    ? { activation: undefined, notes: [] }
    : readModuleForm(source.module, prefix, card.activation !== undefined);
}

/** Labels that exclude all others. */
const EXCLUDES = /^(?:no[ _-]?findings?|normal|healthy)$/i;

/** Notes on what was assumed, and on what is not used. */
function assumptions(card: ResolvedCard, known: ModelCard, file: FileFacts): string[] {
  const nameless = card.labels.filter((label) => label === "").length;
  const isSaid = known.activation !== undefined || file.activation !== undefined;
  const excluding = card.labels.find((label) => EXCLUDES.test(label));
  return [
    ...(card.labelSource.startsWith("assumed") ? [`labels ${card.labelSource}`] : []),
    ...(known.preparation === undefined && file.inChannels === 1
      ? [
          "the file does not say how images are prepared; torchxrayvision's preparation is assumed, because the network takes one channel",
        ]
      : []),
    ...(nameless === 0
      ? []
      : [
          `${counted(nameless, "output")} without a name ${agreeing(nameless, "was", "were")} never trained and ${agreeing(nameless, "is", "are")} left out`,
        ]),
    ...(excluding !== undefined && !isSaid
      ? [
          `its label ${quote(excluding)} excludes the others, and the file does not say whether its outputs are a softmax, so a sigmoid is assumed; ` +
            'a card beside the file can say { "activation": "softmax" }',
        ]
      : []),
  ];
}

/**
 * Complete a checkpoint's card. Each fact comes from the first source that has it: the user's labels, a sidecar or the
 * catalogue, the card in the file, the file's other contents, its family, and finally an assumption.
 *
 * @returns  The card, and notes on what was found, assumed or ignored.
 * @throws   XrayError as `resolveCard`, and `card/label-conflict`, `checkpoint/other-head`, `checkpoint/other-module`.
 */
export function settleCard(
  checkpoint: Checkpoint,
  hints: LoadHints = {},
): { card: ResolvedCard; notes: readonly string[] } {
  const card = { ...checkpoint.card, ...hints.card };
  const form = formOf(checkpoint.network, card);
  const dimensions = readDimensions(checkpoint.parameters);
  // Labels that are known already are not searched for: the file could only contradict them.
  const known = hints.labels ?? card.labels;
  const found: FoundLabels =
    known === undefined
      ? chooseLabels(checkpoint.labelCandidates, dimensions.numLabels)
      : { notes: [], misfits: [] };
  const file: FileFacts = {
    ...dimensions,
    misfits: found.misfits,
    ...(found.labels === undefined ? {} : { labels: found.labels }),
    ...(form.activation === undefined ? {} : { activation: form.activation }),
  };
  const family = familyOf(checkpoint, card, file, known ?? found.labels?.names);
  const isLikeChexnet =
    card.preparation === undefined &&
    family === undefined &&
    checkpoint.network.source.module === undefined &&
    resemblesChexnet(checkpoint.tensors);
  const resolved = resolveCard(
    { ...file, ...(family === undefined ? {} : { family: family.card }) },
    card,
    hints.labels,
  );
  return {
    card: resolved,
    notes: [
      ...assumptions(resolved, { ...family?.card, ...card }, file),
      ...found.notes,
      ...(family === undefined ? [] : [family.note]),
      ...(isLikeChexnet ? [CHEXNET_NOTE] : []),
      ...form.notes,
    ],
  };
}
