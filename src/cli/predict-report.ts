/**
 * What `medical-x predict` reports of each image: its result, and its overlay picture.
 *
 * Knows: the command's flags, the model's card, what is known of the images. Not the order of a run.
 */

import { basename, extname, join } from "node:path";
import { printable, XrayError } from "../errors.ts";
import type { HeatmapMethod } from "../heatmaps/methods.ts";
import type { ReadingOptions } from "../image/prepare.ts";
import type { WeightKind } from "../models/choose-weights.ts";
import type { HeatmapLayer } from "../models/densenet121.ts";
import { writeAtomically } from "../node/files.ts";
import type { ColormapName } from "../report/colormap.ts";
import { noticesOf } from "../report/notice.ts";
import type { Failure, Result, Threshold } from "../report/result.ts";
import { calibratedOf } from "../tasks/calibrated.ts";
import { chooseFindings, type FindingChoice, parseFindingChoice, planOverlay } from "../tasks/explain.ts";
import type { ImagePool } from "../tasks/image-pool.ts";
import type { OpenModel } from "../tasks/open-model.ts";
import type { Prediction } from "../tasks/predict.ts";
import { detect, resolveThresholds } from "../tasks/thresholds.ts";
import type { Truth } from "../tasks/truth.ts";
import { counted } from "../text.ts";
import { say, sayError } from "./console.ts";
import type { Format } from "./result-printer.ts";

/** The overlay of one image without `--out`. */
export const SINGLE_OVERLAY = "gradcam_result.jpg";

/** What the command line says. */
export interface PredictFlags {
  readonly image: readonly string[];
  readonly model?: string;
  readonly threshold: Threshold;
  readonly labels?: readonly string[];
  readonly weights?: WeightKind;
  readonly truth?: string;
  readonly gradcam: boolean;
  readonly findings: readonly string[];
  readonly method: HeatmapMethod;
  readonly gradcamLayer: HeatmapLayer;
  readonly colormap: ColormapName;
  readonly out?: string;
  readonly heatmaps?: string;
  readonly format: Format;
  readonly device: string;
  readonly threads?: number;
  readonly batchSize?: number;
  readonly verbose?: boolean;
  readonly page?: number;
  readonly bits?: number;
}

/** How files are read that leave a choice. */
export const readingOf = ({ page }: PredictFlags): ReadingOptions => (page === undefined ? {} : { page });

/** Names of overlay files: `<image>.gradcam.jpg`; images of one name in several folders keep theirs apart. */
class OverlayNames {
  readonly #out: string | undefined;
  readonly #taken = new Set<string>();

  constructor(out: string | undefined) {
    this.#out = out;
  }

  next(image: string): string {
    if (this.#out === undefined) return SINGLE_OVERLAY;
    const stem = basename(image, extname(image));
    let name = `${stem}.gradcam.jpg`;
    for (let i = 2; this.#taken.has(name); i++) name = `${stem}.${i}.gradcam.jpg`;
    this.#taken.add(name);
    return join(this.#out, name);
  }
}

/** Makes the report of each image of a run. */
export class PredictReporter {
  readonly #flags: PredictFlags;
  readonly #model: OpenModel;
  readonly #pool: ImagePool;
  readonly #thresholds: Readonly<Record<string, number>>;
  readonly #choice: FindingChoice;
  readonly #names: OverlayNames;
  readonly #truth: Truth | undefined;
  /** Images that the label file does not have, or has twice. */
  readonly #unknown: string[] = [];
  /** Something failed; the others are still done. */
  hasFailed = false;

  constructor(flags: PredictFlags, model: OpenModel, pool: ImagePool, truth: Truth | undefined) {
    this.#flags = flags;
    this.#truth = truth;
    this.#pool = pool;
    this.#model = model;
    this.#thresholds = resolveThresholds(flags.threshold, model.card);
    this.#choice = parseFindingChoice(flags.findings, model.card.labels);
    this.#names = new OverlayNames(flags.out);
  }

  fail(image: string, error: unknown): Failure {
    this.hasFailed = true;
    sayError(error, this.#flags.verbose ?? false);
    const code = error instanceof XrayError ? error.code : "internal/unexpected";
    return { image, error: { code, message: error instanceof Error ? error.message : String(error) } };
  }

  #detected(probabilities: Float32Array): readonly string[] {
    return detect(this.#model.card.labels, probabilities, this.#thresholds);
  }

  /** The findings to draw, as indices of labels. */
  drawn(probabilities: Float32Array): readonly number[] {
    const detected = this.#detected(probabilities);
    return chooseFindings(this.#choice, this.#model.card.labels, probabilities, detected);
  }

  /** Draw and save the overlay that was asked for. */
  async #explain(image: string, prediction: Prediction): Promise<Result["gradcam"]> {
    const { labels } = this.#model.card;
    const findings = this.drawn(prediction.probabilities);
    if (findings.length === 0) {
      say(`medical-x: ${image}: nothing was detected, so there is no heatmap to draw`);
      return [];
    }
    const file = this.#names.next(image);
    await writeAtomically(file, [
      await this.#pool.draw(
        planOverlay(prediction, {
          card: this.#model.card,
          findings,
          colormap: this.#flags.colormap,
          boxes: this.#truth?.of(image)?.boxes ?? [],
          reading: readingOf(this.#flags),
        }),
      ),
    ]);
    const { method, gradcamLayer } = this.#flags;
    const layer = `features.${gradcamLayer}`;
    return findings.map((i) => ({ finding: labels[i]!, file, method, layer }));
  }

  /** What is to be said of the truth after all images. */
  truthNote(): string | undefined {
    if (this.#unknown.length === 0) return undefined;
    const shown = this.#unknown.slice(0, 3).join(", ");
    const more = this.#unknown.length > 3 ? ", …" : "";
    return `${this.#flags.truth}: nothing is known there of ${counted(this.#unknown.length, "image")}: ${shown}${more}`;
  }

  async report(image: string, prediction: Prediction): Promise<Result> {
    const { card, name, sha256 } = this.#model;
    const truth = this.#truth?.of(image);
    if (this.#truth !== undefined && truth === undefined) this.#unknown.push(image);
    const { notes, receipt } = prediction.prepared;
    for (const note of notes) say(`medical-x: ${image}: ${printable(note)}`);
    const calibrated = calibratedOf(card, prediction.logits);
    const short = (value: number) => Number(value.toPrecision(9));
    const record = (values: Float32Array) =>
      Object.fromEntries(card.labels.map((label, i) => [label, short(values[i]!)]));
    return {
      image,
      model: {
        name,
        sha256: this.#flags.format.endsWith("json") ? await sha256() : "",
        labels: card.labels,
        labelSource: card.labelSource,
        ...(card.calibration === undefined ? {} : { calibration: card.calibration.description }),
        activation: card.activation,
        notes: this.#model.notes,
      },
      labels: card.labels,
      threshold: this.#flags.threshold,
      thresholds: this.#thresholds,
      detected: this.#detected(prediction.probabilities),
      ...(truth === undefined ? {} : { truth: truth.labels }),
      probabilities: record(prediction.probabilities),
      ...(calibrated === undefined
        ? {}
        : {
            calibrated: Object.fromEntries(
              Object.entries(calibrated).map(([label, value]) => [label, short(value)]),
            ),
          }),
      logits: record(prediction.logits),
      preparation: receipt,
      notes,
      gradcam: this.#flags.gradcam
        ? await this.#explain(image, prediction).catch((error) => {
            this.fail(image, error);
            return [];
          })
        : [],
      notice: noticesOf(card).join(" "),
    };
  }
}
