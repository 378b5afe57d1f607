/**
 * The report as a tree of measurements, for systems that follow IHE's AI Results profile.
 *
 * Its title is not 126000 (Imaging Measurement Report), since OHIF turns a report of that title into measurements and
 * fails on groups without coordinates.
 *
 * Knows:      how the tree is laid out.
 * Reference:  DICOM PS3.16, TID 1500, 1501, 1600, 1602; PS3.3, A.35.13 (Comprehensive 3D SR).
 */

import type { DataSet } from "./attributes.ts";
import { CODES, type Code } from "./codes.ts";
import { algorithmItems, contextItems } from "./common-items.ts";
import { code, container, image, number, root, text, uidReference } from "./content-items.ts";
import { type FindingRow, percentNumber } from "./finding-rows.ts";
import type { ReportContents, ReportForm } from "./trees.ts";
import { uidOf } from "./uids.ts";
import { conclusionText, procedureText } from "./words.ts";

const COMPREHENSIVE_3D_SR = "1.2.840.10008.5.1.4.1.1.88.34";

/** Codes of CID 29 for the images that the model is for. */
const MODALITIES: Readonly<Record<string, Code>> = {
  CR: { value: "CR", scheme: "DCM", meaning: "Computed Radiography" },
  DX: { value: "DX", scheme: "DCM", meaning: "Digital Radiography" },
};

function imageLibrary({ source, size, modality }: ReportContents): DataSet {
  const known = MODALITIES[modality ?? ""];
  return container(
    CODES.imageLibrary,
    [
      container(CODES.imageLibraryGroup, [
        image("CONTAINS", CODES.source, source, [
          ...(known === undefined ? [] : [code("HAS ACQ CONTEXT", CODES.modality, known)]),
          ...(size === undefined
            ? []
            : [
                number("HAS ACQ CONTEXT", CODES.rows, String(size.rows), CODES.pixels),
                number("HAS ACQ CONTEXT", CODES.columns, String(size.columns), CODES.pixels),
              ]),
        ]),
      ]),
    ],
    "1600",
  );
}

async function findingGroup(row: FindingRow, { device, source, result }: ReportContents): Promise<DataSet> {
  const tracking = await uidOf("tracking", source.sopInstanceUid, result.model.sha256, row.label);
  const percent = (concept: Code, share: number, below: readonly DataSet[] = []) =>
    number("CONTAINS", concept, percentNumber(share), CODES.percent, below);
  return container(
    CODES.measurementGroup,
    [
      text("HAS OBS CONTEXT", CODES.trackingIdentifier, row.name),
      uidReference("HAS OBS CONTEXT", CODES.trackingUid, tracking),
      code("CONTAINS", CODES.finding, row.code),
      image("CONTAINS", CODES.sourceOfMeasurement, source),
      percent(CODES.probability, row.probability, algorithmItems(device, "HAS CONCEPT MOD")),
      percent(CODES.operatingPoint, row.operatingPoint),
      ...(row.calibrated === undefined ? [] : [percent(CODES.calibrated, row.calibrated)]),
    ],
    "1501",
  );
}

async function tree(contents: ReportContents): Promise<DataSet> {
  const { result, rows, device, source } = contents;
  const groups = await Promise.all(rows.map((row) => findingGroup(row, contents)));
  return root(CODES.report, "1500", [
    ...contextItems(device),
    // The template has no place for words, but may be extended. What the report is for comes first.
    container(CODES.conclusions, [
      text("CONTAINS", CODES.conclusion, conclusionText(result, rows)),
      text("CONTAINS", CODES.procedureDescription, procedureText(result, source.notes)),
    ]),
    imageLibrary(contents),
    container(CODES.imagingMeasurements, groups),
  ]);
}

export const MEASUREMENTS: ReportForm = { sopClassUid: COMPREHENSIVE_3D_SR, tree };
