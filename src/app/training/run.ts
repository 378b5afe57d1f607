/**
 * One run: the loop with its validation, what is saved on the way, and the resulting files.
 *
 * Pipeline:   features → **loop → model, curves, card**
 * Knows:      a planned run. Not how it was planned, or the command line.
 */

import { basename } from "node:path";
import { packNames } from "../../dataset/image-hashes.ts";
import { DEFAULT_THRESHOLD } from "../../engine/thresholds.ts";
import { XrayError } from "../../errors.ts";
import { fitOperatingPoint } from "../../evaluation/operating-points.ts";
import { safetensorsPieces } from "../../formats/safetensors.ts";
import { torchPieces } from "../../formats/torch/write.ts";
import type { ModelCard } from "../../models/card.ts";
import { cardMetadata } from "../../models/compile.ts";
import type { LearnedFrom } from "../../models/learned-from.ts";
import { createSession } from "../../node/session.ts";
import { curvesSvg } from "../../report/training/curves.ts";
import { modelCardMarkdown, type TrainingFacts } from "../../report/training/model-card.ts";
import { counted } from "../../text.ts";
import { EarlyStopping } from "../../training/early-stopping.ts";
import { type LoopEnd, type LoopState, TrainingLoop, type Validation } from "../../training/loop.ts";
import { metricsText } from "../../training/metrics.ts";
import type { BestFigures } from "../../training/saved-state.ts";
import { createSchedule, type Schedule } from "../../training/schedule.ts";
import { predictSuffix } from "../../training/suffix-prediction.ts";
import { Trainer } from "../../training/trainer.ts";
import { columnsOf, judge, type LabelledValidation } from "../../training/validation.ts";
import { seenName } from "../data/seen-names.ts";
import { factsOf } from "./facts.ts";
import type { TrainingFeatures } from "./features.ts";
import type { Plan, TrainHooks } from "./plan.ts";
import type { SavedState } from "./run-folder.ts";
import { validationRoc } from "./validation-roc.ts";

/** Seconds between two saves within an epoch. */
const SAVE_EVERY = 120;

/** Known negatives per known positive among the training images; 1 if there are no positives. */
function balance(labels: Float32Array, numLabels: number, train: Uint32Array): Float32Array {
  const positives = new Float64Array(numLabels);
  const negatives = new Float64Array(numLabels);
  for (const example of train) {
    for (let label = 0; label < numLabels; label++) {
      const truth = labels[example * numLabels + label]!;
      if (truth === 1) positives[label]! += 1;
      else if (truth === 0) negatives[label]! += 1;
    }
  }
  return Float32Array.from(positives, (count, label) => (count === 0 ? 1 : negatives[label]! / count));
}

/** One run, from its first step to its files. */
export class TrainingRun {
  readonly #plan: Plan;
  readonly #hooks: TrainHooks;
  readonly #trainer: Trainer;
  readonly #features: TrainingFeatures;
  readonly #skipped: () => ReadonlySet<number>;
  readonly #posWeight: Float32Array | undefined;
  readonly #schedule: Schedule;
  readonly #earlyStopping: EarlyStopping | undefined;
  #best: BestFigures | null = null;
  #lastSave = performance.now();
  #validation: { logits: Float32Array; labels: Float32Array; judged: LabelledValidation } | undefined;

  /** @param skipped  Returns the examples whose image could not be read so far. */
  constructor(plan: Plan, features: TrainingFeatures, hooks: TrainHooks, skipped: () => ReadonlySet<number>) {
    const { settings } = plan.request;
    const numLabels = plan.dataset.table.labels.length;
    this.#plan = plan;
    this.#skipped = skipped;
    this.#features = features;
    this.#hooks = hooks;
    this.#posWeight =
      settings.posWeight === "none" ? undefined : balance(plan.labels, numLabels, plan.split.train);
    this.#trainer = new Trainer(
      {
        unfreeze: settings.unfreeze,
        featureShape: features.shape,
        numLabels,
        batchNorm: settings.batchNorm,
        weightDecay: settings.weightDecay,
        ...(settings.clipNorm === null ? {} : { clipNorm: settings.clipNorm }),
        ...(this.#posWeight === undefined ? {} : { posWeight: this.#posWeight }),
      },
      plan.backbone.weights.tensors,
      createSession,
      plan.request,
    );
    const steps = settings.epochs * Math.ceil(plan.split.train.length / settings.batchSize);
    this.#schedule = createSchedule(settings.schedule, settings.lr, steps);
    this.#earlyStopping = settings.patience === null ? undefined : new EarlyStopping(settings.patience);
  }

  /**
   * Continue from a saved state.
   *
   * @throws  XrayError `training/bad-state` if it belongs to another run.
   */
  restore(saved: SavedState): LoopState {
    this.#trainer.restore(saved.vectors, saved.steps);
    this.#schedule.restore(saved.schedule);
    if (this.#earlyStopping !== undefined) {
      if (saved.earlyStopping === null)
        throw new XrayError(
          "training/bad-state",
          "it was saved without early stopping; resume with the patience that the run was started with",
          {},
        );
      this.#earlyStopping.restore(saved.earlyStopping);
    }
    this.#best = saved.best;
    return saved.loop;
  }

  async run(
    from: LoopState | undefined,
  ): Promise<{ end: LoopEnd; state: LoopState; best: BestFigures | null }> {
    const { split, labels, dataset, request } = this.#plan;
    const { epochs, batchSize, seed, shuffle } = request.settings;
    const loop = new TrainingLoop(
      {
        trainer: this.#trainer,
        source: this.#features,
        labels,
        numLabels: dataset.table.labels.length,
        train: split.train,
        schedule: this.#schedule,
        earlyStopping: this.#earlyStopping,
        validate: split.val.length === 0 ? undefined : () => this.#validate(),
      },
      { epochs, batchSize, seed, shuffle },
      {
        onStep: (state, _, loss) =>
          this.#hooks.onStep({
            epoch: state.epoch,
            images: Math.min(state.batch * batchSize, split.train.length),
            of: split.train.length,
            loss,
          }),
        onEpoch: (state, isBest) => this.#endEpoch(state, isBest),
        poll: () => this.#poll(),
        save: (state) => this.#save(state),
      },
      from,
    );
    const end = await loop.run();
    return { end, state: loop.state, best: this.#best };
  }

  async #validate(): Promise<Validation> {
    const { split, labels, dataset, request } = this.#plan;
    const numLabels = dataset.table.labels.length;
    const { logits, examples } = await predictSuffix(
      { unfreeze: request.settings.unfreeze, shape: this.#features.shape, numLabels },
      this.#trainer.tensors(),
      this.#features,
      split.val,
      createSession,
      request,
    );
    if (examples.length === 0) {
      throw new XrayError(
        "training/nothing-read",
        `none of the ${counted(split.val.length, "validation image")} could be read; the warnings before this say why`,
        { images: split.val.length },
      );
    }
    const truths = new Float32Array(examples.length * numLabels);
    for (const [i, example] of examples.entries()) {
      truths.set(labels.subarray(example * numLabels, (example + 1) * numLabels), i * numLabels);
    }
    const judged = judge(logits, truths, numLabels, this.#posWeight);
    this.#validation = { logits, labels: truths, judged };
    return judged;
  }

  #poll(): "go" | "save" | "stop" {
    if (this.#hooks.isStopping()) return "stop";
    return performance.now() - this.#lastSave > SAVE_EVERY * 1000 ? "save" : "go";
  }

  async #save(loop: LoopState): Promise<void> {
    await this.#plan.folder.saveState({
      vectors: this.#trainer.vectors,
      steps: this.#trainer.steps,
      loop,
      schedule: this.#schedule.state,
      earlyStopping: this.#earlyStopping?.state ?? null,
      best: this.#best,
    });
    this.#lastSave = performance.now();
  }

  async #endEpoch(state: LoopState, isBest: boolean): Promise<void> {
    const { folder } = this.#plan;
    if (isBest) {
      this.#best = this.#figures(state.epoch - 1);
      await this.#writeModel();
    }
    await folder.writeText("metrics", metricsText(state.metrics));
    await folder.writeText("curves", curvesSvg(state.metrics, state.bestEpoch, basename(folder.path)));
    await folder.writeText("card", modelCardMarkdown(this.facts(state)));
    this.#hooks.onEpoch(state);
  }

  /** What the model card says after this state. */
  facts(state: LoopState): TrainingFacts {
    const trained = this.#trainer.trainedCount;
    return factsOf(this.#plan, state, this.#best, { trained, skipped: this.#skipped().size });
  }

  /** The validation results of this epoch's weights, and operating points fitted to them. */
  #figures(epoch: number): BestFigures {
    const numLabels = this.#plan.dataset.table.labels.length;
    const validation = this.#validation;
    if (validation === undefined) {
      const none = new Array<null>(numLabels).fill(null);
      return { epoch, aurocs: none, points: none };
    }
    const { targetSensitivity } = this.#plan.request.settings;
    const criterion =
      targetSensitivity === null
        ? ({ kind: "youden" } as const)
        : ({ kind: "sensitivity", target: targetSensitivity } as const);
    const points = columnsOf(validation.logits, validation.labels, numLabels).map(
      ({ probabilities, truths }) => fitOperatingPoint(probabilities, truths, criterion),
    );
    return { epoch, aurocs: validation.judged.aurocs, points };
  }

  /** What the weights have seen: the backbone's images, and those of this run. */
  #learnedFrom(): readonly LearnedFrom[] {
    const { dataset, split, backbone, config } = this.#plan;
    const packed = (examples: Uint32Array) =>
      packNames(Array.from(examples, (i) => seenName(dataset.table.images[i]!.image, dataset.phantom)));
    return [
      ...backbone.learnedFrom,
      {
        dataset:
          dataset.phantom === undefined
            ? config.labelFile.name
            : `phantoms of seed ${dataset.phantom.seed ?? "?"}`,
        training: packed(split.train),
        validation: packed(split.val),
      },
    ];
  }

  async #writeModel(): Promise<void> {
    const { dataset, preparation, folder, config } = this.#plan;
    const { labels } = dataset.table;
    const fitted = this.#best?.points ?? [];
    const isFitted = fitted.some((point) => point !== null);
    const points = isFitted
      ? labels.map((label, i) => [label, fitted[i]?.threshold ?? DEFAULT_THRESHOLD] as const)
      : [];
    const roc = validationRoc(this.#plan, this.#validation);
    const card: ModelCard = {
      labels,
      preparation,
      ...(points.length === 0 ? {} : { operatingPoints: Object.fromEntries(points) }),
      ...(roc === undefined ? {} : { roc }),
      source: `trained with medical-x on ${dataset.phantom !== undefined ? "drawn phantoms, not X-rays: " : ""}${config.labelFile.name} (sha256 ${config.labelFile.sha256.slice(0, 12)}…)`,
      ...(dataset.phantom !== undefined ? { trainedOn: "phantoms" as const } : {}),
      learnedFrom: this.#learnedFrom(),
    };
    const metadata = cardMetadata(card);
    const tensors = this.#trainer.tensors();
    await folder.writePieces("model", safetensorsPieces(tensors, metadata));
    await folder.writePieces("torch", torchPieces(tensors, metadata));
  }

  async release(): Promise<void> {
    await this.#trainer.release();
  }
}
