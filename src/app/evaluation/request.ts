/**
 * What an evaluation is asked for.
 *
 * Knows: names of files and figures. Not how it is done.
 */

import { XrayError } from "../../errors.ts";
import type { HeatmapMethod } from "../../heatmaps/methods.ts";
import type { WeightKind } from "../../models/choose-weights.ts";
import type { HeatmapLayer } from "../../models/densenet121.ts";
import type { Threshold } from "../../results/prediction.ts";

/** Either a model and a data folder, or predictions and a label file. */
export interface EvaluationRequest {
  readonly data?: string;
  readonly model?: string;
  readonly weights?: WeightKind;
  readonly list?: string;
  readonly predictions?: string;
  readonly labelsFile?: string;
  readonly labels?: readonly string[];
  readonly against?: string;
  readonly boxes?: string;
  readonly trainList?: string;
  readonly includeLaterals: boolean;
  readonly threshold?: Threshold;
  readonly targetSensitivity?: number;
  readonly targetSpecificity?: number;
  readonly method: HeatmapMethod;
  readonly gradcamLayer: HeatmapLayer;
  readonly faithfulness?: number;
  readonly bootstrap: number;
  readonly seed: number;
  readonly out?: string;
  readonly examples: number;
  readonly predictionCache: "on" | "off";
  readonly device?: string;
  readonly threads?: number;
  readonly batchSize?: number;
  readonly bits?: number;
}

/** Whether a name is of a prediction file, and not of a model. */
export const isCsv = (name: string): boolean => /\.csv$/i.test(name);

/**
 * See that what is given goes together.
 *
 * @throws  XrayError `evaluation/bad-request`.
 */
export function checkRequest({ data, model, predictions, labelsFile, against }: EvaluationRequest): void {
  const isModel = predictions === undefined && data !== undefined && model !== undefined;
  const isPredictions = predictions !== undefined && labelsFile !== undefined && model === undefined;
  if (!isModel && !isPredictions)
    throw new XrayError(
      "evaluation/bad-request",
      "an evaluation needs a model and a data folder, or predictions and a label file; give one of these pairs",
    );
  if (isPredictions && against !== undefined && !isCsv(against))
    throw new XrayError(
      "evaluation/bad-request",
      `${against}: predictions from a file can only be compared with those from another file; give a CSV file, or a model and a data folder for both`,
      { file: against },
    );
}
