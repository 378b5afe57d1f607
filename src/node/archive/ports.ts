/**
 * What the work on studies needs from an archive: where images come from, and where results go. DICOMweb, Orthanc's own
 * interface and DICOM's C-STORE each have an adapter.
 *
 * Knows: interfaces only.
 */

import type { ResultObject } from "../../report/dicom/result-object.ts";

/** An image as an archive names it. Its UIDs may be any text: senders make mistakes, and archives keep them. */
export interface ArchiveImage {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string | undefined;
  readonly modality: string | undefined;
  /** What its series is called, if the archive says so; results of ours are recognised by it without being fetched. */
  readonly seriesDescription?: string;
  /** How the archive finds it: Orthanc's id of the instance, or a file's name; undefined if by its UIDs. */
  readonly at?: string;
  /** SHA-256 of its data set, in hexadecimal, if it is known. */
  readonly content?: string;
}

/** Where images come from. */
export interface ImageSourcePort {
  /**
   * The bytes of an image's file.
   *
   * @throws  XrayError `pacs/…`. `failureKind` (`app/pacs/passing.ts`) says whether another attempt may help.
   */
  fetch(image: ArchiveImage, signal: AbortSignal): Promise<Uint8Array>;
  /** Whether an image is still there; left out where images are our own copies. Throws as above. */
  has?(image: ArchiveImage, signal: AbortSignal): Promise<boolean>;
}

/** Where results go. */
export interface ResultTarget {
  /**
   * Store objects of one study. Those that are there already count as stored. Returns when the archive has accepted all.
   *
   * @throws  XrayError `pacs/…`, as above; if some were accepted, sending all of them again does no harm.
   */
  store(objects: readonly ResultObject[], signal: AbortSignal): Promise<void>;
}
