/**
 * The error of an image that a check refuses.
 *
 * Knows: which checks may refuse.
 */

import type { Check } from "../checks/check.ts";
import { XrayError } from "../errors.ts";

/** Whether an error is that of an image that a check refuses. */
export const isRefusal = ({ code }: XrayError): boolean =>
  code === "input/modality" || code === "input/not-frontal-chest";

/** Only these two checks refuse; all others warn. */
export function refused({ check, reason }: Check): XrayError {
  const way = "choose another image, or have it predicted all the same with the option force";
  const code = check === "modality" ? "input/modality" : "input/not-frontal-chest";
  return new XrayError(code, `${reason.replace(/\.$/, "")}; ${way}`, { check });
}
