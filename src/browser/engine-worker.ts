/**
 * The worker that runs the engine, so that the page stays responsive while the network runs.
 *
 * Knows: how each call is answered. A worker has one model; a page that no longer needs it ends the worker.
 */

import { answerCalls } from "./answer-calls.ts";
import type { Calls } from "./calls.ts";
import { EngineModel } from "./engine-model.ts";

let model: EngineModel | undefined;

answerCalls<Calls>({
  async load(_, source, options, files) {
    model = await EngineModel.load(source, options, files);
    return model.facts();
  },
  sha256: () => model!.sha256(),
  predict: (hooks, images, options) => model!.predict(images, { ...options, ...hooks }),
  explain: ({ signal }, image, options) => model!.explain(image, { ...options, signal }),
  overlay: ({ signal }, image, options) => model!.overlay(image, { ...options, signal }),
  release: () => model!.release(),
});
