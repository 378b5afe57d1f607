/**
 * What the three forms of a report are made of.
 *
 * Knows: plain data.
 */

import type { Result } from "../../results/prediction.ts";
import type { DataSet } from "./attributes.ts";
import type { Device } from "./equipment.ts";
import type { FindingRow } from "./finding-rows.ts";
import type { SourceImage } from "./source-image.ts";

/** The contents of a report. */
export interface ReportContents {
  readonly result: Result;
  /** By falling probability. */
  readonly rows: readonly FindingRow[];
  readonly device: Device;
  readonly source: SourceImage;
  /** Rows and columns of the image, if its header says so. */
  readonly size: { readonly rows: number; readonly columns: number } | undefined;
  readonly modality: string | undefined;
}

/** A form of the report: its SOP class, and the tree of its contents. */
export interface ReportForm {
  readonly sopClassUid: string;
  tree(contents: ReportContents): Promise<DataSet>;
}
