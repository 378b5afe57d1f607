/** The decoder on a page of its own, which uses it as the engine's worker does. */

import { openDecoder } from "../../../src/browser/raster.ts";

export const decoder = openDecoder((file) => `/dist/browser/${file}`);
