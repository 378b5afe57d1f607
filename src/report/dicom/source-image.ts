/**
 * The image that a result is of, as DICOM refers to it.
 *
 * Knows:      the image's file.
 * Reference:  DICOM PS3.3, table 10-11 (SOP Instance Reference) and C.18.4 (Image Reference).
 */

import { XrayError } from "../../errors.ts";
import type { DicomFile } from "../../formats/dicom/read-dicom.ts";
import { attribute, type DataSet, ifAny, sequence } from "./attributes.ts";
import { uidOf } from "./uids.ts";
import { uid } from "./valid-values.ts";

/** An object, as others refer to it. */
export interface ObjectReference {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

/** The image, and the frame of it. */
export interface SourceImage extends ObjectReference {
  /** Counted from 1; undefined if it has one frame only, or is of a class whose images have one frame by definition. */
  readonly frame: number | undefined;
  /** What the file lacks and was made up for it, in whole sentences. */
  readonly notes: readonly string[];
}

const COMPUTED_RADIOGRAPHY = "1.2.840.10008.5.1.4.1.1.1";
const DIGITAL_XRAY_FOR_PRESENTATION = "1.2.840.10008.5.1.4.1.1.1.1";
export const SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";

/**
 * Classes whose images have one frame: CR, DX, mammography, intra-oral, Secondary Capture. If a file has more all the same,
 * no reference may name one.
 */
const OF_ONE_FRAME: ReadonlySet<string> = new Set([
  COMPUTED_RADIOGRAPHY,
  ...["1.1", "1.1.1", "1.2", "1.2.1", "1.3", "1.3.1"].map((one) => `1.2.840.10008.5.1.4.1.1.${one}`),
  SECONDARY_CAPTURE,
]);

/** The class that an image without one most likely has. */
const CLASS_OF_MODALITY: Readonly<Record<string, string>> = {
  CR: COMPUTED_RADIOGRAPHY,
  DX: DIGITAL_XRAY_FOR_PRESENTATION,
};

/**
 * The SOP Instance UID of a file, from its data set or its meta information.
 *
 * @throws  XrayError `dicom/no-uid` if it has none that is valid. The message does not repeat it.
 */
export function sopInstanceUidOf({ elements, meta }: DicomFile): string {
  const found = uid(elements.text("x00080018")) ?? uid(meta.text("x00020003"));
  if (found !== undefined) return found;
  throw new XrayError(
    "dicom/no-uid",
    "the DICOM file has no valid SOP Instance UID (0008,0018), which a DICOM object about it must name; give it one, or take its result in another format",
  );
}

/**
 * How to refer to an image. A file without UIDs of a study and a series gets ones that follow from its own.
 *
 * @param frame  The frame that was read, counted from 1.
 * @throws       XrayError `dicom/no-uid`.
 */
export async function sourceImage(file: DicomFile, frame: number): Promise<SourceImage> {
  const { elements, meta } = file;
  const sopInstanceUid = sopInstanceUidOf(file);
  const study = uid(elements.text("x0020000d"));
  const series = uid(elements.text("x0020000e"));
  const modality = elements.text("x00080060")?.trim().toUpperCase() ?? "";
  const frames = elements.integer("x00280008") ?? 1;
  const sopClassUid =
    uid(elements.text("x00080016")) ??
    uid(meta.text("x00020002")) ??
    CLASS_OF_MODALITY[modality] ??
    SECONDARY_CAPTURE;
  return {
    studyInstanceUid: study ?? (await uidOf("study of", sopInstanceUid)),
    seriesInstanceUid: series ?? (await uidOf("series of", sopInstanceUid)),
    sopClassUid,
    sopInstanceUid,
    frame: frames > 1 && !OF_ONE_FRAME.has(sopClassUid) ? frame : undefined,
    notes:
      study === undefined || series === undefined
        ? [
            `The image names no valid UID of its ${study === undefined ? "study" : "series"}; one was made from the image's own.`,
          ]
        : [],
  };
}

/** A reference to an object. */
export const sopReference = ({ sopClassUid, sopInstanceUid }: ObjectReference): DataSet => ({
  "00081150": attribute("UI", sopClassUid),
  "00081155": attribute("UI", sopInstanceUid),
});

/** A reference to the image, and to its frame if it has several. */
export const imageReference = (image: SourceImage): DataSet => ({
  ...sopReference(image),
  ...ifAny("00081160", attribute("IS", image.frame?.toString())),
});

/** Objects by their studies and series, as evidence and predecessors are listed. */
export function byStudy(objects: readonly ObjectReference[]): readonly DataSet[] {
  const studies = new Map<string, Map<string, DataSet[]>>();
  for (const object of objects) {
    const series = studies.get(object.studyInstanceUid) ?? new Map<string, DataSet[]>();
    const members = series.get(object.seriesInstanceUid) ?? [];
    studies.set(
      object.studyInstanceUid,
      series.set(object.seriesInstanceUid, [...members, sopReference(object)]),
    );
  }
  return [...studies].map(([study, series]) => ({
    "00081115": sequence(
      ...[...series].map(([of, members]) => ({
        "00081199": sequence(...members),
        "0020000E": attribute("UI", of),
      })),
    ),
    "0020000D": attribute("UI", study),
  }));
}
