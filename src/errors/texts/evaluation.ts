/**
 * Errors of evaluation, calibration and predictions: their causes and ways on.
 *
 * Knows: codes.
 */

import type { ErrorArea } from "./area.ts";

export const EVALUATION = {
  title: "Evaluation, calibration and predictions",
  errors: {
    "evaluation/bad-request": {
      cause: "Options of an evaluation do not go together, or one has a value out of its range.",
      wayOn:
        "Give a model and a data folder, or predictions and a label file, and the options that go with them.",
    },
    "evaluation/own-input": {
      cause: "The report would replace a file that it is made from.",
      wayOn: "Name another folder.",
    },
    "evaluation/no-images": {
      cause: "No image is left to evaluate.",
      wayOn: "Put the images into the folder, or include lateral views.",
    },
    "evaluation/no-common-image": {
      cause: "Two files have no image in common.",
      wayOn: "Use the same names in both.",
    },
    "evaluation/no-labels": {
      cause: "The model or the predictions and the label file have no label in common.",
      wayOn: "Use a label file with the model's labels.",
    },
    "evaluation/interrupted": {
      cause: "The evaluation was interrupted.",
      wayOn: "Start it again; it resumes where predictions are cached.",
    },
    "evaluation/bad-input": {
      cause: "Scores, labels or heatmaps do not fit each other, or are not numbers.",
      wayOn: "Correct what the message names.",
    },
    "evaluation/bad-threshold": {
      cause: "A threshold is not a number.",
      wayOn: "Give a number.",
    },
    "evaluation/bad-target": {
      cause: "A target for sensitivity or specificity is not above 0 and at most 1.",
      wayOn: "Give a share such as 0.9.",
    },
    "evaluation/bad-level": {
      cause: "The level of an interval, or of a heatmap, is out of range.",
      wayOn: "Give a level between 0 and 1.",
    },
    "evaluation/bad-bins": {
      cause: "The number of bins is not one that can be used.",
      wayOn: "Give a whole number, 1 or more.",
    },
    "evaluation/bad-replicates": {
      cause: "The number of draws is not a whole number, 1 or more.",
      wayOn: "Give one, such as 1000.",
    },
    "calibrate/no-list": {
      cause: "The model's card does not say which images its training held out.",
      wayOn: "Name them in a list.",
    },
    "calibrate/bad-request": {
      cause: "An option of a calibration is missing or out of its range.",
      wayOn: "Give a value in the range that the message names.",
    },
    "calibrate/nothing": {
      cause: "No finding has images from which a calibration can be learned.",
      wayOn: "Use more images.",
    },
    "calibrate/sidecar": {
      cause:
        "The card beside the target holds a calibration, or heatmaps that are to be chosen, which would take precedence.",
      wayOn: "Remove it there, or write to another file.",
    },
    "predictions/empty": {
      cause: "The file of predictions has no rows.",
      wayOn: "Give it a row for each image.",
    },
    "predictions/no-columns": {
      cause: "No column holds the probabilities of a label.",
      wayOn: "Name columns as the message says.",
    },
    "predictions/duplicate-column": {
      cause: "Two columns mean the same label.",
      wayOn: "Rename or remove one.",
    },
    "predictions/field-count": {
      cause: "Rows have more or fewer fields than the header.",
      wayOn: "Give each row a value for every column.",
    },
    "predictions/no-image": {
      cause: "Rows name no image.",
      wayOn: "Name the image of each row, or remove the row.",
    },
    "predictions/duplicate-image": {
      cause: "Two rows name the same image.",
      wayOn: "Keep one row for each image.",
    },
    "predictions/bad-value": {
      cause: "A value is not a number.",
      wayOn: "Give a probability from 0 to 1, or remove the row.",
    },
    "predictions/not-a-probability": {
      cause: "A value is not between 0 and 1.",
      wayOn: "Convert logits or percentages to probabilities.",
    },
    "predictions/no-space": {
      cause: "The disk has too little space for the predictions.",
      wayOn: "Put the cache elsewhere with MEDICAL_X_CACHE, or evaluate without it.",
    },
    "predictions/damaged": {
      cause: "The cached predictions are damaged.",
      wayOn: "Remove the folder that the message names; they will be computed again.",
    },
  },
} as const satisfies ErrorArea;
