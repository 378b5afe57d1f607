/**
 * Errors of DICOM files and of the input checks: their causes and ways on.
 *
 * Knows: codes.
 */

import type { ErrorArea } from "./area.ts";

export const DICOM = {
  title: "DICOM files and input checks",
  errors: {
    "dicom/damaged": {
      cause: "The DICOM file is damaged or cut short.",
      wayOn: "Fetch or export it again.",
    },
    "dicom/no-picture": {
      cause: "The DICOM file holds no picture, as a report or a directory does not.",
      wayOn: "Give the image objects of the study.",
    },
    "dicom/unsupported": {
      cause: "The DICOM file's picture is stored in a way that is not read.",
      wayOn: "Convert it to a common transfer syntax, or export it as PNG.",
    },
    "dicom/no-such-frame": {
      cause: "The DICOM file does not have the frame that was asked for.",
      wayOn: "Ask for one of its frames, counted from 1.",
    },
    "dicom/no-uid": {
      cause:
        "The DICOM file has no valid SOP Instance UID, by which a DICOM object about it would have to name it.",
      wayOn: "Give it one, or take its result in another format.",
    },
    "dicom/too-large": {
      cause: "The DICOM file's picture has more pixels than are decoded.",
      wayOn: "Shrink it first.",
    },
    "dicom/no-codec": {
      cause: "The decoder of compressed DICOM pictures could not be loaded.",
      wayOn:
        "Install the package again with its dependencies. In a browser, serve the file that the message names.",
    },
    "input/modality": {
      cause:
        "The header names a modality other than X-ray, and the picture does not look like a chest X-ray either.",
      wayOn: "Choose another image, or force the prediction.",
    },
    "input/not-frontal-chest": {
      cause: "The picture does not look like a frontal chest X-ray.",
      wayOn: "Choose another image, or force the prediction.",
    },
    "input/own-result": {
      cause: "The picture is an overlay that Medical-X drew. It is never predicted, not even by force.",
      wayOn: "Give the image that it was made of.",
    },
  },
} as const satisfies ErrorArea;
