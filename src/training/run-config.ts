/**
 * What a run was started with, as its `config.json` records it, and whether a later command continues the same run.
 *
 * Knows: plain data. Not files.
 */

import { XrayError } from "../errors.ts";
import { about, checkText, just, list, type Of, object, orNull, text, whole } from "../schema/schema.ts";
import { asWritten } from "../schema/setting.ts";
import { SETTINGS, type TrainSettings } from "./settings.ts";

/**
 * The values of settings that did not exist yet when a run was started, and that its `config.json` therefore lacks:
 * lateral images used to be included, DICOM files were not read, and no heatmaps were chosen.
 */
export const BEFORE_SETTINGS: Partial<TrainSettings> = {
  includeLaterals: true,
  voi: "default",
  chooseMaps: false,
};

/** The file's content. Runs that an earlier version started may lack settings. */
export const RUN_CONFIG = object({
  schema: just("medical-x/training@1"),
  settings: about(
    "The settings of the run; null for one that was not given and has no default.",
    asWritten(SETTINGS),
  ),
  labels: about("The labels that the model is trained on, in order.", list(text())),
  labelFile: object({ name: text(), sha256: text() }),
  backbone: about(
    "The weights that the training started from. The hash is null if they do not come from a file.",
    object({ name: text(), sha256: orNull(text()) }),
  ),
  images: about("Numbers of images.", object({ train: whole(0), val: whole(0) })),
});

/** A run's configuration as read from a file. */
export type WrittenConfig = Of<typeof RUN_CONFIG>;

/** A run's configuration. */
export interface RunConfig extends WrittenConfig {
  readonly settings: TrainSettings;
}

/** Read a `config.json`. Throws XrayError `training/bad-config` that names what is wrong. */
export function parseRunConfig(json: string): WrittenConfig {
  return checkText(RUN_CONFIG, json, {
    code: "training/bad-config",
    what: "this is not the configuration of a run",
    wayOn: "restore the file, or start another run",
  });
}

/** The leaves of a nested record, by their paths. */
function leaves(value: unknown, path = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === "" ? key : `${path}.${key}`));
}

/**
 * Refuse to continue a run with other settings than it was started with.
 *
 * @throws  XrayError `training/other-settings` that names the differences.
 */
export function checkSameRun(file: string, before: WrittenConfig, now: RunConfig): void {
  const known = new Map([...leaves({ settings: BEFORE_SETTINGS }), ...leaves(before)]);
  const different = leaves(now).filter(
    // A setting that an earlier version did not have counts as not given.
    ([key, value]) => JSON.stringify(known.get(key) ?? null) !== JSON.stringify(value),
  );
  if (different.length === 0) return;
  const [shown, rest] = [different.slice(0, 4), different.length - 4];
  const words = shown.map(
    ([key, value]) =>
      `${key.replace("settings.", "")} was ${JSON.stringify(known.get(key)) ?? "not set"} and is now ${JSON.stringify(value)}`,
  );
  throw new XrayError(
    "training/other-settings",
    `${file}: this run was started with other settings: ${words.join("; ")}${rest > 0 ? ` and ${rest} more` : ""}; ` +
      "resume it with the settings that it was started with, or start another run in a folder of its own",
    { file, different: different.map(([key]) => key) },
  );
}
