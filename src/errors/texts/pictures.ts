/**
 * Errors of pictures: their causes and ways on.
 *
 * Knows: codes.
 */

import type { ErrorArea } from "./area.ts";

export const PICTURES = {
  title: "Pictures",
  errors: {
    "raster/not-an-image": {
      cause: "The bytes are not a picture of a kind that is read.",
      wayOn: "Convert it to PNG, JPEG, TIFF or WebP.",
    },
    "raster/damaged": {
      cause: "The picture is damaged or cut short.",
      wayOn: "Fetch or export it again.",
    },
    "raster/too-large": {
      cause: "The picture has more pixels than are decoded.",
      wayOn: "Shrink it first.",
    },
    "raster/elongated": {
      cause: "The picture is far longer than it is wide, or wider than long.",
      wayOn: "Crop it to the X-ray.",
    },
    "raster/unsupported": {
      cause: "The picture's samples have a depth or a number of channels that is not read.",
      wayOn: "Save it with 8 or 16 bits, in grey or colour.",
    },
    "raster/no-such-page": {
      cause: "The file does not have the page that was asked for.",
      wayOn: "Ask for one of its pages, counted from 1.",
    },
    "image/too-small": {
      cause: "A crop is larger than the picture.",
      wayOn: "Use a larger picture, or a preparation that resizes before it crops.",
    },
    "preparation/invalid": {
      cause: "The preparation in a model card is not one that can be carried out.",
      wayOn: "Correct the step that the message names.",
    },
    "preparation/no-size": {
      cause: "A preparation never sets the size of the image.",
      wayOn: "Add a step that resizes or crops.",
    },
    "augment/ten-crop": {
      cause: "A preparation that makes ten crops of an image cannot be varied for training.",
      wayOn: "Train with a preparation that makes one crop.",
    },
  },
} as const satisfies ErrorArea;
