/**
 * The request for a run, and everything that is known about it before its first step.
 *
 * Knows: the types of these. Not how they come about.
 */

import type { SessionOptions } from "../../graph/session.ts";
import type { Preparation } from "../../image/preparation.ts";
import type { LoopState } from "../../training/loop.ts";
import type { RunConfig } from "../../training/run-config.ts";
import type { TrainSettings } from "../../training/settings.ts";
import type { Dataset } from "../data/open-dataset.ts";
import type { Split } from "../data/split-dataset.ts";
import type { MapPairs } from "../evaluation/map-pairs.ts";
import type { Backbone } from "./backbone.ts";
import type { ExtractionProgress } from "./extraction.ts";
import type { RunFolder } from "./run-folder.ts";

/** A request for a run. */
export interface TrainRequest extends SessionOptions {
  readonly data: string;
  readonly out: string;
  readonly resume: boolean;
  readonly settings: TrainSettings;
  /** A folder of features that other processes have extracted. */
  readonly features?: string;
  /** Version of Medical-X, for the model card. */
  readonly version?: string;
}

/** Callbacks during a run. Lines are for people. */
export interface TrainHooks {
  readonly say: (line: string) => void;
  readonly onExtraction: (progress: ExtractionProgress) => void;
  /** Called after each image whose heatmaps were looked at. */
  readonly onHeatmaps: (progress: ExtractionProgress) => void;
  readonly onStep: (progress: { epoch: number; images: number; of: number; loss: number }) => void;
  readonly onEpoch: (state: LoopState) => void;
  /** Whether to end the run after the current work. */
  readonly isStopping: () => boolean;
}

/** Everything that is known before the first step. */
export interface Plan {
  readonly request: TrainRequest;
  readonly dataset: Dataset;
  readonly split: Split;
  readonly backbone: Backbone;
  readonly preparation: Preparation;
  /** [images of the table, labels] */
  readonly labels: Float32Array;
  readonly config: RunConfig;
  /** Validation images and boxes by which heatmaps are chosen at the end; undefined if they are not to be chosen. */
  readonly mapPairs: MapPairs | undefined;
  readonly folder: RunFolder;
  /** Whether the folder already contained a run. */
  readonly isResumed: boolean;
}
