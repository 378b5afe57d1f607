/**
 * The library's model on this machine: its file, its sessions, and threads for the images.
 *
 * Knows: what `engine/model.ts` asks for. Not how predictions come about.
 */

import { createModel, type LoadOptions, type Model } from "../../engine/model.ts";
import { ImagePool } from "../../node/image-pool.ts";
import { createSession } from "../../node/session.ts";
import { loadWhileWarmingUp } from "./open-model.ts";

/**
 * Load a model.
 *
 * @param nameOrPath  A checkpoint file (`.pth`, `.pt`, `.pth.tar`, `.safetensors`), a name of the catalogue that was
 *                    pulled, or `demo`. Nothing in the file is executed.
 * @throws            XrayError naming the file, the cause and the way on.
 */
export async function loadModel(nameOrPath: string, options: LoadOptions = {}): Promise<Model> {
  const model = await loadWhileWarmingUp(nameOrPath, options);
  const preparer = new ImagePool(Number.POSITIVE_INFINITY);
  return createModel(model, { createSession, preparer }, options);
}
