/**
 * What a caller says of a training, and the request that it stands for.
 *
 * Pipeline:   options → **settings, folder; of a resumed run, what it was started with** → request
 * Knows:      run folders. Not how a run goes.
 */

import { join } from "node:path";
import { XrayError } from "../../errors.ts";
import { check, maybe, object, path, text, whole, yesOrNo } from "../../schema/schema.ts";
import { BEFORE_SETTINGS } from "../../training/run-config.ts";
import { SETTINGS, type SettingName, type TrainSettings, trainSettings } from "../../training/settings.ts";
import type { Unfreeze } from "../../training/suffix.ts";
import { VERSION } from "../../version.ts";
import type { TrainRequest } from "./plan.ts";
import { RunFolder } from "./run-folder.ts";

/** How far a training has come. */
export type TrainingProgress =
  | {
      /** Features of frozen layers are being computed. */
      readonly stage: "features";
      /** Images. */
      readonly done: number;
      readonly total: number;
    }
  | {
      readonly stage: "training";
      /** Counted from 1. */
      readonly epoch: number;
      /** How many epochs are planned. */
      readonly of: number;
      /** Images of this epoch. */
      readonly done: number;
      readonly total: number;
      /** Mean loss of the last step. */
      readonly loss: number;
    };

/** The settings of a training, each with its default. */
export type TrainOptionSettings = { readonly [K in SettingName]?: TrainSettings[K] | undefined };

/** What a training is asked for. The defaults are those of `medical-x train`. */
export interface TrainOptions extends TrainOptionSettings {
  /** A data folder: a label file and images, as ChestX-ray14 has them. */
  readonly data: string;
  /** The run's folder; `runs/<part>-<date and time>` unless given. */
  readonly out?: string | undefined;
  /** Continue the run in `out`. Settings that are not given are those that it was started with. */
  readonly resume?: boolean | undefined;
  /** `cpu` unless given. */
  readonly device?: string | undefined;
  readonly threads?: number | undefined;
  /** Ends the training after the step under way; what is done is saved, and the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** Told what was found, assumed or left out: a sentence for people. */
  readonly onNote?: ((note: string) => void) | undefined;
}

/** What is neither a setting nor a function. */
const PLACE = object({
  data: path(),
  out: maybe(path()),
  resume: maybe(yesOrNo()),
  device: maybe(text()),
  threads: maybe(whole(1, 1024)),
});

/** Without what is undefined. */
const given = (options: object): object =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

function defaultFolder(unfreeze: Unfreeze): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  return join("runs", `${unfreeze === "none" ? "head" : unfreeze}-${time}`);
}

/** The settings of a resumed run: what it was started with, and what is named again. */
async function resumedSettings(out: string | undefined, named: TrainOptionSettings): Promise<TrainSettings> {
  if (out === undefined) {
    throw new XrayError("training/nothing-to-resume", "name the folder of the run that is to be resumed", {});
  }
  const folder = new RunFolder(out);
  if (!folder.isTaken) {
    throw new XrayError("training/nothing-to-resume", `${out}: there is no run in this folder to resume`, {
      folder: out,
    });
  }
  const { settings } = await folder.readConfig();
  return { ...trainSettings(), ...BEFORE_SETTINGS, ...settings, ...named } as TrainSettings;
}

/**
 * The request that options stand for.
 *
 * @throws  XrayError `training/bad-settings`, `training/nothing-to-resume`, and those of the run's `config.json`.
 */
export async function trainRequest(options: TrainOptions): Promise<TrainRequest> {
  const place = check(PLACE, given(options), {
    code: "training/bad-settings",
    what: "this cannot be trained",
  });
  const all = trainSettings(options);
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
