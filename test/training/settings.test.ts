import { expect, test } from "vitest";
import { checkSameRun, type RunConfig } from "../../src/training/settings.ts";
import { DEFAULT_SETTINGS } from "../support/train-settings.ts";

const CONFIG: RunConfig = {
  schema: "medical-x/training@1",
  settings: DEFAULT_SETTINGS,
  labels: ["Effusion", "Mass"],
  labelFile: { name: "Data_Entry_2017.csv", sha256: "aa" },
  backbone: { name: "densenet121.pth", sha256: "bb" },
  images: { train: 90, val: 10 },
};

/** As `config.json` brings it back. */
const written = (config: unknown = CONFIG): unknown => JSON.parse(JSON.stringify(config));

const withSettings = (change: Partial<RunConfig["settings"]>): RunConfig => ({
  ...CONFIG,
  settings: { ...CONFIG.settings, ...change },
});

test("the same run is let pass", () => {
  expect(() => checkSameRun("config.json", written(), CONFIG)).not.toThrow();
});

test.each<[string, RunConfig, string, string]>([
  ["a number", withSettings({ lr: 0.01 }), "settings.lr", "lr was 0.001 and is 0.01"],
  ["one that was none", withSettings({ patience: 3 }), "settings.patience", "patience was null and is 3"],
  ["a switch", withSettings({ shuffle: false }), "settings.shuffle", "shuffle was true and is false"],
  ["the part", withSettings({ unfreeze: "all" }), "settings.unfreeze", 'unfreeze was "none" and is "all"'],
  [
    "labels in another order",
    { ...CONFIG, labels: ["Mass", "Effusion"] },
    "labels",
    'labels was ["Effusion","Mass"] and is ["Mass","Effusion"]',
  ],
  [
    "another label file",
    { ...CONFIG, labelFile: { ...CONFIG.labelFile, sha256: "cc" } },
    "labelFile.sha256",
    'labelFile.sha256 was "aa" and is "cc"',
  ],
  [
    "fewer images",
    { ...CONFIG, images: { train: 89, val: 10 } },
    "images.train",
    "images.train was 90 and is 89",
  ],
])("%s that differs is named with both values", (_, now, key, words) => {
  expect(() => checkSameRun("run/config.json", written(), now)).toThrow(
    expect.objectContaining({
      code: "training/other-settings",
      message: expect.stringContaining(`run/config.json: this run was started otherwise: ${words}. `),
      details: { file: "run/config.json", different: [key] },
    }),
  );
});

test("every setting counts", () => {
  for (const name of Object.keys(CONFIG.settings)) {
    const other = withSettings({ [name]: "another" });
    expect(() => checkSameRun("c", written(), other)).toThrow(
      expect.objectContaining({ details: { file: "c", different: [`settings.${name}`] } }),
    );
  }
});

test("of many that differ four are named, and the rest counted", () => {
  const other = withSettings({ epochs: 1, batchSize: 1, lr: 1, seed: 1, views: 1, limit: 1 });
  expect(() => checkSameRun("c", written(), other)).toThrow(
    /: epochs was 10 and is 1; batchSize was 32 and is 1; lr was 0\.001 and is 1; views was 4 and is 1 and 2 more\. /,
  );
});

test("a configuration without a setting, or of another program, is not the same run", () => {
  const { seed: _, ...older } = CONFIG.settings;
  expect(() => checkSameRun("c", written({ ...CONFIG, settings: older }), CONFIG)).toThrow(
    "seed was not set and is 0",
  );
  expect(() => checkSameRun("c", { schema: "other@2" }, CONFIG)).toThrow(
    'schema was "other@2" and is "medical-x/training@1"',
  );
});
