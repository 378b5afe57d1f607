/**
 * Histogram equalisation, as MIMIC-CXR-JPG and CheXpert were made with it.
 *
 * Knows:      counts of grey levels. Not files.
 * Reference:  OpenCV's `equalizeHist` (modules/imgproc/src/histogram.cpp), in float32 and with halves rounded to even.
 */

const f32 = Math.fround;

/** Round to the nearest integer, halves to even, as OpenCV's `cvRound`. */
function roundEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/**
 * The table that makes a picture's histogram flat.
 *
 * @param counts  256 counts of grey levels.
 * @returns       256 new grey levels. A picture of one grey level stays as it is.
 */
export function equalizingTable(counts: ArrayLike<number>): Uint8Array {
  const table = new Uint8Array(256);
  let total = 0;
  for (let level = 0; level < 256; level++) total += counts[level]!;
  let first = 0;
  while (first < 255 && counts[first] === 0) first++;
  if (counts[first] === total) return table.fill(first);
  const scale = f32(255 / f32(total - counts[first]!));
  let sum = 0;
  for (let level = first + 1; level < 256; level++) {
    sum += counts[level]!;
    table[level] = Math.min(255, roundEven(f32(sum * scale)));
  }
  return table;
}
