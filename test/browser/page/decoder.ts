/** The decoder as a page of its own: what a page does with it is what the engine's worker does with it. */

import { openDecoder } from "../../../src/browser/raster.ts";

export const decoder = openDecoder((file) => `/dist/browser/${file}`);
