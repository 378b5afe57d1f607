/**
 * What a run is asked for, and everything that is known of it before its first step.
 *
 * Knows: the shapes of these. Not how they come about.
 */

import type { SessionOptions } from "../../graph/session.ts";
import type { Preparation } from "../../image/preparation.ts";
import type { LoopState } from "../../training/loop.ts";
import type { RunConfig } from "../../training/run-config.ts";
import type { TrainSettings } from "../../training/settings.ts";
import type { Dataset } from "../data/open-dataset.ts";
import type { Split } from "../data/split-dataset.ts";
import type { Backbone } from "./backbone.ts";
import type { ExtractionProgress } from "./extraction.ts";
import type { RunFolder } from "./run-folder.ts";

/** What a run is asked for. */
export interface TrainRequest extends SessionOptions {
  readonly data: string;
  readonly out: string;
  readonly resume: boolean;
  readonly settings: TrainSettings;
  /** Of Medical-X, for the model card. */
  readonly version?: string;
}

/** Told as a run goes on. Lines are for people. */
export interface TrainHooks {
  readonly say: (line: string) => void;
  readonly onExtraction: (progress: ExtractionProgress) => void;
  readonly onStep: (progress: { epoch: number; images: number; of: number; loss: number }) => void;
  readonly onEpoch: (state: LoopState) => void;
  /** Whether the run shall end after what it is doing. */
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
  readonly folder: RunFolder;
  /** Whether there was a run in the folder. */
  readonly isResumed: boolean;
}
