/**
 * The file name extensions of the picture formats that are read.
 *
 * Knows: extensions. A file that is named explicitly is read whatever its extension.
 */

/** Lower-case extensions, with the dot. */
export const IMAGE_ENDINGS: ReadonlySet<string> = new Set([
  ...[".png", ".apng"],
  ...[".jpg", ".jpeg", ".jpe", ".jfif", ".jfi", ".jif", ".mpo"],
  ...[".tif", ".tiff", ".btf", ".tf8"],
  ".webp",
]);
