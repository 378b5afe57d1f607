/**
 * Translates libvips' complaints about a file that it cannot decode into plain words.
 *
 * Knows: libvips' messages. Not files.
 */

/** Lines of libvips that only announce other lines. */
const EMPTY_LINES = /^(?:warning treated as error|error in tile|VipsJpeg: *$)/i;

/** Lines of libvips that do not explain the cause, and what to say instead. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^Input buffer contains unsupported image format$/i, "its header cannot be read"],
  [/^Input buffer has corrupt header:$/i, "its header is damaged"],
  [/^Input buffer has corrupt header: */i, ""],
  [/^vipspng: libpng read error$/i, "its pixels are damaged or end too soon"],
  [/^(?:VipsJpeg|tiff2vips|vipspng|webp2vips|webp): */i, ""],
];

const inWords = (line: string): string =>
  WORDS.reduce((words, [pattern, better]) => words.replace(pattern, better), line);

/**
 * Why libvips could not decode a file. libvips writes one cause per line, often repeatedly, with a module name in
 * front.
 *
 * @returns  Up to three causes, each of them once.
 */
export function decoderReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split("\n").map((line) => line.trim());
  const causes = new Set(lines.filter((line) => line !== "" && !EMPTY_LINES.test(line)).map(inWords));
  return causes.size === 0 ? text.trim() : [...causes].slice(0, 3).join("; ");
}
