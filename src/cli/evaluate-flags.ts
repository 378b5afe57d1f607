/**
 * The options of `medical-x evaluate`, as commander gives them.
 *
 * Knows: their names.
 */

import type { HeatmapMethod } from "../heatmaps/methods.ts";
import type { WeightKind } from "../models/choose-weights.ts";
import type { HeatmapLayer } from "../models/densenet121.ts";
import type { Threshold } from "../report/result.ts";

export interface EvaluateFlags {
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
  readonly format: "text" | "json";
  readonly predictionCache: "on" | "off";
  readonly device?: string;
  readonly threads?: number;
  readonly batchSize?: number;
  readonly bits?: number;
  readonly verbose?: boolean;
}

/** Whether a name is of a prediction file, and not of a model. */
export const isCsv = (name: string): boolean => /\.csv$/i.test(name);
