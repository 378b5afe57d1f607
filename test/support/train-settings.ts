/** The settings that `medical-x train` uses by default. */

import type { TrainSettings } from "../../src/training/settings.ts";

export const DEFAULT_SETTINGS: TrainSettings = {
  labelsFile: null,
  labels: null,
  backbone: "imagenet",
  weights: null,
  unfreeze: "none",
  epochs: 10,
  batchSize: 32,
  lr: 1e-3,
  weightDecay: 0,
  clipNorm: null,
  schedule: "constant",
  posWeight: "none",
  augment: "none",
  views: 4,
  batchNorm: "frozen",
  inputSize: 224,
  valFraction: 0.1,
  valList: null,
  trainList: null,
  limit: null,
  includeLaterals: false,
  seed: 0,
  shuffle: true,
  patience: null,
  targetSensitivity: null,
  featureCache: true,
  bits: null,
  voi: "default",
};
