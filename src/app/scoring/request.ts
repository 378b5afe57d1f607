/**
 * What a scoring run is asked for.
 *
 * Knows: options only.
 */

import type { VoiChoice } from "../../image/prepare.ts";
import type { LoadFileOptions } from "../models/open-model.ts";
import type { Share } from "./scheduler.ts";

/** Which images to predict, by which model, and where to. */
export interface ScoreRequest extends LoadFileOptions {
  /** A folder, or a list of paths and addresses. */
  readonly image: string;
  /** A file or a name; `defaultModel()` by default. */
  readonly model?: string;
  /** The folder of the plan and the shards. */
  readonly out: string;
  /** This process's share of the shards; by default what a scheduler says, else all of them. */
  readonly shard?: Share;
  /** Images in a shard; by default as the plan says, 1000 for a new one. */
  readonly shardSize?: number;
  /** Worker processes; by default one for each core. */
  readonly workers?: number;
  /** Threads of each worker; with 1, the default, images are decoded and predicted in turn. */
  readonly threads?: number;
  /** Whether to do shards again that have errors which another attempt may not have. */
  readonly retryFailed: boolean;
  /** Whether to predict images that a check refuses. */
  readonly force: boolean;
  readonly voi: VoiChoice;
  readonly frame?: number;
  readonly page?: number;
  readonly device: string;
}
