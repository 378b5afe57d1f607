/**
 * Which instances of a study are worth fetching, by what an archive lists about them.
 *
 * Knows: the list. `admit-header.ts` decides by the file's own header.
 */

import { objectKind } from "../../formats/dicom/sop-class.ts";
import type { ArchiveImage } from "../../node/archive/ports.ts";

/** The modalities that are read unless another choice is made: computed and digital radiography. */
export const RADIOGRAPHS: readonly string[] = ["CR", "DX"];

/** Results of ours have series of their own, whose descriptions begin and end like this. */
const isOurs = (description: string | undefined): boolean =>
  description !== undefined && /^Medical-X .+ - research use only$/.test(description);

/**
 * Whether an instance may be an image to read.
 *
 * @param modalities  Those that are read; any if undefined. An instance without a modality is fetched.
 */
export const isCandidate = (
  { sopClassUid, modality, seriesDescription }: ArchiveImage,
  modalities: readonly string[] | undefined,
): boolean =>
  objectKind(sopClassUid) === "image" &&
  !isOurs(seriesDescription) &&
  (modalities === undefined || modality === undefined || modality === "" || modalities.includes(modality));
