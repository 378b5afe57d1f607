/**
 * `medical-x predict`: arguments → prediction → printed results, pictures and maps.
 *
 * Knows: the command line and what is written where. The work is done in `tasks/`.
 */

import { mkdir } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { XrayError } from "../errors.ts";
import { HEATMAP_METHODS, type HeatmapMethod } from "../heatmaps/methods.ts";
import { fileError, writeAtomically } from "../node/files.ts";
import { listImages } from "../node/image-list.ts";
import { COLORMAP_NAMES, type ColormapName, DEFAULT_COLORMAP } from "../report/colormap.ts";
import { NOTICE } from "../report/notice.ts";
import type { Failure, Result, Threshold } from "../report/result.ts";
import { DEMO_NOTICE } from "../tasks/demo-model.ts";
import { chooseFindings, drawOverlay, type FindingChoice, parseFindingChoice } from "../tasks/explain.ts";
import { DEMO, defaultModel, type OpenModel, openModel } from "../tasks/open-model.ts";
import { type Prediction, predictImages } from "../tasks/predict.ts";
import { detect, resolveThresholds } from "../tasks/thresholds.ts";
import { say, sayError } from "./console.ts";
import { HeatmapFile } from "./heatmap-file.ts";
import { collect, nameList, numberBetween } from "./options.ts";
import { startProgress } from "./progress.ts";
import { FORMATS, type Format, resultPrinter } from "./result-printer.ts";

/** Up to so many images, starting soon matters more than running fast. */
const FEW_IMAGES = 4;

/** Where Grad-CAM and its relatives look. */
const LAYER = "features.norm5";

const SINGLE_OVERLAY = "gradcam_result.jpg";

interface PredictFlags {
  readonly image: readonly string[];
  readonly model?: string;
  readonly threshold: Threshold;
  readonly labels?: readonly string[];
  readonly gradcam: boolean;
  readonly findings: readonly string[];
  readonly method: HeatmapMethod;
  readonly colormap: ColormapName;
  readonly out?: string;
  readonly heatmaps?: string;
  readonly format: Format;
  readonly device: string;
  readonly threads?: number;
  readonly batchSize?: number;
  readonly verbose?: boolean;
}

function parseThreshold(text: string): Threshold {
  if (text === "card") return text;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value >= 0 && value <= 1))
    throw new InvalidArgumentError("It must be a number from 0 to 1, or `card`.");
  return value;
}

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

/** One run of the command: what was asked for, and the open model. */
class PredictRun {
  readonly #flags: PredictFlags;
  readonly #model: OpenModel;
  readonly #thresholds: Readonly<Record<string, number>>;
  readonly #choice: FindingChoice;
  readonly #names: OverlayNames;
  /** Something failed; the others are still done. */
  hasFailed = false;

  constructor(flags: PredictFlags, model: OpenModel) {
    this.#flags = flags;
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

  /** Draw and save the overlay that was asked for. */
  async #explain(
    image: string,
    prediction: Prediction,
    detected: readonly string[],
  ): Promise<Result["gradcam"]> {
    const { labels } = this.#model.card;
    const findings = chooseFindings(this.#choice, labels, prediction.probabilities, detected);
    if (findings.length === 0) {
      say(`medical-x: ${image}: nothing was detected, so there is no heatmap to draw`);
      return [];
    }
    const file = this.#names.next(image);
    await writeAtomically(file, [await drawOverlay(prediction, labels, findings, this.#flags.colormap)]);
    return findings.map((i) => ({ finding: labels[i]!, file, method: this.#flags.method, layer: LAYER }));
  }

  async report(image: string, prediction: Prediction): Promise<Result> {
    const { card, name, sha256 } = this.#model;
    const record = (values: Float32Array) =>
      Object.fromEntries(card.labels.map((label, i) => [label, Number(values[i]!.toPrecision(9))]));
    const detected = detect(card.labels, prediction.probabilities, this.#thresholds);
    return {
      image,
      model: {
        name,
        sha256: this.#flags.format.endsWith("json") ? await sha256 : "",
        labels: card.labels,
        labelSource: card.labelSource,
      },
      labels: card.labels,
      threshold: this.#flags.threshold,
      thresholds: this.#thresholds,
      detected,
      probabilities: record(prediction.probabilities),
      logits: record(prediction.logits),
      preparation: prediction.prepared.receipt,
      gradcam: this.#flags.gradcam
        ? await this.#explain(image, prediction, detected).catch((error) => {
            this.fail(image, error);
            return [];
          })
        : [],
      notice: name === DEMO ? `${DEMO_NOTICE} ${NOTICE}` : NOTICE,
    };
  }
}

/** Extents of one image's maps. */
function mapShape(model: OpenModel): [number, number, number] {
  const cells = (extent: number) => Math.floor(extent / 32);
  return [model.card.labels.length, cells(model.input.height), cells(model.input.width)];
}

async function prepareOutput(flags: PredictFlags, images: number): Promise<void> {
  if (flags.gradcam && flags.out === undefined && images > 1) {
    throw new XrayError(
      "predict/needs-out",
      `--gradcam with ${images} images needs a folder for them: --out <folder>`,
      {},
    );
  }
  if (flags.out === undefined) return;
  await mkdir(flags.out, { recursive: true }).catch((error) => {
    throw fileError(flags.out!, error);
  });
}

/** Run the command. Returns the exit code: 0 all images done, 1 some failed, 130 interrupted. */
async function predict(flags: PredictFlags): Promise<number> {
  const images = await listImages(flags.image);
  await prepareOutput(flags, images.length);
  const { device, threads, labels, method } = flags;
  const model = await openModel(flags.model ?? defaultModel(), {
    device,
    optimise: images.length <= FEW_IMAGES ? "startup" : "throughput",
    ...(threads === undefined ? {} : { threads }),
    ...(labels === undefined ? {} : { labels }),
    ...(flags.gradcam || flags.heatmaps !== undefined ? { method } : {}),
  });
  if (model.card.labelSource.startsWith("assumed")) say(`medical-x: labels ${model.card.labelSource}`);
  const run = new PredictRun(flags, model);
  const isSingle = images.length === 1;
  const printer = resultPrinter(flags.format, {
    labels: model.card.labels,
    isSingle,
    extraNotice: model.name === DEMO ? DEMO_NOTICE : undefined,
  });
  const maps =
    flags.heatmaps === undefined
      ? undefined
      : await HeatmapFile.create(flags.heatmaps, images.length, mapShape(model));
  let isInterrupted = false;
  process.once("SIGINT", () => {
    isInterrupted = true;
  });
  const bar = await startProgress(
    isSingle ? 0 : images.length,
    "{bar} {value}/{total} images, {eta_formatted} left",
  );
  let done = 0;
  try {
    for await (const outcome of predictImages(model, images, flags)) {
      const image = images[done++]!;
      if ("error" in outcome) {
        await printer.add(run.fail(image, outcome.error));
        await maps?.add(undefined);
      } else {
        await printer.add(await run.report(image, outcome));
        await maps?.add(outcome.heatmaps?.data);
      }
      bar.update(done);
      if (isInterrupted) break;
    }
    await printer.end();
    if (!isInterrupted) await maps?.commit();
  } finally {
    bar.stop();
    await maps?.discard();
    await model.session.release();
  }
  if (isInterrupted) {
    say(`medical-x: interrupted after ${done} of ${images.length} images`);
    return 130;
  }
  return run.hasFailed ? 1 : 0;
}

/** Add the command to the program. */
export function addPredict(program: Command, finish: (code: number) => void): void {
  program
    .command("predict")
    .description("probabilities of the findings in chest X-rays, and heatmaps of where the model looked")
    .requiredOption(
      "--image <file|folder|glob>",
      "X-ray to read: PNG, JPEG, TIFF or WebP; may be repeated",
      collect,
    )
    .option(
      "--model <file|name>",
      "checkpoint, a name of `models list`, or `demo` (default: densenet121_model.pth here)",
    )
    .option(
      "--threshold <0..1|card>",
      "a finding is detected at or over it; `card`: the model's own",
      parseThreshold,
      0.5,
    )
    .option("--labels <a,b,…>", "names of the model's outputs, in order", nameList)
    .option(
      "--gradcam",
      `save heatmaps over the X-ray: ${SINGLE_OVERLAY}, or one file per image in --out`,
      false,
    )
    .option("--findings <name,…|top|detected|all>", "findings to draw", nameList, ["top"])
    .addOption(new Option("--method <method>", "heatmap method").choices(HEATMAP_METHODS).default("gradcam"))
    .addOption(
      new Option("--colormap <name>", "colours of heatmaps")
        .choices(COLORMAP_NAMES)
        .default(DEFAULT_COLORMAP),
    )
    .option("--out <folder>", "folder for overlay pictures")
    .option("--heatmaps <file.npy>", "save the raw maps of all findings as a NumPy array")
    .addOption(new Option("--format <format>", "of the results on stdout").choices(FORMATS).default("text"))
    .option("--device <device>", "cpu, webgpu, cuda, … as ONNX Runtime has them", "cpu")
    .option("--threads <n>", "threads of the CPU", numberBetween(1, 512, "integer"))
    .option("--batch-size <n>", "images per run of the network", numberBetween(1, 1024, "integer"))
    .option("--verbose", "show where errors came from")
    .action(async (flags: PredictFlags) => finish(await predict(flags)));
}
