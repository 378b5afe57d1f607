/**
 * DICOM objects that carry a result: what is asked for, and what is handed out.
 *
 * Knows: plain data. `make-objects.ts` makes them.
 */

import type { DicomFile } from "../../formats/dicom/read-dicom.ts";
import type { Result } from "../../results/prediction.ts";
import type { RgbPixels } from "../overlay/pixels.ts";

/** The forms of a structured report: the one that viewers show best, the TID 1500 tree, or a Basic Text SR. */
export const SR_STYLES = ["report", "tid1500", "text"] as const;

export type SrStyle = (typeof SR_STYLES)[number];

/** A kind of object: a structured report in one of its forms, or the overlay as a Secondary Capture. */
export type ObjectKind = SrStyle | "overlay";

/** An object that an earlier model or version made of the same image, and that a new one replaces. */
export interface Predecessor {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

/** What objects are made of. */
export interface ObjectsRequest {
  /** The image's file. Its patient and study attributes are carried over, as DICOM requires. */
  readonly source: DicomFile;
  /** Of that image, with the model's SHA-256. */
  readonly result: Result;
  readonly style: SrStyle;
  /** The options that the result depends on (findings, method, VOI …), in any fixed form: they are part of the UIDs. */
  readonly options: string;
  /** The overlay's picture, if there is one. */
  readonly overlay?: RgbPixels;
  /** Reports that the new one replaces. */
  readonly predecessors?: readonly Predecessor[];
  /** The frame that was read, counted from 1, of an image with several; the first unless given. */
  readonly frame?: number;
  /** When the objects are made. It is not part of the UIDs. */
  readonly madeAt: Date;
}

/** An object, ready to be stored. */
export interface ResultObject {
  readonly kind: ObjectKind;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** A whole DICOM file, in explicit VR little endian. */
  readonly bytes: Uint8Array;
}
