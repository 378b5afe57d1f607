/**
 * The report as a Basic Text SR, for archives and viewers that take no other: the same sentences and numbers, without
 * codes for numbers.
 *
 * Knows:      how the tree is laid out.
 * Reference:  DICOM PS3.16, TID 2000; PS3.3, A.35.1 (Basic Text SR).
 */

import type { DataSet } from "./attributes.ts";
import { CODES } from "./codes.ts";
import { algorithmItems } from "./common-items.ts";
import { image, text } from "./content-items.ts";
import { type FindingRow, percentNumber } from "./finding-rows.ts";
import { findingsForm } from "./findings-form.ts";
import type { ReportContents, ReportForm } from "./trees.ts";

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

export const TEXT: ReportForm = findingsForm(BASIC_TEXT_SR, findingItem);
