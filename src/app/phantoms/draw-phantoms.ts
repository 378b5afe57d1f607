/**
 * Phantoms as programs ask for them.
 *
 * Knows: options with their defaults. Not how phantoms are drawn.
 */

import { check, maybe, object, path, whole } from "../../schema/schema.ts";
import { abortable } from "../work-options.ts";
import { makePhantoms, type PhantomResult } from "./phantoms.ts";

/** The phantoms that are drawn, and where. The defaults are those of `medical-x data phantom`. */
export interface PhantomOptions {
  /** A new folder, or one that an interrupted call left. */
  readonly out: string;
  /** Images to draw, 1 to 1,000,000. */
  readonly count: number;
  /** The same seed draws the same images; 0 unless given. */
  readonly seed?: number | undefined;
  /** Width and height of the images in pixels, 64 to 2048; 512 unless given. */
  readonly size?: number | undefined;
  /** Ends the work after the images under way; the same call resumes there. It rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

const OPTIONS = object({
  out: path(),
  count: whole(1, 1_000_000),
  seed: maybe(whole(0, 2 ** 32 - 1)),
  size: maybe(whole(64, 2048)),
});

/** Draw phantoms. Throws as the library's `drawPhantoms`. */
export async function drawPhantoms({
  signal,
  onProgress,
  ...options
}: PhantomOptions): Promise<PhantomResult> {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const { out, ...rest } = check(OPTIONS, given, {
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
