/**
 * An archive that speaks DICOMweb: images come from it, results go to it.
 *
 * Knows:      what to ask. `qido.ts`, `wado.ts` and `stow.ts` know how.
 * Reference:  DICOM PS3.18.
 */

import type { ResultObject } from "../../report/dicom/result-object.ts";
import { ArchiveHttp, type ArchiveOptions } from "./http.ts";
import type { ArchiveImage, ImageSourcePort, ResultTarget } from "./ports.ts";
import { type FoundStudy, findInstances, findStudies, hasInstance, type Match } from "./qido.ts";
import { storeObjects } from "./stow.ts";
import { fetchInstance } from "./wado.ts";

/** A DICOMweb archive. The caller must close it. */
export class DicomWeb implements ImageSourcePort, ResultTarget {
  readonly #http: ArchiveHttp;

  private constructor(http: ArchiveHttp) {
    this.#http = http;
  }

  /**
   * Read what is needed to ask the archive. Nothing is asked yet.
   *
   * @param root  Where its DICOMweb begins, such as `https://pacs.example.org/dicom-web`.
   * @throws      XrayError as `ArchiveHttp.open`.
   */
  static async open(root: string, options: ArchiveOptions = {}): Promise<DicomWeb> {
    return new DicomWeb(await ArchiveHttp.open(root, options));
  }

  /** The archive's address as it is shown in messages. */
  get shown(): string {
    return this.#http.shown;
  }

  /**
   * The studies that match.
   *
   * @param match  Attributes of studies by keyword: `{ ModalitiesInStudy: "DX", StudyDate: "20261127-" }`.
   * @throws       XrayError `pacs/…`.
   */
  studies(match: Match, signal: AbortSignal): AsyncGenerator<FoundStudy> {
    return findStudies(this.#http, match, signal);
  }

  /**
   * All instances of a study, images and others; none if the archive does not have the study.
   *
   * @throws  XrayError `pacs/…`.
   */
  instances(studyInstanceUid: string, signal: AbortSignal): Promise<readonly ArchiveImage[]> {
    return findInstances(this.#http, studyInstanceUid, signal);
  }

  fetch(image: ArchiveImage, signal: AbortSignal): Promise<Uint8Array> {
    return fetchInstance(this.#http, image, signal);
  }

  has(image: ArchiveImage, signal: AbortSignal): Promise<boolean> {
    return hasInstance(this.#http, image, signal);
  }

  store(objects: readonly ResultObject[], signal: AbortSignal): Promise<void> {
    return storeObjects(this.#http, objects, signal);
  }

  close(): Promise<void> {
    return this.#http.close();
  }
}
