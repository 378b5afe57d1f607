/**
 * Which objects of an archive are read, by their headers.
 *
 * Knows: headers. The input checks (`checks/`) then look at the picture.
 */

import { otherView } from "../../checks/view.ts";
import { XrayError } from "../../errors.ts";
import { factsOf } from "../../formats/dicom/facts.ts";
import { isOwnResult } from "../../formats/dicom/own-result.ts";
import type { DicomFile } from "../../formats/dicom/read-dicom.ts";
import { objectKind } from "../../formats/dicom/sop-class.ts";

/** What is let through. */
export interface Admission {
  /** Values of Modality (0008,0060) that are read; any unless given. */
  readonly modalities?: readonly string[];
  /** Whether to let through any modality and any view. */
  readonly force: boolean;
}

/**
 * Turn away what is no image for the model, by its header alone.
 *
 * @throws  XrayError `pacs/own-result`, `pacs/no-image`, `pacs/other-modality`, `pacs/not-frontal`.
 */
export function admitHeader(source: DicomFile, { force, modalities }: Admission): void {
  const facts = factsOf(source);
  if (isOwnResult(source.elements))
    throw new XrayError(
      "pacs/own-result",
      "it is a result of Medical-X, which is never read as an image",
      {},
    );
  const kind = objectKind(facts.sopClassUid);
  if (kind !== "image") throw new XrayError("pacs/no-image", `it is a ${kind} and has no picture`, { kind });
  if (force) return;
  if (modalities !== undefined && !modalities.includes(facts.modality ?? "")) {
    const message = `its Modality is not ${modalities.join(" or ")}`;
    throw new XrayError("pacs/other-modality", message, { modalities });
  }
  const other = otherView(facts);
  if (other === undefined) return;
  const message = `${other}, and the model is for frontal views; the option force has it read all the same`;
  throw new XrayError("pacs/not-frontal", message, {});
}
