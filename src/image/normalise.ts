/**
 * From 8-bit samples to the range of numbers that a network was trained on.
 *
 * Pipeline:   decode → 8 bits → resize → crop → **normalise** → tensor
 * Knows:      samples. Not files.
 * Reference:  torchvision ToTensor and Normalize, in float32 arithmetic; torchxrayvision.datasets.normalize.
 */

const IMAGENET_MEAN = [0.485, 0.456, 0.406] as const;
const IMAGENET_STD = [0.229, 0.224, 0.225] as const;

const f32 = Math.fround;

/** (value/255 − mean) / std for each of the 256 values, rounded to float32 after every operation. */
function imagenetTable(channel: 0 | 1 | 2): Float32Array {
  const mean = f32(IMAGENET_MEAN[channel]);
  const std = f32(IMAGENET_STD[channel]);
  return Float32Array.from({ length: 256 }, (_, value) => f32(f32(f32(value / 255) - mean) / std));
}

const IMAGENET_TABLES = [imagenetTable(0), imagenetTable(1), imagenetTable(2)] as const;

/**
 * Normalise by ImageNet's mean and standard deviation, and separate the channels into planes.
 *
 * @param data      H·W·channels samples, interleaved. A single channel is repeated for all three planes.
 * @param channels  1 or 3.
 * @param out       Receives 3·H·W values from `offset` on: the red, green and blue planes.
 */
export function normaliseImagenet(
  data: Uint8Array,
  channels: 1 | 3,
  out: Float32Array,
  offset: number,
): void {
  const plane = data.length / channels;
  for (const [c, table] of IMAGENET_TABLES.entries()) {
    const first = channels === 3 ? c : 0;
    const to = offset + c * plane;
    for (let i = 0, at = first; i < plane; i++, at += channels) out[to + i] = table[data[at]!]!;
  }
}

/**
 * Map 0 … 255 to −1024 … 1024, as torchxrayvision does.
 *
 * @param data  Samples of one channel.
 * @returns     (2·value/255 − 1)·1024, in float32 arithmetic.
 */
export function normaliseXrv(data: Uint8Array): Float32Array {
  const table = Float32Array.from({ length: 256 }, (_, value) =>
    f32(f32(f32(2 * f32(value / 255)) - 1) * 1024),
  );
  return Float32Array.from(data, (value) => table[value]!);
}

/** Scale −1024 … 1024 back to 0 … 255, rounded: the inverse of `normaliseXrv`. */
export const levelsOfXrv = (data: Float32Array): Uint8Array =>
  Uint8Array.from(data, (value) => Math.min(255, Math.max(0, Math.round((value / 1024 + 1) * 127.5))));
