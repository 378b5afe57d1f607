/**
 * The report as viewers show it best: conclusions, a table of all findings, then each finding as a coded number.
 *
 * The algorithm, the operating point and the reference to the image stand below each number: OHIF lists all that lies
 * higher, and its page goes blank at references to images there.
 *
 * Knows:      how the tree is laid out.
 * Reference:  DICOM PS3.16, TID 2000 (Basic Diagnostic Imaging Report); PS3.3, A.35.3 (Comprehensive SR).
 */

import type { DataSet } from "./attributes.ts";
import { CODES } from "./codes.ts";
import { algorithmItems } from "./common-items.ts";
import { code, image, number } from "./content-items.ts";
import { type FindingRow, percentNumber } from "./finding-rows.ts";
import { findingsForm } from "./findings-form.ts";
import type { ReportContents, ReportForm } from "./trees.ts";

const COMPREHENSIVE_SR = "1.2.840.10008.5.1.4.1.1.88.33";

function findingItem(row: FindingRow, { device, source }: ReportContents): DataSet {
  const { calibrated } = row;
  return number("CONTAINS", row.code, percentNumber(row.probability), CODES.percent, [
    code("HAS CONCEPT MOD", CODES.derivation, CODES.probability),
    number("HAS PROPERTIES", CODES.operatingPoint, percentNumber(row.operatingPoint), CODES.percent),
    ...(calibrated === undefined
      ? []
      : [number("HAS PROPERTIES", CODES.calibrated, percentNumber(calibrated), CODES.percent)]),
    ...algorithmItems(device),
    image("INFERRED FROM", CODES.sourceOfMeasurement, source),
  ]);
}

export const REPORT: ReportForm = findingsForm(COMPREHENSIVE_SR, findingItem);
