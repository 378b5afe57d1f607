/**
 * What libvips says of a file that it cannot decode, in words for people.
 *
 * Knows: libvips' messages. Not files.
 */

/** Lines of libvips that say no more than that there are others. */
const EMPTY_LINES = /^(?:warning treated as error|error in tile|VipsJpeg: *$)/i;

/** Lines of libvips that name no cause, in words that do. */
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
 * Why libvips could not decode a file: a cause per line, some of them many times, with its module's name before it.
 *
 * @returns  Up to three causes, each once.
 */
export function decoderReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split("\n").map((line) => line.trim());
  const causes = new Set(lines.filter((line) => line !== "" && !EMPTY_LINES.test(line)).map(inWords));
  return causes.size === 0 ? text.trim() : [...causes].slice(0, 3).join("; ");
}
