/**
 * A result as DICOM objects, ready for an archive.
 *
 * Pipeline:   image's file, result, overlay → **report, Secondary Capture** → file or archive
 * Knows:      which objects there are. Not where they go.
 */

import type { DicomFile } from "../../formats/dicom/read-dicom.ts";
import { VERSION } from "../../version.ts";
import { attribute, type DataSet } from "./attributes.ts";
import { carriedAttributes } from "./carried.ts";
import { withCodingSchemes } from "./coding-schemes.ts";
import { type Device, deviceOf, equipment } from "./equipment.ts";
import { findingRows } from "./finding-rows.ts";
import { MEASUREMENTS } from "./measurements-tree.ts";
import { type Moment, momentOf } from "./moment.ts";
import { overlayImage } from "./overlay-object.ts";
import { REPORT } from "./report-tree.ts";
import type { ObjectKind, ObjectsRequest, ResultObject, SrStyle } from "./result-object.ts";
import { SECONDARY_CAPTURE, type SourceImage, sourceImage } from "./source-image.ts";
import { srDocument } from "./sr-document.ts";
import { TEXT } from "./text-tree.ts";
import type { ReportForm } from "./trees.ts";
import { uidOf } from "./uids.ts";
import { dicomFile } from "./write-file.ts";

const FORMS: Readonly<Record<SrStyle, ReportForm>> = { report: REPORT, tid1500: MEASUREMENTS, text: TEXT };

/** What all objects of a request share. */
interface Shared {
  readonly request: ObjectsRequest;
  readonly source: SourceImage;
  readonly device: Device;
  readonly moment: Moment;
}

/** Complete an object's data set with what all objects have, and write it. */
async function finish(
  kind: ObjectKind,
  sopClassUid: string,
  own: DataSet,
  { request, source, device, moment }: Shared,
): Promise<ResultObject> {
  const parts = [source.sopInstanceUid, request.result.model.sha256, kind, request.options, VERSION];
  const sopInstanceUid = await uidOf("object", ...parts);
  const seriesInstanceUid = await uidOf("series", ...parts);
  const { studyInstanceUid } = source;
  const set: DataSet = {
    ...carriedAttributes(request.source.elements),
    ...equipment(device),
    "00080012": attribute("DA", moment.date),
    "00080013": attribute("TM", moment.time),
    "00080016": attribute("UI", sopClassUid),
    "00080018": attribute("UI", sopInstanceUid),
    "00080023": attribute("DA", moment.date),
    "00080033": attribute("TM", moment.time),
    "0020000D": attribute("UI", studyInstanceUid),
    "0020000E": attribute("UI", seriesInstanceUid),
    "00200011": attribute("IS", seriesNumber(request.source, kind)),
    "00200013": attribute("IS", "1"),
    ...own,
  };
  const bytes = await dicomFile(withCodingSchemes(set));
  return { kind, studyInstanceUid, seriesInstanceUid, sopClassUid, sopInstanceUid, bytes };
}

/** A series number after those of devices, and different for each kind: viewers list series by it. */
function seriesNumber({ elements }: DicomFile, kind: ObjectKind): string {
  const of = elements.integer("x00200011") ?? 0;
  const base = of >= 0 && of < 1000 ? of : 0;
  return String(9000 + base + (kind === "overlay" ? 0 : 1000));
}

function sizeOf({ elements }: DicomFile): { rows: number; columns: number } | undefined {
  const [rows, columns] = [elements.integer("x00280010"), elements.integer("x00280011")];
  return rows === undefined || columns === undefined ? undefined : { rows, columns };
}

/**
 * Make the objects of one result: the report, and the overlay if there is one.
 *
 * @returns  The report first.
 * @throws   XrayError `dicom/no-uid` if the image has no SOP Instance UID; `dicom/damaged`.
 */
export async function makeResultObjects(request: ObjectsRequest): Promise<readonly ResultObject[]> {
  const { source: file, result, style, overlay, predecessors = [], madeAt, frame = 1 } = request;
  const source = await sourceImage(file, frame);
  const device = await deviceOf(result);
  const moment = momentOf(madeAt, file.elements.text("x00080201"));
  const shared = { request, source, device, moment };
  const { sopClassUid, tree } = FORMS[style];
  const contents = await tree({
    result,
    rows: await findingRows(result),
    device,
    source,
    size: sizeOf(file),
    modality: file.elements.text("x00080060")?.trim().toUpperCase(),
  });
  const document = srDocument(contents, device, { source, predecessors });
  const report = await finish(style, sopClassUid, document, shared);
  if (overlay === undefined) return [report];
  const picture = overlayImage(overlay, file, source, device, moment);
  return [report, await finish("overlay", SECONDARY_CAPTURE, picture, shared)];
}
