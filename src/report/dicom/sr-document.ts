/**
 * A structured report as a data set: the modules around its tree.
 *
 * Knows:      modules and their attributes. Not what the tree says.
 * Reference:  DICOM PS3.3, A.35 (SR IODs), C.17.1 (SR Document Series), C.17.2 (SR Document General).
 */

import { attribute, type DataSet, ifAny, sequence } from "./attributes.ts";
import { author, type Device } from "./equipment.ts";
import { byStudy, type ObjectReference, type SourceImage } from "./source-image.ts";

/** Series Description of reports. */
export const REPORT_SERIES = "Medical-X report - research use only";

/** What a report refers to. */
interface ReportReferences {
  readonly source: SourceImage;
  readonly predecessors: readonly ObjectReference[];
}

/**
 * The attributes of the modules SR Document Series, SR Document General and SR Document Content.
 *
 * @param tree  Attributes of the root.
 */
export const srDocument = (
  tree: DataSet,
  device: Device,
  { source, predecessors }: ReportReferences,
): DataSet => ({
  "00080060": attribute("CS", "SR"),
  "0008103E": attribute("LO", REPORT_SERIES),
  "00081111": sequence(),
  "0040A078": sequence(author(device)),
  ...ifAny("0040A360", sequence(...byStudy(predecessors))),
  "0040A372": sequence(),
  "0040A375": sequence(...byStudy([source])),
  "0040A491": attribute("CS", "COMPLETE"),
  "0040A493": attribute("CS", "UNVERIFIED"),
  "0040A496": attribute("CS", "PRELIMINARY"),
  ...tree,
});
