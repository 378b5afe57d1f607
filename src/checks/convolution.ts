/**
 * Convolutions with stride 2 of small pictures, fast without ONNX Runtime.
 *
 * Knows: numbers. Not whose weights they are.
 */

/** Weights, output by output, and one bias for each output. */
export interface Layer {
  readonly weight: Float64Array;
  readonly bias: Float64Array;
}

/** Channels × side × side values with a border of zeros around each channel. */
export interface Bordered {
  readonly values: Float64Array;
  readonly side: number;
  readonly border: number;
}

/** A convolution with stride 2, so that a side becomes half as long, and the memory that it works in. */
export interface Convolution extends Layer {
  readonly input: Bordered;
  /** How far the values under the kernel are from the first of them: channels × kernel × kernel. */
  readonly offsets: Int32Array;
  /** Channels × places: the output without bias and ReLU. */
  readonly sums: Float64Array;
}

/** The offsets of a kernel's values in an input whose channels are `width` × `width` with their borders. */
const offsets = (width: number, channels: number, kernel: number): Int32Array =>
  Int32Array.from({ length: channels * kernel ** 2 }, (_, i) => {
    const channel = Math.floor(i / kernel ** 2);
    const row = Math.floor(i / kernel) % kernel;
    return (channel * width + row) * width + (i % kernel);
  });

/**
 * @param layer   Its weights, channels out × channels in × kernel × kernel, and biases. An even number of channels out.
 * @param side    Width and height of the input: a multiple of 8, because 4 places of a row are summed at a time.
 * @param from    Channels in.
 * @param kernel  Width and height of the kernel, odd. Where it reaches over the edge it sees zeros.
 */
export function convolution(layer: Layer, side: number, from: number, kernel: number): Convolution {
  const border = (kernel - 1) / 2;
  const width = side + 2 * border;
  return {
    ...layer,
    input: { values: new Float64Array(from * width ** 2), side, border },
    offsets: offsets(width, from, kernel),
    sums: new Float64Array((layer.bias.length * side ** 2) / 4),
  };
}

/** A convolution of its input without the bias, two channels at four places at a time. */
export function convolve({ weight, input, offsets, sums }: Convolution): Float64Array {
  const { values, side, border } = input;
  const length = offsets.length;
  const places = side ** 2 / 4;
  for (let first = 0, to = 0; first < weight.length; first += 2 * length, to += places) {
    for (let row = 0; row < side; row += 2) {
      for (let column = 0; column < side; column += 8, to += 4) {
        const at = row * (side + 2 * border) + column;
        let a0 = 0;
        let a1 = 0;
        let a2 = 0;
        let a3 = 0;
        let b0 = 0;
        let b1 = 0;
        let b2 = 0;
        let b3 = 0;
        for (let i = 0; i < length; i++) {
          const a = weight[first + i]!;
          const b = weight[first + length + i]!;
          const under = at + offsets[i]!;
          const x0 = values[under]!;
          const x1 = values[under + 2]!;
          const x2 = values[under + 4]!;
          const x3 = values[under + 6]!;
          a0 += a * x0;
          a1 += a * x1;
          a2 += a * x2;
          a3 += a * x3;
          b0 += b * x0;
          b1 += b * x1;
          b2 += b * x2;
          b3 += b * x3;
        }
        sums[to] = a0;
        sums[to + 1] = a1;
        sums[to + 2] = a2;
        sums[to + 3] = a3;
        sums[to + places] = b0;
        sums[to + places + 1] = b1;
        sums[to + places + 2] = b2;
        sums[to + places + 3] = b3;
      }
    }
  }
  return sums;
}

/** Write max(0, bias ± sum) inside the borders of `into`. */
export function activate(sums: Float64Array, bias: Float64Array, sign: 1 | -1, into: Bordered): void {
  const { values, side, border } = into;
  const width = side + 2 * border;
  for (let channel = 0, from = 0; channel < bias.length; channel++) {
    for (let row = 0; row < side; row++) {
      let to = (channel * width + row + border) * width + border;
      for (let column = 0; column < side; column++) {
        values[to++] = Math.max(0, bias[channel]! + sign * sums[from++]!);
      }
    }
  }
}

/** Write side × side values inside the border of the only channel of `into`. */
export function fill(picture: Float64Array, { values, side, border }: Bordered): void {
  const width = side + 2 * border;
  for (let row = 0; row < side; row++) {
    values.set(picture.subarray(row * side, (row + 1) * side), (row + border) * width + border);
  }
}
