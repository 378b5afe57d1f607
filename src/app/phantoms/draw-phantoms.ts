/**
 * The library's function that draws phantoms.
 *
 * Knows: options with their defaults. Not how phantoms are drawn.
 */

import { checkOptions } from "../../schema/options.ts";
import { maybe, object, path, seed, whole } from "../../schema/schema.ts";
import { abortable } from "../work/options.ts";
import { makePhantoms, type PhantomResult } from "./phantoms.ts";

/** Which phantoms to draw, and where. Defaults are those of `medical-x data phantom`. */
export interface PhantomOptions {
  /** A new folder, or one left by an interrupted call. */
  readonly out: string;
  /** Number of images to draw, 1 to 1,000,000. */
  readonly count: number;
  /** The same seed draws the same images; 0 by default. */
  readonly seed?: number | undefined;
  /** Width and height of the images in pixels, 64 to 2048; 512 by default. */
  readonly size?: number | undefined;
  /** Ends the work after the current images and rejects with the signal's reason. The same call resumes there. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

const OPTIONS = object({
  out: path(),
  count: whole(1, 1_000_000),
  seed: maybe(seed()),
  size: maybe(whole(64, 2048)),
});

/** Draw phantoms. Throws what the library's `drawPhantoms` throws. */
export async function drawPhantoms({
  signal,
  onProgress,
  ...options
}: PhantomOptions): Promise<PhantomResult> {
  const { out, ...rest } = checkOptions(OPTIONS, options, {
    code: "phantom/bad-request",
    what: "this cannot be drawn",
  });
  return abortable(signal, (isStopping) =>
    makePhantoms(
      { seed: 0, size: 512, ...rest, folder: out },
      { isStopping, onImage: (done, total) => onProgress?.(done, total) },
    ),
  );
}
