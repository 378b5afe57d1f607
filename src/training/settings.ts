/**
 * The settings of a run: what decides its weights, and so what a resumed run must have alike.
 *
 * Knows: plain data.
 */

import { XrayError } from "../errors.ts";
import type { Augmentation } from "../image/augment.ts";
import type { WeightKind } from "../models/choose-weights.ts";
import type { ScheduleKind } from "./schedule.ts";
import type { Unfreeze } from "./suffix.ts";

/** As `medical-x train` has them. */
export interface TrainSettings {
  /** As given; null where the data folder's own is used. */
  readonly labelsFile: string | null;
  /** As given; null for the label file's own. */
  readonly labels: readonly string[] | null;
  readonly backbone: string;
  /** Which of the backbone's weights were asked for; null for plain ones where it has any. */
  readonly weights: WeightKind | null;
  readonly unfreeze: Unfreeze;
  readonly epochs: number;
  readonly batchSize: number;
  readonly lr: number;
  readonly weightDecay: number;
  readonly clipNorm: number | null;
  readonly schedule: ScheduleKind;
  readonly posWeight: "none" | "balanced";
  readonly augment: Augmentation;
  /** Views of each image that are kept under a frozen front, where it is varied. */
  readonly views: number;
  readonly batchNorm: "frozen" | "train";
  readonly inputSize: number;
  readonly valFraction: number;
  readonly valList: string | null;
  readonly trainList: string | null;
  readonly limit: number | null;
  /** Whether images with a lateral view take part. */
  readonly includeLaterals: boolean;
  readonly seed: number;
  readonly shuffle: boolean;
  readonly patience: number | null;
  /** A sensitivity that operating points shall reach; Youden's J where null. */
  readonly targetSensitivity: number | null;
  readonly featureCache: boolean;
  /** Bits of a 16-bit sample that are used, over what the backbone's card says; not there where nobody said. */
  readonly bits?: number;
}

/**
 * What a run did that was started before there was a setting for it, and whose `config.json` therefore does not name it:
 * lateral images took part.
 */
export const BEFORE_SETTINGS: Partial<TrainSettings> = { includeLaterals: true };

/** What a run's `config.json` holds. */
export interface RunConfig {
  readonly schema: "medical-x/training@1";
  readonly settings: TrainSettings;
  readonly labels: readonly string[];
  readonly labelFile: { readonly name: string; readonly sha256: string };
  readonly backbone: { readonly name: string; readonly sha256: string | null };
  readonly images: { readonly train: number; readonly val: number };
}

/** Leaves of a nested record by their path. */
function leaves(value: unknown, path = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === "" ? key : `${path}.${key}`));
}

/**
 * Refuse to go on with other settings than a run was started with.
 *
 * @throws  XrayError `training/other-settings` that names what differs.
 */
export function checkSameRun(file: string, before: unknown, now: RunConfig): void {
  const known = new Map([...leaves({ settings: BEFORE_SETTINGS }), ...leaves(before)]);
  const different = leaves(now).filter(
    // A setting that an earlier version did not have is one that was not given.
    ([key, value]) => JSON.stringify(known.get(key) ?? null) !== JSON.stringify(value),
  );
  if (different.length === 0) return;
  const [shown, rest] = [different.slice(0, 4), different.length - 4];
  const words = shown.map(
    ([key, value]) =>
      `${key.replace("settings.", "")} was ${JSON.stringify(known.get(key)) ?? "not set"} and is ${JSON.stringify(value)}`,
  );
  throw new XrayError(
    "training/other-settings",
    `${file}: this run was started otherwise: ${words.join("; ")}${rest > 0 ? ` and ${rest} more` : ""}. ` +
      "Go on with what it was started with, or begin another in a folder of its own (--out)",
    { file, different: different.map(([key]) => key) },
  );
}
