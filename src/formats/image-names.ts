/**
 * How files of the picture formats that are read are named.
 *
 * Knows: endings. A file that is named outright is read whatever it is called.
 */

/** Lower-case endings, with the dot. */
export const IMAGE_ENDINGS: ReadonlySet<string> = new Set([
  ...[".png", ".apng"],
  ...[".jpg", ".jpeg", ".jpe", ".jfif", ".jfi", ".jif", ".mpo"],
  ...[".tif", ".tiff", ".btf", ".tf8"],
  ".webp",
]);
