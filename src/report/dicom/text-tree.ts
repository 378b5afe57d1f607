/**
 * The report as a Basic Text SR, for archives and viewers that take no other: the same sentences and numbers, without
 * codes for numbers.
 *
 * Knows:      how the tree is laid out.
 * Reference:  DICOM PS3.16, TID 2000; PS3.3, A.35.1 (Basic Text SR).
 */

import type { DataSet } from "./attributes.ts";
import { CODES } from "./codes.ts";
import { algorithmItems, contextItems } from "./common-items.ts";
import { container, image, root, text } from "./content-items.ts";
import { type FindingRow, percentNumber } from "./finding-rows.ts";
import type { ReportContents, ReportForm } from "./trees.ts";
import { conclusionText, findingsTable, procedureText } from "./words.ts";

const BASIC_TEXT_SR = "1.2.840.10008.5.1.4.1.1.88.11";

function findingItem(row: FindingRow, { device, source }: ReportContents): DataSet {
  return text("CONTAINS", row.code, `${percentNumber(row.probability)} %`, [
    text("HAS PROPERTIES", CODES.operatingPoint, `${percentNumber(row.operatingPoint)} %`),
    ...(row.calibrated === undefined
      ? []
      : [text("HAS PROPERTIES", CODES.calibrated, `${percentNumber(row.calibrated)} %`)]),
    ...algorithmItems(device),
    image("INFERRED FROM", CODES.sourceOfMeasurement, source),
  ]);
}

async function tree(contents: ReportContents): Promise<DataSet> {
  const { result, rows, device, source } = contents;
  return root(CODES.report, "2000", [
    ...contextItems(device),
    container(CODES.conclusions, [text("CONTAINS", CODES.conclusion, conclusionText(result, rows))]),
    container(CODES.findings, [
      text("CONTAINS", CODES.finding, findingsTable(rows)),
      ...rows.map((row) => findingItem(row, contents)),
    ]),
    container(CODES.procedureDescriptions, [
      text("CONTAINS", CODES.procedureDescription, procedureText(result, source.notes)),
    ]),
  ]);
}

export const TEXT: ReportForm = { sopClassUid: BASIC_TEXT_SR, tree };
