/**
 * The settings of a run: everything that decides its weights, and that must stay the same when it is resumed.
 *
 * Each setting is defined here once, with its range, its default and its help text. The type, the options of `medical-x
 * train`, the check of a run's `config.json` and the comparison on resuming are all derived from this table.
 *
 * Knows: plain data. Not what the options are called on a command line.
 */

import { AUGMENTATIONS } from "../image/augment.ts";
import { MAX_BITS, MIN_BITS } from "../image/preparation.ts";
import { VOI_CHOICES } from "../image/prepare.ts";
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
  seed,
  some,
  text,
  whole,
  yesOrNo,
} from "../schema/schema.ts";
import { setting } from "../schema/setting.ts";
import { SCHEDULES } from "./schedule.ts";
import { UNFREEZE } from "./suffix.ts";

/** The settings, in the order of the command's help. */
export const SETTINGS = {
  labelsFile: setting("label file (default: the data folder's own)", orNull(path()), {
    default: null,
    value: "csv",
  }),
  labels: setting("labels to train on, in order (default: the NIH findings)", orNull(some(text())), {
    default: null,
    value: "a,b,…",
  }),
  includeLaterals: setting("include lateral views, which are left out by default", yesOrNo(), {
    default: false,
  }),
  valFraction: setting("share of patients to hold out for validation", below(0, 1), {
    default: 0.1,
    value: "share",
  }),
  trainList: setting("training images, one name per line", orNull(path()), {
    default: null,
    value: "file",
  }),
  valList: setting("validation images, one name per line, instead of a random share", orNull(path()), {
    default: null,
    value: "file",
  }),
  limit: setting(
    "use only the first n usable images, in the label file's order",
    orNull(whole(1, 100_000_000)),
    {
      default: null,
      value: "n",
    },
  ),
  backbone: setting("initial weights: imagenet, random, demo or a checkpoint", path(), {
    default: "imagenet",
    value: "name|file",
  }),
  weights: setting(
    "weights to load when a checkpoint also holds averaged ones (default: plain, if present)",
    orNull(oneOf(WEIGHT_KINDS)),
    { default: null, value: "kind" },
  ),
  unfreeze: setting(
    "lowest part of the network to train; none trains the classifier alone",
    oneOf(UNFREEZE),
    {
      default: "none",
      value: "part",
    },
  ),
  epochs: setting("passes over the training images", whole(1, 100_000), { default: 10, value: "n" }),
  batchSize: setting("images per training step", whole(1, 1024), { default: 32, value: "n" }),
  lr: setting("Adam learning rate", above(0), { default: 1e-3, value: "rate" }),
  weightDecay: setting("L2 penalty, as in torch.optim.Adam", between(0, 10), {
    default: 0,
    value: "factor",
  }),
  clipNorm: setting("clip gradients to this norm", orNull(above(0)), {
    default: null,
    value: "length",
  }),
  schedule: setting("learning-rate schedule", oneOf(SCHEDULES), { default: "constant", value: "kind" }),
  posWeight: setting(
    "weight of positive labels in the loss; balanced uses negatives / positives",
    oneOf(["none", "balanced"]),
    {
      default: "none",
      value: "kind",
    },
  ),
  augment: setting("augmentation of training images", oneOf(AUGMENTATIONS), {
    default: "none",
    value: "kind",
  }),
  views: setting("augmented views to cache per image", whole(1, 64), {
    default: 4,
    value: "n",
  }),
  batchNorm: setting(
    "batch-norm statistics in trained layers: the stored ones, or each batch's own",
    oneOf(["frozen", "train"]),
    {
      default: "frozen",
      value: "kind",
    },
  ),
  inputSize: setting("width and height of the network's input", whole(64, 1024), {
    default: 224,
    value: "pixels",
  }),
  bits: setting(
    "bits used in 16-bit PNG or TIFF images, such as 12 (default: the model's own, else 16)",
    orNull(whole(MIN_BITS, MAX_BITS)),
    { default: null, value: "n" },
  ),
  voi: setting("how to convert DICOM values to grey levels", oneOf(VOI_CHOICES), {
    default: "default",
    value: "choice",
  }),
  seed: setting("random seed", seed(), { default: 0, value: "n" }),
  shuffle: setting("shuffle the images before each epoch", yesOrNo(), {
    default: true,
    without: "keep the label file's order in every epoch",
  }),
  patience: setting("stop after n epochs without a better mean validation AUROC", orNull(whole(1, 100_000)), {
    default: null,
    value: "n",
  }),
  targetSensitivity: setting(
    "choose operating points that reach this sensitivity (default: maximise Youden's J)",
    orNull(above(0, 1)),
    { default: null, value: "share" },
  ),
  chooseMaps: setting(
    "choose the heatmap that points best at each finding by the validation images' boxes, if there are any",
    yesOrNo(),
    { default: true, without: "do not choose heatmaps by the validation images' boxes" },
  ),
  boxes: setting("box file to choose heatmaps by (default: the data folder's own)", orNull(path()), {
    default: null,
    value: "csv",
  }),
  featureCache: setting("cache the features of frozen layers on disk", yesOrNo(), {
    default: true,
    value: "when",
  }),
};

const ALL = object(SETTINGS);

/** The settings of a run, all of them present. Null stands for a setting that was not given and has no default. */
export type TrainSettings = Of<typeof ALL>;

/** The name of a setting. */
export type SettingName = keyof typeof SETTINGS;

/**
 * Complete the settings of a run with defaults.
 *
 * @param given  An undefined value counts as not given. Properties that are not settings are ignored.
 * @throws       XrayError `training/bad-settings` that names the setting, its range and the value.
 */
export function trainSettings(
  given: { readonly [K in SettingName]?: TrainSettings[K] | undefined } = {},
): TrainSettings {
  return check(ALL, given, { code: "training/bad-settings", what: "this cannot be trained" });
}
