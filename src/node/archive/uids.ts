/**
 * UIDs as they may stand in an address.
 *
 * Knows:      text. A message never repeats a UID.
 * Reference:  DICOM PS3.5, 9.1.
 */

import { text, where } from "../../schema/schema.ts";
import { FinalError } from "../retry.ts";

/** Archives hold UIDs that break the rules, such as components with leading zeros; more digits and dots do no harm. */
export const isUid = (value: string): boolean => /^[\d.]{1,64}$/.test(value);

/** A UID in JSON. Blanks around it are for `trimUid`. */
// @__NO_SIDE_EFFECTS__
export function uid() {
  return where(text(), (value) => isUid(trimUid(value)), "is no UID");
}

/** A UID without the padding that some archives leave on it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the padding is a NUL
export const trimUid = (value: string): string => value.replaceAll(/^[ \u0000]+|[ \u0000]+$/g, "");

/**
 * A UID for an address.
 *
 * @throws  FinalError `pacs/bad-uid` for any other text, which could lead elsewhere.
 */
export function inAddress(value: string): string {
  if (isUid(value)) return value;
  throw new FinalError("pacs/bad-uid", "what an archive is asked for has a UID that is none", {});
}
