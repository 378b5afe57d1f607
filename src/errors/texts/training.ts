/**
 * Errors of training: their causes and ways on.
 *
 * Knows: codes.
 */

import type { ErrorArea } from "./area.ts";

export const TRAINING = {
  title: "Training",
  errors: {
    "training/bad-settings": {
      cause: "A setting is not one that can be trained with.",
      wayOn: "Correct the setting that the message names.",
    },
    "training/bad-config": {
      cause: "The config.json of a run is not valid.",
      wayOn: "Restore it, or start another run.",
    },
    "training/bad-state": {
      cause: "The saved state of a run is not valid, or is that of another run.",
      wayOn: "Restore it, or start another run.",
    },
    "training/other-settings": {
      cause: "The settings differ from those that the run was started with.",
      wayOn: "Resume it with its own settings, or start another run.",
    },
    "training/folder-taken": {
      cause: "The folder holds a run, or a file that a run would replace.",
      wayOn: "Resume the run, or name another folder.",
    },
    "training/folder-lost": {
      cause: "Another process took over the run while this one stood still.",
      wayOn: "Let the other process finish.",
    },
    "training/nothing-to-resume": {
      cause: "There is no run in the folder.",
      wayOn: "Name the folder of a run.",
    },
    "training/no-validation": {
      cause: "Early stopping needs validation images, and there are none.",
      wayOn: "Hold some out, or name a list of them.",
    },
    "training/input-size": {
      cause: "The backbone does not take images of this size.",
      wayOn: "Leave the size out.",
    },
    "training/diverged": {
      cause: "The loss or the weights became infinite.",
      wayOn: "Try a lower learning rate; the best model so far is kept.",
    },
    "training/nothing-read": {
      cause: "No training or validation image could be read.",
      wayOn: "See the warnings before the error for each image's reason.",
    },
    "features/no-space": {
      cause: "The disk has too little space for the features.",
      wayOn: "Put the cache elsewhere with MEDICAL_X_CACHE, or train without it.",
    },
    "features/other-plan": {
      cause: "A folder holds features of other images, or of another backbone, preparation or augmentation.",
      wayOn: "Use the same options and files, or another folder.",
    },
    "features/no-plan": {
      cause: "No features were extracted to the folder.",
      wayOn: "Name the folder that features were extracted to.",
    },
    "features/incomplete": {
      cause: "Shards of features are missing.",
      wayOn: "Extract features again, which does only what is missing.",
    },
    "features/no-share": {
      cause: "Features cannot be extracted in shards with these settings.",
      wayOn:
        "Freeze the network at least up to denseblock2, keep the feature cache switched on, and name a folder.",
    },
    "features/damaged": {
      cause: "The cached features are damaged.",
      wayOn: "Remove the folder that the message names; they will be computed again.",
    },
  },
} as const satisfies ErrorArea;
