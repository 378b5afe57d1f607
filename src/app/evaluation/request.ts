/**
 * What an evaluation is asked for.
 *
 * Knows: names of files and figures. Not how it is done.
 */

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
