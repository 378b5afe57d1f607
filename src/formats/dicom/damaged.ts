/**
 * The error of a DICOM file whose structure does not hold.
 *
 * Knows: wording. Messages name attributes by their tags, never by their values.
 */

import { XrayError } from "../../errors.ts";

/** `dicom/damaged`. @param problem  What is wrong, without a full stop. */
export const damaged = (problem: string, details: Record<string, unknown> = {}): XrayError =>
  new XrayError("dicom/damaged", `the DICOM file is damaged: ${problem}; fetch or export it again`, details);

/** `(0028,0010)`. */
export const tagName = (tag: number): string => {
  const hex = tag.toString(16).padStart(8, "0");
  return `(${hex.slice(0, 4)},${hex.slice(4)})`;
};
