/**
 * Size limits for files that are read whole.
 *
 * Knows: numbers.
 */

/** A DenseNet121 with its optimiser's state in float64 takes 220 MB. */
export const MAX_MODEL_BYTES = 512 * 1024 * 1024;

/** Enough for an image of 64 megapixels with hardly any compression. */
export const MAX_IMAGE_BYTES = 256 * 1024 * 1024;
