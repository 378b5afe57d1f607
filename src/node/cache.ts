/**
 * Where downloaded models, and the predictions and features of images, are kept.
 *
 * Knows: the user's folders. `MEDICAL_X_CACHE` overrides them.
 */

import { join } from "node:path";
import envPaths from "env-paths";

/** The cache folder: `~/.cache/medical-x` on Linux, its equivalent elsewhere. It may not exist yet. */
function cacheFolder(): string {
  const chosen = process.env["MEDICAL_X_CACHE"];
  return chosen !== undefined && chosen !== "" ? chosen : envPaths("medical-x", { suffix: "" }).cache;
}

/** The path of a pulled model. */
export function modelPath(name: string): string {
  return join(cacheFolder(), "models", name);
}

/** The folder of a model's predictions; `key` identifies how they were computed. */
export function predictionsPath(key: string): string {
  return join(cacheFolder(), "predictions", key);
}

/** The folder of a frozen network's features; `key` identifies how they were computed. */
export function featuresPath(key: string): string {
  return join(cacheFolder(), "features", key);
}
