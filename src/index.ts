/**
 * The library's public surface.
 *
 * ```ts
 * import { loadModel } from "medical-x";
 * const model = await loadModel("densenet121_model.pth");
 * const [result] = await model.predict(["xray.png"]);
 * result.probabilities.Effusion; // number
 * ```
 *
 * For research and education only; not for diagnosis.
 */

export { loadModel } from "./app/models/load-model.ts";
export type {
  ExplainOptions,
  Explanation,
  LoadOptions,
  Model,
  ModelPrediction,
} from "./engine/model.ts";
export { type ErrorCategory, type ErrorCode, type ErrorDetails, XrayError } from "./errors.ts";
export { FINDING_NAMES, FINDINGS, type Finding } from "./findings.ts";
export { HEATMAP_METHODS, type HeatmapMethod } from "./heatmaps/methods.ts";
export type { Preparation, PreparationStep } from "./image/preparation.ts";
export type { ReadingOptions } from "./image/prepare.ts";
export type { ModelCard } from "./models/card.ts";
export { HEATMAP_LAYERS, type HeatmapLayer } from "./models/densenet121.ts";
