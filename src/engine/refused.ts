/**
 * The error of an image that a check refuses.
 *
 * Knows: which checks may refuse.
 */

import { type Check, refusal, withoutRefusals } from "../checks/check.ts";
import { XrayError } from "../errors.ts";
import type { CheckedImage } from "./ports.ts";

/** Whether an error is that of an image that a check refuses. */
export const isRefusal = ({ code }: XrayError): boolean =>
  code === "input/modality" || code === "input/not-frontal-chest";

/** Only these two checks refuse; all others warn. */
export function refused({ check, reason }: Check): XrayError {
  const way = "choose another image, or have it predicted all the same with the option force";
  const code = check === "modality" ? "input/modality" : "input/not-frontal-chest";
  return new XrayError(code, `${reason.replace(/\.$/, "")}; ${way}`, { check });
}

/** An image, or the error if a check refuses it. @param force  Whether to admit it all the same, with a warning. */
export function admit(image: CheckedImage, force: boolean): CheckedImage | XrayError {
  if (force) return { ...image, checks: withoutRefusals(image.checks) };
  const check = refusal(image.checks);
  return check === undefined ? image : refused(check);
}
