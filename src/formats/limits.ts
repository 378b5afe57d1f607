/**
 * Size limits of pictures, whatever file they come in.
 *
 * Knows: numbers.
 */

/** Larger images are refused; an X-ray has 4 to 16 megapixels. */
export const MAX_PIXELS = 64_000_000;
