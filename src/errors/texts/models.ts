/**
 * Errors of models, their cards and calibrations: their causes and ways on.
 *
 * Knows: codes.
 */

import type { ErrorArea } from "./area.ts";

export const MODELS = {
  title: "Models, their cards and calibrations",
  errors: {
    "model/none": {
      cause: "No model was named, and none lies in the working directory.",
      wayOn: "Name a model, or fetch a public one.",
    },
    "model/bad-name": {
      cause: "What should be a model's path or name is neither.",
      wayOn: "Give the path of a checkpoint, or a model's name.",
    },
    "model/not-found": {
      cause: "There is neither a file nor a model of this name.",
      wayOn: "Check the path, or choose one of the names in the message.",
    },
    "model/not-pulled": {
      cause: "The catalogue has the model, but it is not on this machine yet.",
      wayOn: "Fetch it first.",
    },
    "model/released": {
      cause: "The model was released before it was used.",
      wayOn: "Load it again.",
    },
    "model/only-run": {
      cause: "The work needs a DenseNet121's weights, but the model's network is run and not understood.",
      wayOn: "Do what the message says, or use a checkpoint of a DenseNet121.",
    },
    "pull/unknown-model": {
      cause: "The catalogue has no model of this name.",
      wayOn: "Choose one of the names in the message.",
    },
    "pull/in-the-package": {
      cause: "The model comes with the package and cannot be fetched.",
      wayOn: "Use it by its name.",
    },
    "pull/wrong-hash": {
      cause: "What was fetched is not the file that was published.",
      wayOn: "Try again, or fetch it from another address; nothing was kept.",
    },
    "pull/bad-record": {
      cause: "The record of a first download is damaged.",
      wayOn: "Delete the file that the message names, and fetch the model again.",
    },
    "convert/unknown-format": {
      cause: "Files with this ending cannot be written.",
      wayOn: "End the name in .safetensors, .pth or .onnx.",
    },
    "convert/dtype": {
      cause:
        "A format cannot hold weights of this type: ONNX files are float32 or int8, and all others float32 or float16.",
      wayOn: "Choose another type, or write another format.",
    },
    "convert/no-images": {
      cause: "An int8 model needs images to measure ranges on, and there are none.",
      wayOn: "Name a folder, a list or a data folder with frontal chest X-rays that can be read.",
    },
    "convert/out-of-range": {
      cause: "A weight is too large for float16.",
      wayOn: "Write float32.",
    },
    "card/activation": {
      cause: "The card of a DenseNet121 says that its outputs are probabilities already.",
      wayOn: "Name sigmoid or softmax.",
    },
    "card/invalid": {
      cause: "A model card is not valid.",
      wayOn: "Correct the field that the message names.",
    },
    "card/no-labels": {
      cause: "Nothing says what the outputs of the model are.",
      wayOn: "Name them in order, or in a card beside the file.",
    },
    "card/label-count": {
      cause: "There are more or fewer labels than outputs.",
      wayOn: "Name all outputs in order.",
    },
    "card/label-conflict": {
      cause: "The file names its outputs in two different ways.",
      wayOn: "Name them in order.",
    },
    "card/channels": {
      cause: "The preparation yields a different number of channels from the one that the model takes.",
      wayOn: "Correct the preparation in the model's card.",
    },
    "card/softmax-unnamed": {
      cause: "An output without a name cannot be left out under a softmax.",
      wayOn: "Name all outputs.",
    },
    "calibration/invalid": {
      cause: "A calibration is not valid.",
      wayOn: "Correct the field that the message names, or calibrate again.",
    },
    "calibration/bad-logit": {
      cause: "A logit is not a finite number, so it cannot be calibrated.",
      wayOn: "Check what the network was given.",
    },
    "threshold/invalid": {
      cause: "The threshold is not a number from 0 to 1, nor `card`.",
      wayOn: "Give such a number, or `card` for the model's operating points.",
    },
    "threshold/no-card": {
      cause: "The model has no operating points.",
      wayOn: "Give a number as the threshold.",
    },
    "findings/unknown": {
      cause: "The model has no finding of this name.",
      wayOn: "Choose among the model's findings.",
    },
    "findings/none": {
      cause: "No finding was detected, so there is nothing to draw.",
      wayOn: "Name the findings to draw.",
    },
    "heatmaps/unknown-method": {
      cause: "There is no heatmap method of this name.",
      wayOn: "Choose one of those in the message.",
    },
    "heatmaps/layer-count": {
      cause:
        "The number of layers does not fit the heatmap method, or layers were named together with the card's choice.",
      wayOn: "Name one layer, or two or more for a method that fuses them.",
    },
    "heatmaps/no-card": {
      cause: "The model's card names no heatmaps.",
      wayOn: "Choose them by boxes when calibrating the model, or name a method.",
    },
    "heatmaps/unknown-colormap": {
      cause: "There is no colormap of this name.",
      wayOn: "Choose one of the names in the message.",
    },
    "heatmaps/unknown-style": {
      cause: "There is no style of this name for overlays.",
      wayOn: "Choose one of the names in the message.",
    },
    "heatmaps/unknown-layer": {
      cause: "There is no layer of this name for heatmaps.",
      wayOn: "Choose one of those in the message.",
    },
    "explain/no-heatmaps": {
      cause: "The model was opened without a heatmap method.",
      wayOn: "Open it with one.",
    },
    "predict/needs-out": {
      cause: "Heatmaps of several images need a folder.",
      wayOn: "Name a folder for them.",
    },
    "predict/not-dicom": {
      cause:
        "DICOM objects were asked for, but the image is not a DICOM file, so that they could not refer to it.",
      wayOn: "Give the DICOM file itself. The result was given all the same.",
    },
    "predict/same-uid": {
      cause: "DICOM objects were asked for of two images with one SOP Instance UID. Only the first got them.",
      wayOn: "Leave out the copy, or give the images in runs of their own.",
    },
  },
} as const satisfies ErrorArea;
