/**
 * The thread that runs the network. ONNX Runtime's `run` keeps the thread that calls it until it is done, so on the main
 * thread every request would wait for it.
 *
 * Knows: the jobs of `engine-jobs.ts`.
 */

import { chooseFindings } from "../../engine/choose-findings.ts";
import { OpenModels } from "../../engine/open-models.ts";
import type { ImageSource } from "../../engine/ports.ts";
import { predictImages } from "../../engine/predict.ts";
import type { PreparedItem } from "../../engine/prepared-queue.ts";
import { receivedModel } from "../../engine/sent-model.ts";
import { detect } from "../../engine/thresholds.ts";
import { stepBack } from "../../node/background.ts";
import { createSession } from "../../node/session.ts";
import { type Done, serveJobs } from "../../node/thread-side.ts";
import type { EngineImage, EngineJob, EngineModel, EnginePrediction } from "./engine-jobs.ts";

stepBack();

interface Engine {
  readonly labels: readonly string[];
  readonly models: OpenModels;
}

let settle: (told: EngineModel) => void = () => undefined;
const opened: Promise<Engine> = new Promise<EngineModel>((resolve) => {
  settle = resolve;
}).then(async ({ model, options }) => {
  // Results are made on the main thread, which knows the hash.
  const named = await receivedModel(model);
  return { labels: named.card.labels, models: new OpenModels(named, createSession, options) };
});

/** Images under their numbers, by which the engine asks for the maps that are wanted of each. */
async function* numbered(images: readonly EngineImage[]): AsyncGenerator<PreparedItem, void> {
  for (const [i, { image }] of images.entries()) yield { source: String(i), result: image };
}

async function predict(job: EngineJob & { kind: "predict" }): Promise<readonly EnginePrediction[]> {
  const { labels, models } = await opened;
  const model = await models.get(job.maps);
  const predictions: EnginePrediction[] = [];
  const mapsOf = (probabilities: Float32Array, source: ImageSource): readonly number[] => {
    const { wanted } = job.images[Number(source)]!;
    if (wanted === undefined) return [...labels.keys()];
    const detected = detect(labels, probabilities, wanted.thresholds);
    return chooseFindings(wanted.choice, labels, probabilities, detected);
  };
  for await (const outcome of predictImages(model, numbered(job.images), { mapsOf })) {
    if ("error" in outcome) throw outcome.error;
    const { source: _, ownMaps: __, drawn: ___, ...prediction } = outcome;
    predictions.push(prediction);
  }
  return predictions;
}

async function answer(job: EngineJob): Promise<Done<readonly EnginePrediction[]>> {
  if (job.kind === "predict") return { value: await predict(job) };
  await (await opened).models.get(job.maps);
  return { value: [] };
}

serveJobs(answer, settle);
