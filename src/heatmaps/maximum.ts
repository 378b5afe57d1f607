/**
 * The largest of several LayerCAM maps at each place: M = max_l up(tanh(2 · M_l / max M_l)), where up() interpolates
 * bilinearly to the size of the result.
 *
 * Reference: Jiang et al., LayerCAM, 2021: equation 8 for the scaling, with γ = 2; maps of several stages are fused by
 *            the element-wise maximum.
 */

import { type Fusion, overMaximum, placeByPlace, resized } from "./grid.ts";

/** γ: how strongly small values are raised. */
const GAMMA = 2;

export const maximum: Fusion = {
  part(map, height, width) {
    const { data, ...size } = overMaximum(map);
    return resized({ data: Float64Array.from(data, (v) => Math.tanh(GAMMA * v)), ...size }, height, width);
  },
  combine: (parts) => placeByPlace(parts, Math.max),
};
