/**
 * Codes of the findings, one row each, with the source of every row.
 *
 * A code is used only if it was checked in a published table. A finding without such a code gets one of our own scheme,
 * `99MEDX`, which every object declares: a code that means something else would be worse than none.
 *
 * Knows:      labels and codes.
 * Reference:  DICOM PS3.16 (CID 3700, 6102, 6104 and 6105); RadLex.
 */

import { displayName, FINDING_NAMES, matchLabel } from "../../findings.ts";
import { type Code, PRIVATE_SCHEME } from "./codes.ts";
import { uidOf } from "./uids.ts";
import { shortText } from "./valid-values.ts";

/** A finding's code, and where it was looked up. */
interface CodedFinding {
  readonly code: Code;
  readonly source: string;
}

const row = (value: string, scheme: string, meaning: string, source: string): CodedFinding => ({
  code: { value, scheme, meaning },
  source,
});

const own = (value: string, meaning: string, source: string): CodedFinding =>
  row(value, PRIVATE_SCHEME, meaning, source);

const RADLEX = "RadLex, as checked maps in public code have it";

/** By the finding's name in NIH's files. */
export const FINDING_CODES: Readonly<Record<string, CodedFinding>> = {
  Atelectasis: row("RID28493", "RADLEX", "Atelectasis", RADLEX),
  Cardiomegaly: own("CARDIOMEGALY", "Cardiomegaly", "not in PS3.16's tables, and RadLex has none"),
  Effusion: row("60046008", "SCT", "Pleural effusion", "PS3.16, CID 645"),
  Infiltration: row("112121", "DCM", "Infiltrate", "PS3.16, CID 6102 and 6104"),
  Mass: row("4147007", "SCT", "Mass", "PS3.16, CID 6102 and 6104"),
  Nodule: row("27925004", "SCT", "Nodule", "PS3.16, CID 6102 and 6104"),
  Pneumonia: row("RID5350", "RADLEX", "Pneumonia", RADLEX),
  Pneumothorax: row("36118008", "SCT", "Pneumothorax", "PS3.16, CID 6062, 6102 and 6105"),
  Consolidation: row("RID43255", "RADLEX", "Consolidation", RADLEX),
  Edema: row("19242006", "SCT", "Pulmonary edema", "PS3.16, CID 3700"),
  Emphysema: row("RID4799", "RADLEX", "Emphysema", RADLEX),
  Fibrosis: own("FIBROSIS", "Fibrosis", "not in PS3.16's tables, and no checked RadLex code"),
  Pleural_Thickening: own("PLEURAL-THICKEN", "Pleural thickening", "public maps contradict each other"),
  Hernia: own("HERNIA", "Hernia", "the label does not say whether hiatal or diaphragmatic"),
};

/**
 * The code of a model's label.
 *
 * @returns  The row of the finding that the label means; for another label a code of our own scheme, which follows from
 *           the label's spelling.
 */
export async function findingCode(label: string): Promise<Code> {
  const known = matchLabel(label, FINDING_NAMES);
  if (known !== undefined) return FINDING_CODES[known]!.code;
  const number = (await uidOf("label", label)).slice(-10);
  return {
    value: `LABEL-${number}`,
    scheme: PRIVATE_SCHEME,
    meaning: shortText(displayName(label)) || "Unnamed finding",
  };
}
