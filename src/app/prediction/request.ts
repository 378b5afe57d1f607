/**
 * What a prediction run is asked for.
 *
 * Knows: options only.
 */

import type { VoiChoice } from "../../image/prepare.ts";
import type { MapOptions } from "../../models/map-choice.ts";
import type { SrStyle } from "../../report/dicom/result-object.ts";
import type { ColormapName } from "../../report/overlay/colormap.ts";
import type { OverlayStyle } from "../../report/overlay/style.ts";
import type { Threshold } from "../../results/prediction.ts";
import type { LoadFileOptions } from "../models/open-model.ts";
import type { Naming } from "./naming.ts";

/** What to predict, and what to save. */
export interface PredictionRequest extends LoadFileOptions {
  /** Files, folders and globs. */
  readonly image: readonly string[];
  /** A file or a name; `defaultModel()` by default. */
  readonly model?: string;
  readonly threshold: Threshold;
  /** A data folder or a label file, whose labels and boxes are shown with the results. */
  readonly truth?: string;
  /** Whether to save overlays. */
  readonly gradcam: boolean;
  /** The findings that they show: names, or `top`, `detected`, `all`. */
  readonly findings: readonly string[];
  /** Of maps that are saved as numbers Grad-CAM by default; of those that are drawn the card's, if it names any. */
  readonly method?: MapOptions["method"];
  readonly gradcamLayer?: MapOptions["layer"];
  readonly colormap: ColormapName;
  /** How overlays show heatmaps: as a wash of colour by default. */
  readonly overlay?: OverlayStyle;
  /** A folder for overlays; required for several images. */
  readonly out?: string;
  /** A folder for DICOM objects, one or two for each DICOM image. */
  readonly dicomOut?: string;
  /** The form of their reports; `report` by default. */
  readonly srStyle?: SrStyle;
  /** A `.npy` file for the raw maps of all images. */
  readonly heatmaps?: string;
  readonly device: string;
  readonly threads?: number;
  readonly batchSize?: number;
  /** Page of a TIFF, counted from 1. */
  readonly page?: number;
  /** Frame of a DICOM file, counted from 1. */
  readonly frame?: number;
  /** How the stored values of a DICOM file become grey levels. */
  readonly voi?: VoiChoice;
  /** Whether to predict images that a check refuses. */
  readonly force?: boolean;
  /** What images are called in results, messages and file names; by their paths by default. */
  readonly nameBy?: Naming;
  /** Whether results include the hash of the model's file. */
  readonly withHash?: boolean;
}

/** Whether a run needs the hash of the model's file: DICOM objects name it. */
export const needsHash = ({ withHash, dicomOut }: PredictionRequest): boolean =>
  withHash === true || dicomOut !== undefined;
