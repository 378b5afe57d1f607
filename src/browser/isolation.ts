/**
 * Checks whether threads may share memory, which is only possible on pages that are isolated from other origins.
 *
 * Reference: HTML, `crossOriginIsolated`.
 */

import { XrayError } from "../errors.ts";

/** @throws  XrayError `browser/not-isolated`. */
export function checkIsolated(): void {
  if (globalThis.crossOriginIsolated === true) return;
  throw new XrayError(
    "browser/not-isolated",
    "this page is not isolated from other origins, so its threads cannot share memory, which the image decoder needs; " +
      'serve the page with the headers "Cross-Origin-Opener-Policy: same-origin" and ' +
      '"Cross-Origin-Embedder-Policy: require-corp", over https or from localhost',
    {},
  );
}
