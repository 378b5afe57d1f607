/**
 * The DICOM objects of a run: a report for each image, and its overlay, as files that are named by the image's UID.
 *
 * Pipeline:   result, plan of the overlay → **objects → files**
 * Knows:      files. Objects are made in `report/dicom/`, which is loaded when the first one is made.
 */

import { join } from "node:path";
import { asXrayError, inFile, XrayError } from "../../errors.ts";
import type { DicomFile } from "../../formats/dicom/read-dicom.ts";
import { readDicomHeader } from "../../node/dicom-header.ts";
import { writeTogether } from "../../node/files.ts";
import type { ResultObject, SrStyle } from "../../report/dicom/result-object.ts";
import { sopInstanceUidOf } from "../../report/dicom/source-image.ts";
import type { RgbPixels } from "../../report/overlay/pixels.ts";
import type { Result } from "../../results/prediction.ts";
import { counted } from "../../text.ts";
import type { PredictionRequest } from "./request.ts";

/** The options on which a result and its overlay depend. They are part of the objects' UIDs. */
function optionsOf(request: PredictionRequest): string {
  const { threshold, labels, weights, bits, voi, frame, findings, method, gradcamLayer, colormap, overlay } =
    request;
  return JSON.stringify([
    ...[threshold, labels ?? null, weights ?? null, bits ?? null, voi ?? null, frame ?? null],
    ...[findings, method ?? null, gradcamLayer ?? null, colormap, overlay ?? null],
  ]);
}

/** An image's header. Throws XrayError `predict/not-dicom`. */
async function headerOf(image: string): Promise<DicomFile> {
  const file = await readDicomHeader(image);
  if (file !== undefined) return file;
  throw new XrayError(
    "predict/not-dicom",
    "there is no DICOM object of this result, because the image is not a DICOM file; give the DICOM file itself",
  );
}

/** An error without the name of a file that holds a UID. */
function withoutUid(error: unknown, path: string, folder: string): unknown {
  if (!(error instanceof XrayError)) return error;
  return new XrayError(error.code, error.message.replaceAll(path, folder), { file: folder });
}

/** Saves the objects of one run. */
export class DicomObjects {
  readonly #folder: string;
  readonly #style: SrStyle;
  readonly #options: string;
  readonly #frame: number;
  /** SOP Instance UIDs of the images so far. */
  readonly #uids = new Set<string>();
  #reports = 0;
  #overlays = 0;

  constructor(request: PredictionRequest, folder: string) {
    this.#folder = folder;
    this.#style = request.srStyle ?? "report";
    this.#options = optionsOf(request);
    this.#frame = request.frame ?? 1;
  }

  /**
   * Save the objects of one image: `<SOP Instance UID>.sr.dcm`, and `.sc.dcm` if there is an overlay; both or none.
   *
   * @param image    Path of the image's file.
   * @param result   With the model's hash.
   * @param draw     Draws the overlay, if there is one. Not called for an image that gets no objects.
   * @throws         XrayError `predict/not-dicom`, `predict/same-uid`, `dicom/…`, `file/…`. No message holds a UID.
   */
  async save(image: string, result: Result, draw: () => Promise<RgbPixels | undefined>): Promise<void> {
    try {
      await this.#save(image, result, draw);
    } catch (error) {
      throw inFile(image, asXrayError(error));
    }
  }

  async #save(image: string, result: Result, draw: () => Promise<RgbPixels | undefined>): Promise<void> {
    const source = await headerOf(image);
    const uid = sopInstanceUidOf(source);
    this.#take(uid);
    const overlay = await draw();
    const { makeResultObjects } = await import("../../report/dicom/make-objects.ts");
    const objects = await makeResultObjects({
      source,
      result,
      style: this.#style,
      options: this.#options,
      frame: this.#frame,
      ...(overlay === undefined ? {} : { overlay }),
      madeAt: new Date(),
    });
    await this.#write(uid, objects);
  }

  /** What has been saved, in words. */
  note(): string {
    const overlays = this.#overlays === 0 ? "" : ` and ${counted(this.#overlays, "overlay")}`;
    return `wrote ${counted(this.#reports, "report")}${overlays} as DICOM objects to ${this.#folder}`;
  }

  /** Files with the same UID should be one image. If they are not, nobody could tell whose the objects are. */
  #take(uid: string): void {
    if (this.#uids.has(uid)) {
      throw new XrayError(
        "predict/same-uid",
        "there is no DICOM object of this result, because another image of this run has the same SOP Instance UID; leave out the copy, or give the images in runs of their own",
      );
    }
    this.#uids.add(uid);
  }

  async #write(uid: string, objects: readonly ResultObject[]): Promise<void> {
    const stem = join(this.#folder, uid);
    const files = objects.map(
      ({ kind, bytes }) => [`${stem}.${kind === "overlay" ? "sc" : "sr"}.dcm`, [bytes]] as const,
    );
    try {
      await writeTogether(new Map(files));
    } catch (error) {
      throw files.reduce((last, [path]) => withoutUid(last, path, this.#folder), error);
    }
    this.#reports += 1;
    this.#overlays += objects.length - 1;
  }
}
