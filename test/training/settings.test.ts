import { expect, test } from "vitest";
import { checkSameRun, parseRunConfig, type RunConfig } from "../../src/training/run-config.ts";
import { SETTINGS, type SettingName, trainSettings } from "../../src/training/settings.ts";
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
const written = (config: unknown = CONFIG) => parseRunConfig(JSON.stringify(config));

const withSettings = (change: Partial<RunConfig["settings"]>): RunConfig => ({
  ...CONFIG,
  settings: { ...CONFIG.settings, ...change },
});

test("the same run is let pass", () => {
  expect(() => checkSameRun("config.json", written(), CONFIG)).not.toThrow();
});

test.each<[string, RunConfig, string, string]>([
  ["a number", withSettings({ lr: 0.01 }), "settings.lr", "lr was 0.001 and is now 0.01"],
  ["one that was none", withSettings({ patience: 3 }), "settings.patience", "patience was null and is now 3"],
  ["a switch", withSettings({ shuffle: false }), "settings.shuffle", "shuffle was true and is now false"],
  [
    "the part",
    withSettings({ unfreeze: "all" }),
    "settings.unfreeze",
    'unfreeze was "none" and is now "all"',
  ],
  [
    "labels in another order",
    { ...CONFIG, labels: ["Mass", "Effusion"] },
    "labels",
    'labels was ["Effusion","Mass"] and is now ["Mass","Effusion"]',
  ],
  [
    "another label file",
    { ...CONFIG, labelFile: { ...CONFIG.labelFile, sha256: "cc" } },
    "labelFile.sha256",
    'labelFile.sha256 was "aa" and is now "cc"',
  ],
  [
    "fewer images",
    { ...CONFIG, images: { train: 89, val: 10 } },
    "images.train",
    "images.train was 90 and is now 89",
  ],
])("%s that differs is named with both values", (_, now, key, words) => {
  expect(() => checkSameRun("run/config.json", written(), now)).toThrow(
    expect.objectContaining({
      code: "training/other-settings",
      message: expect.stringContaining(
        `run/config.json: this run was started with other settings: ${words}; `,
      ),
      details: { file: "run/config.json", different: [key] },
    }),
  );
});

test("every setting counts", () => {
  for (const name of Object.keys(SETTINGS)) {
    const other = withSettings({ [name]: "another" });
    expect(() => checkSameRun("c", written(), other)).toThrow(
      expect.objectContaining({ details: { file: "c", different: [`settings.${name}`] } }),
    );
  }
});

test("of many that differ four are named, and the rest counted", () => {
  const other = withSettings({ epochs: 1, batchSize: 1, lr: 1, seed: 1, views: 1, limit: 1 });
  expect(() => checkSameRun("c", written(), other)).toThrow(
    /: epochs was 10 and is now 1; batchSize was 32 and is now 1; lr was 0\.001 and is now 1; views was 4 and is now 1 and 2 more; /,
  );
});

test("a configuration without a setting is not the same run", () => {
  const { seed: _, ...older } = CONFIG.settings;
  expect(() => checkSameRun("c", written({ ...CONFIG, settings: older }), CONFIG)).toThrow(
    "seed was not set and is now 0",
  );
});

test("what is not given has its default", () => {
  expect(trainSettings()).toEqual(DEFAULT_SETTINGS);
  expect(trainSettings({ epochs: 3, patience: undefined, labels: ["Mass"] })).toEqual({
    ...DEFAULT_SETTINGS,
    epochs: 3,
    labels: ["Mass"],
  });
});

test.each<[SettingName, unknown, string]>([
  ["epochs", 0, "epochs must be a whole number from 1 to 100000, but is 0"],
  ["epochs", 1.5, "epochs must be a whole number from 1 to 100000, but is 1.5"],
  ["lr", "fast", 'lr must be a number above 0, but is "fast"'],
  ["lr", Number.POSITIVE_INFINITY, "lr must be a number above 0, but is Infinity"],
  ["valFraction", 1, "valFraction must be a number from 0 to below 1, but is 1"],
  ["targetSensitivity", 0, "targetSensitivity must be a number above 0 and at most 1, but is 0"],
  ["unfreeze", "denseblock5", "unfreeze must be one of none, norm5, denseblock4"],
  ["backbone", " ", "backbone must not be empty"],
  ["labels", [], "labels must be a list of one or more, but is an empty list"],
  ["labels", ["Mass", 1], "labels[1] must be text, but is 1"],
  ["seed", 2 ** 32, "seed must be a whole number from 0 to 4294967295, but is 4294967296"],
])("a setting out of its range is named: %s of %j", (name, value, problem) => {
  expect(() => trainSettings({ [name]: value })).toThrow(
    expect.objectContaining({
      code: "training/bad-settings",
      message: expect.stringContaining(`this cannot be trained: ${problem}`),
    }),
  );
});

test("a configuration comes back as it was written, without what it does not know", () => {
  expect(written()).toEqual(CONFIG);
  expect(written({ ...CONFIG, more: 1, settings: { ...CONFIG.settings, more: 1 } })).toEqual(CONFIG);
  const { bits: _, includeLaterals: __, ...older } = CONFIG.settings;
  expect(written({ ...CONFIG, settings: older }).settings).toEqual(older);
});

test.each<[string, unknown, string]>([
  [
    "another program's",
    { ...CONFIG, schema: "other@2" },
    'schema must be "medical-x/training@1", but is "other@2"',
  ],
  ["a list", [CONFIG], "it must be a JSON object, but is a list"],
  ["nothing", {}, 'schema must be "medical-x/training@1", but is missing'],
  ["no settings", { ...CONFIG, settings: undefined }, "settings must be a JSON object, but is missing"],
  [
    "a setting of another kind",
    { ...CONFIG, settings: { ...CONFIG.settings, batchSize: "32" } },
    'settings.batchSize must be a whole number from 1 to 1024, but is "32"',
  ],
  ["labels that are none", { ...CONFIG, labels: [null] }, "labels[0] must be text, but is null"],
  [
    "a count below 0",
    { ...CONFIG, images: { train: -1, val: 0 } },
    "images.train must be a whole number, 0 or more, but is -1",
  ],
])("a configuration is refused: %s", (_, config, problem) => {
  expect(() => written(config)).toThrow(
    expect.objectContaining({
      code: "training/bad-config",
      message: `this is not the configuration of a run: ${problem}; restore the file, or start another run`,
    }),
  );
});

test("text that is no JSON is no configuration", () => {
  expect(() => parseRunConfig("{")).toThrow(
    expect.objectContaining({
      code: "training/bad-config",
      message: expect.stringMatching(/it is not JSON/),
    }),
  );
});
