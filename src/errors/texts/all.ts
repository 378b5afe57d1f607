/**
 * All errors by area, in the order of docs/errors.md, which is generated from them. No program loads this file.
 *
 * Knows: the areas.
 */

import type { ErrorCode } from "../codes.ts";
import type { ErrorArea, ErrorText } from "./area.ts";
import { CHECKPOINTS } from "./checkpoints.ts";
import { DATA } from "./data.ts";
import { DICOM } from "./dicom.ts";
import { EVALUATION } from "./evaluation.ts";
import { FILES } from "./files.ts";
import { INTERNAL } from "./internal.ts";
import { MACHINE } from "./machine.ts";
import { MODELS } from "./models.ts";
import { PACS } from "./pacs.ts";
import { PICTURES } from "./pictures.ts";
import { SCORING } from "./scoring.ts";
import { SERVER } from "./server.ts";
import { SITE } from "./site.ts";
import { TRAINING } from "./training.ts";

export const ERROR_AREAS: readonly ErrorArea[] = [
  FILES,
  PICTURES,
  DICOM,
  CHECKPOINTS,
  MODELS,
  DATA,
  TRAINING,
  EVALUATION,
  SCORING,
  PACS,
  SITE,
  MACHINE,
  SERVER,
  INTERNAL,
];

/** The text of each code. A code without one does not compile. */
export const ERROR_TEXTS: { readonly [code in ErrorCode]: ErrorText } = {
  ...FILES.errors,
  ...PICTURES.errors,
  ...DICOM.errors,
  ...CHECKPOINTS.errors,
  ...MODELS.errors,
  ...DATA.errors,
  ...TRAINING.errors,
  ...EVALUATION.errors,
  ...SCORING.errors,
  ...PACS.errors,
  ...SITE.errors,
  ...MACHINE.errors,
  ...SERVER.errors,
  ...INTERNAL.errors,
};
