/** The decoder on a page of its own, which uses it as the engine's worker does. */

import { openImageDecoder } from "../../../src/browser/image-decoder.ts";

export const decoder = openImageDecoder((file) => `/dist/browser/${file}`);
