/**
 * Whether a DICOM object is a result that Medical-X made, which must never be read as an image.
 *
 * Knows: the attributes by which our results are known. `report/dicom` writes them.
 */

import type { DicomElements } from "./elements.ts";

/** Manufacturer's Model Name (0008,1090) of our results. */
export const OWN_MODEL_NAME = "Medical-X";

/** Series Description (0008,103E) of our results begins with this. */
export const OWN_SERIES_PREFIX = "Medical-X ";

/** What a search at the level of series can tell about one. */
export interface SeriesTexts {
  /** (0008,103E). */
  readonly seriesDescription?: string | undefined;
  /** (0008,1090). */
  readonly manufacturerModelName?: string | undefined;
}

/** Whether a series holds results of ours, as far as what an archive says of it tells. */
export const isOwnSeries = ({ seriesDescription, manufacturerModelName }: SeriesTexts): boolean =>
  manufacturerModelName?.trim() === OWN_MODEL_NAME ||
  seriesDescription?.trimStart().startsWith(OWN_SERIES_PREFIX) === true;

/**
 * Whether an object is a result of ours. An archive may have changed the description of its series, or the equipment's
 * name, but hardly all of what is looked at.
 */
export const isOwnResult = (elements: DicomElements): boolean =>
  isOwnSeries({
    seriesDescription: elements.text("x0008103e"),
    manufacturerModelName: elements.text("x00081090"),
  }) || elements.text("x00181018") === OWN_MODEL_NAME;
