/**
 * Medical-X as DICOM objects name it: as the equipment that made them, and as an observer.
 *
 * Knows:      names and versions.
 * Reference:  DICOM PS3.3, C.7.5.1 (General Equipment), C.12.1.1.5 (Contributing Equipment), C.17.2.
 */

import { OWN_MODEL_NAME } from "../../formats/dicom/own-result.ts";
import type { Result } from "../../results/prediction.ts";
import { VERSION } from "../../version.ts";
import { attribute, type DataSet, sequence } from "./attributes.ts";
import { CODES, codeItem } from "./codes.ts";
import { uidOf } from "./uids.ts";
import { shortText } from "./valid-values.ts";

/** The maker of objects and of the algorithm. */
export const MAKER = "The Medical-X authors";

/** What made an object: the program with a model. */
export interface Device {
  readonly uid: string;
  /** The model's name, at most 64 characters. */
  readonly modelName: string;
  /** Of the model's file, with the algorithm's name before it. */
  readonly modelHash: string;
  /** The same in 64 digits alone. */
  readonly serialNumber: string;
}

/** The program with the result's model. The UID follows from the program's version and the model's hash. */
export async function deviceOf({ model }: Result): Promise<Device> {
  return {
    uid: await uidOf("device", model.sha256, VERSION),
    modelName: shortText(model.name) || "unnamed",
    modelHash: `sha256:${model.sha256}`,
    serialNumber: model.sha256,
  };
}

const names: DataSet = {
  "00080070": attribute("LO", MAKER),
  "00081090": attribute("LO", OWN_MODEL_NAME),
};

/** Attributes of the equipment, and of the algorithm as a contribution. */
export const equipment = ({ modelName, modelHash, serialNumber }: Device): DataSet => ({
  ...names,
  // What tells one model's results from another's in a search: 64 digits, which is as much as the attribute takes.
  "00181000": attribute("LO", serialNumber),
  "00181020": attribute("LO", VERSION, shortText(`model ${modelName}`)),
  "0018A001": sequence({
    ...names,
    "00181020": attribute("LO", VERSION),
    "0018A003": attribute("ST", `Findings by the model ${modelName}, ${modelHash}. Research use only.`),
    "0040A170": sequence(codeItem(CODES.processingEquipment)),
  }),
});

/** The author of a report: a device. */
export const author = ({ uid }: Device): DataSet => ({
  ...names,
  "00080080": attribute("LO"),
  "00080082": sequence(),
  "00081010": attribute("SH"),
  "00181002": attribute("UI", uid),
  "0040A084": attribute("CS", "DEV"),
});
