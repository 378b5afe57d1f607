/**
 * Tells failures that leave WebAssembly unusable from those of one image.
 *
 * Knows: what engines throw when memory runs out or a module traps.
 */

import { XrayError } from "../../src/errors.ts";

const NO_MEMORY = /out of memory|allocation failed|bad_alloc|could not allocate|cannot enlarge memory/i;
const TRAP = /^aborted|memory access out of bounds|unreachable|table index is out of bounds/i;

/** An error and its causes, the outermost first. */
function* withCauses(error: unknown): Generator<Error, void> {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) yield at;
}

/** By what was asked for: what failed, in words, once memory ran out and otherwise. */
const WORDS = {
  image: ["memory ran out while this image was read", "the engine failed on this image"],
  map: ["memory ran out while its finer map was computed", "the engine failed on its finer map"],
} as const;

/**
 * The error to report if the engine must be started anew; undefined if only the image was the matter.
 *
 * @param name   The image's name.
 * @param error  What was thrown.
 * @param asked  What the engine was asked for.
 */
export function crashOf(
  name: string,
  error: unknown,
  asked: keyof typeof WORDS = "image",
): XrayError | undefined {
  const all = [...withCauses(error)];
  const isOutOfMemory = all.some(({ message }) => NO_MEMORY.test(message));
  // The name of WebAssembly's own errors.
  const isTrap = all.some((one) => one.name === "RuntimeError" || TRAP.test(one.message));
  if (!isOutOfMemory && !isTrap) return undefined;
  const what = WORDS[asked][isOutOfMemory ? 0 : 1];
  const message = `${name}: ${what}; the engine is started anew for the next ${asked}; close other tabs, or try a smaller image`;
  return new XrayError("browser/worker-failed", message, { file: name }, error);
}
