/**
 * The product of maps: M = Π_l up(M_l / max M_l), where up() interpolates bilinearly to the size of the result.
 *
 * A place is hot only where all layers agree: the last layers know what is seen, and the earlier ones know more exactly
 * where. M_l is Grad-CAM at norm5 and LayerCAM at every other layer. Which layers point best for which finding is
 * measured in docs/heatmaps.md. A map without any positive value makes the product 0 everywhere.
 *
 * Reference: the maps that are multiplied are those of Selvaraju et al., 2017, and Jiang et al., 2021; the product is
 *            this project's.
 */

import { type Fusion, overMaximum, placeByPlace, resized } from "./grid.ts";

export const product: Fusion = {
  part: (map, height, width) => resized(overMaximum(map), height, width),
  combine: (parts) => placeByPlace(parts, (a, b) => a * b),
};
