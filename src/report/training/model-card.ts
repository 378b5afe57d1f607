/**
 * `model-card.md`: what a trained model is, what it was trained on, how good it is, and what it must not be used for.
 *
 * Knows:      facts of a run. Not how they came about.
 * Reference:  Mitchell et al., Model Cards for Model Reporting, 2019, whose sections these are.
 */

import { type KnownImages, shownDistance, statisticOf, WITHIN_LIMIT } from "../../checks/known-images.ts";
import type { OperatingPoint } from "../../evaluation/operating-points.ts";
import { displayName } from "../../findings.ts";
import type { Preparation } from "../../image/preparation.ts";
import { describe } from "../../image/steps.ts";
import { type CardMaps, weaknessOf } from "../../models/card-maps.ts";
import { NOTICE } from "../../models/notice.ts";
import { count, counted } from "../../text.ts";
import type { EpochMetrics } from "../../training/metrics.ts";
import type { RunConfig } from "../../training/run-config.ts";
import { code, plain, table } from "../words/markdown.ts";
import { duration } from "../words/numbers.ts";
import { CITATIONS, limitsOf, loading } from "./model-card-texts.ts";

/** One label's row. */
export interface FindingFacts {
  readonly label: string;
  /** Positives. */
  readonly train: number;
  readonly val: number;
  readonly auroc: number | null;
  readonly point: OperatingPoint | null;
}

/** Facts about a run that its caller has to supply. */
export interface RunSurroundings {
  readonly name?: string;
  /** As it is to be shown, such as `2026-11-23`. */
  readonly date?: string;
  /** Of Medical-X. */
  readonly version?: string;
  readonly dataFolder?: string;
  /** Processor, threads, device, in words. */
  readonly machine?: string;
  /** Whether the images are drawn phantoms, not X-rays. */
  readonly isPhantom?: boolean;
}

/** What a card says. */
export interface TrainingFacts extends RunSurroundings {
  readonly config: RunConfig;
  readonly preparation: Preparation;
  /** How images were split, in words. */
  readonly split: string;
  readonly trainedParameters: number;
  readonly patients: { readonly train: number; readonly val: number };
  readonly findings: readonly FindingFacts[];
  readonly metrics: readonly EpochMetrics[];
  readonly bestEpoch: number | null;
  /** Images that could not be read. */
  readonly skipped: number;
  /** What the input check `known-images` measures images by, once it has been computed. */
  readonly knownImages?: Pick<KnownImages, "components" | "description" | "limit">;
  /** Which heatmap points best at which finding, once it has been chosen. */
  readonly maps?: CardMaps;
}

const figure = (value: number | null | undefined, digits = 3): string =>
  value == null || !Number.isFinite(value) ? "–" : value.toFixed(digits);
const list = (items: readonly (string | undefined)[]): string =>
  items.flatMap((item) => (item === undefined ? [] : [`- ${item}`])).join("\n");
const said = (words: string, value: string | undefined): string | undefined =>
  value === undefined ? undefined : `${words}: ${plain(value)}`;

const REACH: Readonly<Record<string, string>> = {
  none: "the classifier only; all other layers frozen",
  all: "all layers",
};

function details(facts: TrainingFacts): string {
  const { config, trainedParameters } = facts;
  const { backbone, settings, labels } = config;
  const start = backbone.sha256 === null ? "" : `, sha256 ${code(backbone.sha256)}`;
  const trained = REACH[settings.unfreeze] ?? `from ${settings.unfreeze} to the classifier`;
  return list([
    said("name", facts.name),
    said("date", facts.date),
    `architecture: DenseNet121 (Huang et al., 2017), ${counted(labels.length, "sigmoid output")}, in this order: ${labels.map((label) => plain(displayName(label))).join(", ")}`,
    `started from: ${code(backbone.name)}${start}`,
    `trained: ${trained} (${counted(trainedParameters, "parameter")})`,
    `made with: Medical-X${facts.version === undefined ? "" : ` ${plain(facts.version)}`}, on ONNX Runtime`,
  ]);
}

function data(facts: TrainingFacts): string {
  const { config, split, patients, skipped, findings } = facts;
  const { images, labelFile } = config;
  const of = (part: "train" | "val") =>
    `${counted(images[part], "image")} of ${counted(patients[part], "patient")}`;
  const rows = findings.map(({ label, train, val }) => [plain(displayName(label)), count(train), count(val)]);
  const facts_ = list([
    said("folder", facts.dataFolder),
    `label file: ${code(labelFile.name)}, sha256 ${code(labelFile.sha256)}`,
    `split: ${plain(split)}`,
    `training: ${of("train")}`,
    images.val === 0 ? "validation: none" : `validation: ${of("val")}`,
    skipped === 0 ? undefined : `left out because they could not be read: ${counted(skipped, "image")}`,
  ]);
  return `${facts_}\n\n${table(["positives", "training", "validation"], rows, "right")}`;
}

function hyperparameters({ config, metrics, machine }: TrainingFacts): string {
  const seconds = metrics.reduce((sum, epoch) => sum + epoch.seconds, 0);
  // The label file and the labels are listed above.
  const { labelsFile: _file, labels: _labels, ...settings } = config.settings;
  const rows = Object.entries(settings).map(([name, value]) => [
    code(name),
    value === null ? "–" : plain(String(value)),
  ]);
  return `${table(["setting", "value"], rows, "left")}

Adam (β₁ 0.9, β₂ 0.999, ε 1e-8). Loss: binary cross-entropy on logits, the mean over batch and findings.
Time: ${counted(metrics.length, "epoch")} in ${duration(seconds)}${machine === undefined ? "" : `, on ${plain(machine)}`}.`;
}

function findingTable({ findings }: TrainingFacts): string {
  const rows = findings.map(({ label, val, auroc, point }) => [
    plain(displayName(label)),
    count(val),
    figure(auroc),
    figure(point?.threshold, 4),
    figure(point?.sensitivity),
    figure(point?.specificity),
  ]);
  return table(["finding", "n positive", "AUROC", "threshold", "sensitivity", "specificity"], rows, "right");
}

function results(facts: TrainingFacts): string {
  const { metrics, bestEpoch, config } = facts;
  const best = metrics.find(({ epoch }) => epoch === bestEpoch);
  const loss = `training loss ${figure(best?.train_loss, 4)}`;
  if (config.images.val === 0) {
    return `Weights of epoch ${bestEpoch ?? "–"}, the last one: ${loss}. There were no validation images, so it is not known how good the model is.`;
  }
  const target = config.settings.targetSensitivity;
  const how = target === null ? "by Youden's J" : `for a sensitivity of at least ${target}`;
  return `Weights of epoch ${bestEpoch ?? "–"}, on the validation images: loss ${figure(best?.val_loss, 4)} (${loss}), mean AUROC ${figure(best?.val_auroc, 4)}.

${findingTable(facts)}

Thresholds are fitted to the validation images ${how} and are stored with the model. A finding is
marked if its probability is at or above the threshold. "–" means that there are no positives or no negatives.

**These figures are optimistic.** The epoch and the thresholds were chosen on the same images; only images that took no part
in the training show how good the model is.`;
}

/** What the model's files say about the images that it knows; empty while nothing is known. */
function knownImages({ knownImages: known }: TrainingFacts): string {
  if (known === undefined) return "";
  const { description, limit } = known;
  return `
## Known images

Both model files describe the images that the model learned from, for the input check \`known-images\`. It computes the
${statisticOf(known)}, from their mean, and warns above ${shownDistance(limit)}; ${WITHIN_LIMIT * 100} % of unseen images of the same kind stay within
that limit. The figures come from ${plain(description)}.
`;
}

/** The heatmaps that the model's files name; empty while none are chosen. */
function heatmaps({ maps }: TrainingFacts): string {
  if (maps === undefined) return "";
  const rows = Object.entries(maps.findings).map(([label, map]) => {
    const { method, layers, measured: its } = map;
    const weakness = weaknessOf(map);
    return [
      plain(displayName(label)),
      its === undefined ? "–" : count(its.pairs),
      figure(its?.pointing),
      its === undefined ? "–" : `${figure(its.pointingLow)} to ${figure(its.pointingHigh)}`,
      figure(its?.control),
      figure(its?.overlap),
      plain(`${method} at ${layers.join(", ")}${weakness === undefined ? "" : ` (${weakness})`}`),
    ];
  });
  const head = ["finding", "pairs", "pointing", "95 % interval", "control", "IoU ≥ 0.3", "heatmap"];
  return `
## Heatmaps

Both model files name the heatmap that points best at each of these findings. It was ${plain(maps.description)}.

${table(head, rows, "right")}

Pairs are validation images and boxes of the finding. Pointing is the share of them in which the centre of the heatmap's
highest cell lies in a box, and the control is that of the better of a random map and one that is highest in the middle; "IoU
≥ 0.3" is the share in which boxes around the heatmap's regions overlap the known ones by at least 0.3. Heatmaps of other
findings are Grad-CAM at norm5 and were not measured.
`;
}

/** What a model is for, which depends on the views that it was trained on. */
function intendedUse({ config }: TrainingFacts): string {
  const [views, outside] = config.settings.includeLaterals
    ? ["chest X-rays like those below, which may include lateral views", ""]
    : ["frontal chest X-rays like those below", "lateral views, "];
  return `For learning how such models work, for comparing methods, and for teaching, on ${views}.

Out of scope: any decision about a person; diagnosis, triage and screening; ${outside}other parts of the body and
other kinds of images, for which it gives answers all the same.`;
}

/** Write the card: Markdown, the same for the same facts. */
export function modelCardMarkdown(facts: TrainingFacts): string {
  const { config, preparation } = facts;
  return `# Model card${facts.name === undefined ? "" : `: ${plain(facts.name)}`}

**${NOTICE}**

## Model details

${details(facts)}

## Intended use

${intendedUse(facts)}

## Data

${data(facts)}

## Preparation

${preparation.map((step, i) => `${i + 1}. ${describe(step)}`).join("\n")}

## Hyperparameters

${hyperparameters(facts)}

## Results

${results(facts)}
${knownImages(facts)}${heatmaps(facts)}
## Limits

${list(limitsOf(config.backbone.name, facts.isPhantom ?? false))}

## How to load it

${loading(
  config.labels.length,
  facts.findings.every(({ point }) => point !== null),
)}

## Citations

${list(CITATIONS)}
`;
}
