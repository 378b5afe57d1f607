/**
 * `model-card.md`: what a trained model is, what it was trained on, how good it is, and what it is not for.
 *
 * Knows:      facts of a run. Not how they came about.
 * Reference:  Mitchell et al., Model Cards for Model Reporting, 2019, whose sections these are.
 */

import type { OperatingPoint } from "../evaluation/operating-points.ts";
import { displayName } from "../findings.ts";
import type { Preparation } from "../image/preparation.ts";
import type { EpochMetrics } from "../training/metrics.ts";
import type { RunConfig } from "../training/settings.ts";
import { NOTICE } from "./notice.ts";

/** One label's row. */
export interface FindingFacts {
  readonly label: string;
  /** Positives. */
  readonly train: number;
  readonly val: number;
  readonly auroc: number | null;
  readonly point: OperatingPoint | null;
}

/** What a card tells. */
export interface TrainingFacts {
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
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");
}

const figure = (value: number | null | undefined, digits = 3): string => value?.toFixed(digits) ?? "–";

function details({ config, trainedParameters }: TrainingFacts): string {
  const { backbone, settings } = config;
  const start = backbone.sha256 === null ? backbone.name : `${backbone.name} (sha256 \`${backbone.sha256}\`)`;
  const reach = {
    none: "the classifier alone; all else frozen",
    all: "all layers",
  };
  const trained =
    reach[settings.unfreeze as keyof typeof reach] ?? `from ${settings.unfreeze} to the classifier`;
  return [
    `- DenseNet121 (Huang et al., 2017) with ${config.labels.length} sigmoid outputs`,
    `- started from: ${start}`,
    `- trained: ${trained} (${trainedParameters.toLocaleString("en")} parameters)`,
    "- trained with Medical-X, on ONNX Runtime",
  ].join("\n");
}

function data({ config, split, patients, skipped }: TrainingFacts): string {
  return [
    `- label file: ${config.labelFile.name}, sha256 \`${config.labelFile.sha256}\``,
    `- split: ${split}`,
    `- training: ${config.images.train} images of ${patients.train} patients`,
    `- validation: ${config.images.val} images of ${patients.val} patients`,
    ...(skipped === 0 ? [] : [`- ${skipped} images could not be read and were left out`]),
  ].join("\n");
}

function results({ findings, metrics, bestEpoch, config }: TrainingFacts): string {
  const best = metrics.find(({ epoch }) => epoch === bestEpoch);
  const rows = findings.map(({ label, train, val, auroc, point }) => [
    displayName(label),
    String(train),
    String(val),
    figure(auroc),
    figure(point?.threshold, 4),
    figure(point?.sensitivity),
    figure(point?.specificity),
  ]);
  const target = config.settings.targetSensitivity;
  const how = target === null ? "Youden's J" : `a sensitivity of ${target}`;
  return [
    `Weights of epoch ${bestEpoch ?? "–"}: training loss ${figure(best?.train_loss, 4)}, validation loss ${figure(best?.val_loss, 4)}, mean validation AUROC ${figure(best?.val_auroc, 4)}.`,
    "",
    table(
      [
        "finding",
        "positives, training",
        "positives, validation",
        "AUROC",
        "threshold",
        "sensitivity",
        "specificity",
      ],
      rows,
    ),
    "",
    `Thresholds are fitted to the validation images by ${how}; \`predict --threshold card\` uses them. The same images chose the epoch and the thresholds, so these figures flatter: only images that took no part in training tell how good the model is.`,
  ].join("\n");
}

/** Write the card. */
export function modelCardMarkdown(facts: TrainingFacts): string {
  const { config, preparation, metrics } = facts;
  const seconds = metrics.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const settings = Object.entries(config.settings).map(([name, value]) => [name, String(value ?? "–")]);
  return `# Model card

## Model

${details(facts)}

## Intended use

${NOTICE}

For learning how such models work, for comparing methods, and for teaching. Not for any decision about a person. It knows
frontal chest X-rays like those below, and answers anything else just as surely.

## Data

${data(facts)}
- preparation: ${preparation.map((step) => Object.values(step).join(" ")).join(", ")}

## Hyperparameters

${table(["setting", "value"], settings)}

Adam (β₁ 0.9, β₂ 0.999, ε 1e-8); binary cross-entropy, the mean over batch and findings. ${metrics.length} epochs in ${Math.round(seconds)} s.

## Results

${results(facts)}

## Limits

- The labels of ChestX-ray14 were mined from reports and are wrong for a part of the images; a model learns that too.
- It may lean on what comes with a finding instead of the finding: drains, projections, a hospital's way.
- A probability is not that of a disease: how common a finding is elsewhere decides what a score means there.

## Files

\`model.safetensors\` and \`densenet121_model.pth\` hold the same weights; labels, preparation and thresholds travel with
both. The latter loads into torchvision's \`densenet121\` with a \`Linear(1024, ${config.labels.length})\` classifier, \`strict=True\`.
`;
}
