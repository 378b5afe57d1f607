/**
 * The gradients of a convolution y = x ∗ w, as matrix products over unfolded windows.
 *
 * For the weight: w[m,c,u,v] meets x[n, c, i·s + u − p, j·s + v − p] at every output position. So with X the windows of
 * x as rows (c,u,v) and g as rows m, ∂/∂w = Σ_n g[n] · X[n]ᵀ.
 *
 * At stride 1 the same sum can be taken over the positions of x, where x[n,c,i,j] meets g[n, m, i + p − u, j + p − v].
 * So with G the windows of g, counted from their other end, as rows (m,u,v): ∂/∂w = Σ_n x[n] · G[n]ᵀ, and for the image
 * ∂/∂x[n] = Wᵀ · G[n], with W's columns (m,u,v). One unfolding of g serves both; in a dense layer g has 32 channels
 * where x has 128.
 *
 * At stride 2 and more, or if the padding is as large as the kernel or larger, the gradient of the image is a
 * transposed convolution.
 *
 * Knows:      shapes and ops.
 * Reference:  Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016.
 */

import type { Value } from "../core/graph.ts";
import { imageShape, knownShape } from "../core/shapes.ts";
import type { WindowAttributes } from "../core/window.ts";
import { convMirrored } from "./conv-mirrored.ts";
import { convTranspose } from "./conv-transpose.ts";
import { enlarge, enlargedFrom } from "./enlarge.ts";
import { matmul } from "./matmul.ts";
import { reduceSum } from "./reduce-sum.ts";
import { reshape } from "./reshape.ts";
import { transpose } from "./transpose.ts";
import { unfold } from "./unfold.ts";

/** Below this many positions, one product over the whole batch is faster than one per image. */
const FEW_POSITIONS = 128;

/** Whether g's windows hold all that both gradients need. They do not if the padding is as large as the kernel. */
const isShared = ({ kernel, stride, padding }: WindowAttributes): boolean => stride === 1 && padding < kernel;

/** The windows of g, unfolded only once for both gradients. */
export function sharedWindows(gradient: Value, { kernel, padding }: WindowAttributes): () => Value {
  let windows: Value | undefined;
  return () => {
    const around = { kernel, stride: 1, padding: kernel - 1 - padding };
    windows ??= kernel === 1 && padding === 0 ? gradient : unfold(gradient, around, true);
    return windows;
  };
}

/** [N, C, H, W] → [N, C, H·W]. */
function rows(x: Value): Value {
  const { n, c, h, w } = imageShape("Conv", x);
  return reshape(x, [n, c, h * w]);
}

/** [N, C, H, W] → [C, N·H·W]. */
function rowsOfBatch(x: Value): Value {
  const [n, c, h, w] = knownShape("Conv", x) as readonly [number, number, number, number];
  return reshape(transpose(x, [1, 0, 2, 3]), [c, n * h * w]);
}

/** Σ_n a[n] · b[n]ᵀ, [I, J], of [N, I, H, W] and [N, J, H, W]. */
function productOverPositions(a: Value, b: Value): Value {
  const { n, c: i, h, w } = imageShape("Conv", a);
  const { c: j } = imageShape("Conv", b);
  if (h * w < FEW_POSITIONS && typeof n === "number") {
    return matmul(rowsOfBatch(a), transpose(rowsOfBatch(b), [1, 0]));
  }
  const products = matmul(rows(a), transpose(rows(b), [0, 2, 1]));
  return reshape(reduceSum(products, [0]), [i, j]);
}

/** Wᵀ · G[n] at every position of the windows G: [N, C, H, W]. */
function acrossChannels(weight: Value, windows: Value): Value {
  const [m, c, kernel] = weight.shape as readonly [number, number, number];
  const { n, h, w } = imageShape("Conv", windows);
  const across = reshape(transpose(weight, [1, 0, 2, 3]), [c, m * kernel ** 2]);
  return reshape(matmul(across, rows(windows)), [n, c, h, w]);
}

/** ∂/∂x, [N, C, H, W]. The gradient may have a batch of its own: several gradients of one image. */
export function imageGradient(
  x: Value,
  weight: Value,
  gradient: Value,
  window: WindowAttributes,
  windows: () => Value,
): Value {
  const { n, h, w } = imageShape("Conv", x);
  if (!isShared(window)) return convTranspose(gradient, weight, { ...window, size: [h, w] });
  // Where neighbours are equal, they stay equal if channels alone are mixed.
  const enlarged = window.kernel === 1 && window.padding === 0 ? enlargedFrom(gradient) : undefined;
  if (enlarged !== undefined) return enlarge(acrossChannels(weight, enlarged.small), enlarged.factor);
  // Several gradients of one image: then the weight has none, and nothing shares the windows.
  if (gradient.shape[0] !== n) return convMirrored(gradient, weight, window);
  return acrossChannels(weight, windows());
}

/** ∂/∂w, [M, C, k, k]. */
export function weightGradient(
  x: Value,
  weight: Value,
  gradient: Value,
  window: WindowAttributes,
  windows: () => Value,
): Value {
  const { kernel, stride, padding } = window;
  const [m, c] = weight.shape as readonly [number, number];
  if (isShared(window) && m <= c) {
    const product = productOverPositions(x, windows());
    return transpose(reshape(product, [c, m, kernel, kernel]), [1, 0, 2, 3]);
  }
  const ofImage = kernel === 1 && stride === 1 && padding === 0 ? x : unfold(x, window);
  return reshape(productOverPositions(gradient, ofImage), [m, c, kernel, kernel]);
}
