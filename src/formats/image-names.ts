/**
 * The file name extensions of the formats that are read.
 *
 * Knows: extensions. A file that is named explicitly is read whatever its extension.
 */

/** Of DICOM files: lower case, with the dot. Many DICOM files have another extension, or none. */
export const DICOM_ENDINGS: ReadonlySet<string> = new Set([".dcm", ".dicom", ".dic", ".ima"]);

/** Of pictures: lower case, with the dot. */
export const IMAGE_ENDINGS: ReadonlySet<string> = new Set([
  ...[".png", ".apng"],
  ...[".jpg", ".jpeg", ".jpe", ".jfif", ".jfi", ".jif", ".mpo"],
  ...[".tif", ".tiff", ".btf", ".tf8"],
  ".webp",
]);
