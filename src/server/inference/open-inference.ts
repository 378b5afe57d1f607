/**
 * Opens what answers requests: the model on its thread, and the threads for images.
 *
 * Knows: this machine's threads.
 */

import { Engine } from "../../app/engine-threads/engine.ts";
import { ContainedPreparation } from "../../engine/contained-preparation.ts";
import type { NamedModel } from "../../engine/read-model.ts";
import type { SessionOptions } from "../../graph/session.ts";
import { ImagePool } from "../../node/image-pool.ts";
import { Inference, type InferenceOptions } from "./inference.ts";

/**
 * Start the model and its threads.
 *
 * @throws  XrayError `runtime/…`; in that case the threads are ended.
 */
export async function openInference(
  model: NamedModel,
  session: SessionOptions,
  options: InferenceOptions,
): Promise<Inference> {
  const openPool = (images: number): ImagePool => {
    const pool = new ImagePool(images, { inBackground: true });
    pool.usePreparation(model.card.preparation);
    return pool;
  };
  const preparation = new ContainedPreparation(openPool(Number.POSITIVE_INFINITY), () => openPool(1));
  const engine = new Engine(model, session);
  try {
    // The hash is computed on another thread meanwhile, so that no result has to wait for it.
    await Promise.all([engine.start(), model.sha256()]);
  } catch (error) {
    await Promise.all([preparation.close(), engine.close()]);
    throw error;
  }
  return new Inference(model, preparation, engine, options);
}
