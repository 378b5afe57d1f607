/**
 * The largest of several LayerCAM maps at each place: M = max_l up(tanh(2 · M_l / max M_l)), where up() interpolates
 * bilinearly to the size of the result.
 *
 * Reference: Jiang et al., LayerCAM, 2021: equation 8 for the scaling, with γ = 2; maps of several stages are fused by
 *            the element-wise maximum.
 */

import { type Fusion, overMaximum, resized } from "./grid.ts";

/** γ: how strongly small values are raised. */
const GAMMA = 2;

export const maximum: Fusion = (maps, height, width) => {
  const out = new Float64Array(height * width);
  for (const map of maps) {
    const { data, ...size } = overMaximum(map);
    const scaled = resized({ data: Array.from(data, (v) => Math.tanh(GAMMA * v)), ...size }, height, width);
    for (let i = 0; i < out.length; i++) out[i] = Math.max(out[i]!, scaled[i]!);
  }
  return out;
};
