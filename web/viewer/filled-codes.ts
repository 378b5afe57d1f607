/**
 * The values of a picture whose erased pixels are filled, so that a window can be applied to them as well.
 *
 * Pipeline:   grey levels of the fill → **values** → window (`grey.ts`)
 * Knows:      samples and windows. Not canvases.
 */

import type { Codes, Windowable } from "./grey.ts";
import type { ViewerPicture } from "./picture.ts";

/** What was computed last, by the fill, so that the same samples come back as the same array. */
const known = new WeakMap<Uint8Array, { readonly of: Codes; readonly codes: Codes }>();

/**
 * Codes in which pixels that the fill changed stand for the values that the picture's own window shows at its grey levels.
 *
 * @param grey     The picture's values. Not modified.
 * @param picture  The same picture; its `shown` are the grey levels before anything was erased.
 * @param filled   H·W grey levels with what was erased filled.
 */
export function filledCodes(grey: Windowable, { shown }: ViewerPicture, filled: Uint8Array): Codes {
  const before = known.get(filled);
  if (before?.of === grey.codes) return before.codes;
  const { center, width } = grey.window;
  const codeOfLevel = Array.from({ length: 256 }, (_, level) => {
    const share = (grey.inverted ? 255 - level : level) / 255;
    return grey.codeOf(center + (share - 0.5) * width);
  });
  const codes = grey.codes.slice();
  for (let i = 0; i < codes.length; i++) {
    if (filled[i] !== shown[i]) codes[i] = codeOfLevel[filled[i]!]!;
  }
  known.set(filled, { of: grey.codes, codes });
  return codes;
}
