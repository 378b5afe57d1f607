/** The images of scripts/reference/seeded.py, equal to the bit: [channels, height, width] in [−2, 2). */
export function seededImage(seed: number, channels: number, height: number, width: number): Float32Array {
  const image = new Float32Array(channels * height * width);
  let at = 0;
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const wrapped = (x * (3 + c) + y * 5 + Math.floor((x * y) / 16) * (1 + c) + 17 * seed) % 256;
        image[at++] = (wrapped - 128) / 64;
      }
    }
  }
  return image;
}
