/**
 * The options of a training as a caller gives them, and the request made from them.
 *
 * Pipeline:   options → **settings and folder, including the settings of a resumed run** → request
 * Knows:      run folders. Not how a run proceeds.
 */

import { join } from "node:path";
import { XrayError } from "../../errors.ts";
import { checkOptions } from "../../schema/options.ts";
import { maybe, object, path, text, whole, yesOrNo } from "../../schema/schema.ts";
import { BEFORE_SETTINGS } from "../../training/run-config.ts";
import { SETTINGS, type SettingName, type TrainSettings, trainSettings } from "../../training/settings.ts";
import type { Unfreeze } from "../../training/suffix.ts";
import { VERSION } from "../../version.ts";
import type { TrainRequest } from "./plan.ts";
import { RunFolder } from "./run-folder.ts";

/** The progress of a training. */
export type TrainingProgress =
  | {
      /** Features of frozen layers are being computed; or heatmaps, to choose each finding's. */
      readonly stage: "features" | "heatmaps";
      /** Images. */
      readonly done: number;
      readonly total: number;
    }
  | {
      readonly stage: "training";
      /** Counted from 1. */
      readonly epoch: number;
      /** Number of planned epochs. */
      readonly of: number;
      /** Images of this epoch. */
      readonly done: number;
      readonly total: number;
      /** Mean loss of the last step. */
      readonly loss: number;
    };

/** The settings of a training, each of them optional. */
export type TrainOptionSettings = { readonly [K in SettingName]?: TrainSettings[K] | undefined };

/** The options of a training. Defaults are those of `medical-x train`. */
export interface TrainOptions extends TrainOptionSettings {
  /** A data folder: a label file and images, as in ChestX-ray14. */
  readonly data: string;
  /** The run's folder; by default `runs/<part>-<date and time>`. */
  readonly out?: string | undefined;
  /** Continue the run in `out`. Settings that are not given stay as the run was started with. */
  readonly resume?: boolean | undefined;
  /** A folder of features that `medical-x train --extract` wrote, possibly on many machines. */
  readonly features?: string | undefined;
  /** `cpu` by default. */
  readonly device?: string | undefined;
  readonly threads?: number | undefined;
  /** Ends the training after the current step. What is done is saved, and the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** Called with a sentence for people about what was found, assumed or left out. */
  readonly onNote?: ((note: string) => void) | undefined;
}

/** The options that are neither settings nor functions. */
const PLACE = object({
  data: path(),
  out: maybe(path()),
  resume: maybe(yesOrNo()),
  features: maybe(path()),
  device: maybe(text()),
  threads: maybe(whole(1, 1024)),
});

function defaultFolder(unfreeze: Unfreeze): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  return join("runs", `${unfreeze === "none" ? "head" : unfreeze}-${time}`);
}

/** The settings of a resumed run: those that it was started with, and those that are given again. */
async function resumedSettings(out: string | undefined, named: TrainOptionSettings): Promise<TrainSettings> {
  if (out === undefined) {
    throw new XrayError("training/nothing-to-resume", "name the folder of the run that is to be resumed", {});
  }
  const folder = new RunFolder(out);
  if (!folder.isTaken) {
    throw new XrayError(
      "training/nothing-to-resume",
      `${out}: there is no run in this folder to resume; name the folder of a run`,
      {
        folder: out,
      },
    );
  }
  const { settings } = await folder.readConfig();
  return { ...trainSettings(), ...BEFORE_SETTINGS, ...settings, ...named } as TrainSettings;
}

/**
 * Make a request from options.
 *
 * @throws  XrayError `training/bad-settings`, `training/nothing-to-resume`, and those of the run's `config.json`.
 */
export async function trainRequest(options: TrainOptions): Promise<TrainRequest> {
  const others = [...Object.keys(SETTINGS), "signal", "onProgress", "onNote"];
  const refusal = { code: "training/bad-settings", what: "this cannot be trained" } as const;
  const place = checkOptions(PLACE, options, refusal, others);
  const all = trainSettings(options);
  if (all.boxes !== null && !all.chooseMaps) {
    const message =
      "boxes are only used to choose heatmaps, which is switched off; switch it on, or leave the box file out";
    throw new XrayError("training/bad-settings", message, { option: "boxes" });
  }
  const named = Object.fromEntries(
    Object.keys(SETTINGS)
      .map((name) => [name, options[name as SettingName]] as const)
      .filter(([, value]) => value !== undefined),
  );
  const { data, out, resume = false, ...machine } = place;
  return {
    ...machine,
    data,
    out: out ?? defaultFolder(all.unfreeze),
    resume,
    settings: resume ? await resumedSettings(out, named) : all,
    version: VERSION,
  };
}
