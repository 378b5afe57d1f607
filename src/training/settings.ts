/**
 * The settings of a run: what decides its weights, and so what a resumed run must have alike.
 *
 * Each is written here once, with its range, its default and what is said of it. The type, the options of `medical-x
 * train`, the check of a run's `config.json` and the comparison on resuming come from here.
 *
 * Knows: plain data. Not what the options are called on a command line.
 */

import { AUGMENTATIONS } from "../image/augment.ts";
import { MAX_BITS, MIN_BITS } from "../image/preparation.ts";
import { WEIGHT_KINDS } from "../models/choose-weights.ts";
import {
  above,
  below,
  between,
  check,
  type Of,
  object,
  oneOf,
  orNull,
  path,
  some,
  text,
  whole,
  yesOrNo,
} from "../schema/schema.ts";
import { setting } from "../schema/setting.ts";
import { SCHEDULES } from "./schedule.ts";
import { UNFREEZE } from "./suffix.ts";

/** Seeds are numbers of 32 bits. */
const MAX_SEED = 2 ** 32 - 1;

/** In the order of the command's help. */
export const SETTINGS = {
  labelsFile: setting("the label file, where the folder has none or several", orNull(path()), {
    default: null,
    value: "csv",
  }),
  labels: setting("the labels to train, in order (default: NIH's findings)", orNull(some(text())), {
    default: null,
    value: "a,b,…",
  }),
  includeLaterals: setting("keep images with a lateral view, which are left out otherwise", yesOrNo(), {
    default: false,
  }),
  valFraction: setting("share of the patients for validation", below(0, 1), {
    default: 0.1,
    value: "share",
  }),
  trainList: setting("images for training, one name a line", orNull(path()), {
    default: null,
    value: "file",
  }),
  valList: setting("images for validation, in place of a share of the patients", orNull(path()), {
    default: null,
    value: "file",
  }),
  limit: setting("only the first n images of the label file", orNull(whole(1, 100_000_000)), {
    default: null,
    value: "n",
  }),
  backbone: setting("imagenet, a checkpoint, random or demo", path(), {
    default: "imagenet",
    value: "name|file",
  }),
  weights: setting(
    "weights to use of a checkpoint that holds averages too (default: plain ones, if there are any)",
    orNull(oneOf(WEIGHT_KINDS)),
    { default: null, value: "kind" },
  ),
  unfreeze: setting("how far down to train: the classifier alone, … all layers", oneOf(UNFREEZE), {
    default: "none",
    value: "part",
  }),
  epochs: setting("times over all images", whole(1, 100_000), { default: 10, value: "n" }),
  batchSize: setting("images per step", whole(1, 1024), { default: 32, value: "n" }),
  lr: setting("learning rate of Adam", above(0), { default: 1e-3, value: "rate" }),
  weightDecay: setting("L2 penalty, as torch.optim.Adam has it", between(0, 10), {
    default: 0,
    value: "factor",
  }),
  clipNorm: setting("shrink longer gradients to this length", orNull(above(0)), {
    default: null,
    value: "length",
  }),
  schedule: setting("learning rate over time", oneOf(SCHEDULES), { default: "constant", value: "kind" }),
  posWeight: setting("balanced weighs positives by negatives per positive", oneOf(["none", "balanced"]), {
    default: "none",
    value: "kind",
  }),
  augment: setting("how images are varied", oneOf(AUGMENTATIONS), { default: "none", value: "kind" }),
  views: setting("views of each image that are cached, where it is varied", whole(1, 64), {
    default: 4,
    value: "n",
  }),
  batchNorm: setting("statistics of the unfrozen norms", oneOf(["frozen", "train"]), {
    default: "frozen",
    value: "kind",
  }),
  inputSize: setting("extent of the network's input", whole(64, 1024), { default: 224, value: "pixels" }),
  bits: setting(
    "bits that a 16-bit PNG or TIFF uses, such as 12 (default: the model's own, else 16)",
    orNull(whole(MIN_BITS, MAX_BITS)),
    { default: null, value: "n" },
  ),
  seed: setting("random seed", whole(0, MAX_SEED), { default: 0, value: "n" }),
  shuffle: setting("take the images in another order in each epoch", yesOrNo(), {
    default: true,
    without: "take the images in the label file's order",
  }),
  patience: setting("stop after n epochs without a better mean validation AUROC", orNull(whole(1, 100_000)), {
    default: null,
    value: "n",
  }),
  targetSensitivity: setting(
    "sensitivity that operating points reach (default: Youden's J)",
    orNull(above(0, 1)),
    { default: null, value: "share" },
  ),
  featureCache: setting("keep features of frozen layers on disk", yesOrNo(), {
    default: true,
    value: "when",
  }),
};

const ALL = object(SETTINGS);

/** The settings of a run, none left open. Null stands for what nobody asked for. */
export type TrainSettings = Of<typeof ALL>;

export type SettingName = keyof typeof SETTINGS;

/**
 * The settings of a run, from those that are given: the others have their defaults.
 *
 * @param given  One that is undefined counts as not given. What is no setting is passed over.
 * @throws       XrayError `training/bad-settings` that names the setting, its range and the value.
 */
export function trainSettings(
  given: { readonly [K in SettingName]?: TrainSettings[K] | undefined } = {},
): TrainSettings {
  return check(ALL, given, { code: "training/bad-settings", what: "this cannot be trained" });
}
