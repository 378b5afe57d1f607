/**
 * Which instances of a study are worth fetching, by what an archive lists about them.
 *
 * Knows: the list. `admit-header.ts` decides by the file's own header.
 */

import { objectKind } from "../../formats/dicom/sop-class.ts";
import type { ArchiveImage } from "../../node/archive/ports.ts";
import { isUid } from "../../node/archive/uids.ts";

/** The modalities that are read unless another choice is made: computed and digital radiography. */
export const RADIOGRAPHS: readonly string[] = ["CR", "DX"];

/** Whether an instance is in a series of our own results, whose descriptions begin and end like this. */
export const isOwnSeries = ({ seriesDescription }: ArchiveImage): boolean =>
  seriesDescription !== undefined && /^Medical-X .+ - research use only$/.test(seriesDescription);

/** Whether the UIDs of an instance are some. If not, no request can name it, and no result can refer to it. */
export const hasUids = ({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }: ArchiveImage): boolean =>
  [studyInstanceUid, seriesInstanceUid, sopInstanceUid].every(isUid);

/**
 * Whether an instance may be an image to read.
 *
 * @param modalities  Those that are read; any if undefined. An instance without a modality is fetched.
 */
export const isCandidate = (image: ArchiveImage, modalities: readonly string[] | undefined): boolean =>
  objectKind(image.sopClassUid) === "image" &&
  !isOwnSeries(image) &&
  (modalities === undefined || (image.modality ?? "") === "" || modalities.includes(image.modality ?? ""));
