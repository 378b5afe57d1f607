/**
 * Values of DICOM attributes as a check's reason shows them.
 *
 * Knows: what may be shown. A value that is no code could be free text, and free text could name the patient.
 * Reference: DICOM PS3.5 6.2, the value representation CS: at most 16 of A–Z, 0–9, space and underscore.
 */

import { quote } from "../errors.ts";

const CODE = /^[A-Z0-9 _-]{1,16}$/i;

/**
 * A coded value in quotes, or words for it if it is not written as a code.
 *
 * @param value  One value, such as `LL`; or the values of an attribute with several, such as L and F.
 */
export function shown(value: string | readonly string[]): string {
  const values = typeof value === "string" ? [value] : value.slice(0, 2);
  if (!values.every((one) => CODE.test(one))) return "a text that is not a code";
  return quote(values.join("\\").slice(0, 16));
}
