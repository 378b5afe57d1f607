/**
 * The form that the report and the Basic Text SR share: conclusions, a table of all findings, each finding by itself, and how
 * they were computed.
 *
 * Knows:      how the tree is laid out. How one finding is written is up to each form.
 * Reference:  DICOM PS3.16, TID 2000 (Basic Diagnostic Imaging Report).
 */

import type { DataSet } from "./attributes.ts";
import { CODES } from "./codes.ts";
import { contextItems } from "./common-items.ts";
import { container, root, text } from "./content-items.ts";
import type { FindingRow } from "./finding-rows.ts";
import type { ReportContents, ReportForm } from "./trees.ts";
import { conclusionText, findingsTable, procedureText } from "./words.ts";

/** @param findingItem  Writes one finding, with everything that belongs to it below it. */
export function findingsForm(
  sopClassUid: string,
  findingItem: (row: FindingRow, contents: ReportContents) => DataSet,
): ReportForm {
  const tree = async (contents: ReportContents): Promise<DataSet> => {
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
  };
  return { sopClassUid, tree };
}
