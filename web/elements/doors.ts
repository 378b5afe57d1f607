/**
 * What the page's state needs of its surroundings: the model's file, the engine, pictures as files.
 *
 * Knows: storage, engine, canvases.
 */

import { PageEngine } from "../engine/page-engine.ts";
import type { ViewerPicture } from "../engine/reading.ts";
import { readOnServer } from "../engine/server-engine.ts";
import { keepPage, keepTheRest } from "../service-worker/register.ts";
import { fromBase64 } from "../state/base64.ts";
import type { Doors } from "../state/page.ts";
import { thumbnailOf } from "../state/thumbnail.ts";
import { pageModel } from "../storage/model-store.ts";
import type { PageFacts } from "../storage/page-facts.ts";

/** The longer side of a thumbnail in pixels: twice that at which it is shown. */
const THUMBNAIL = 112;

async function thumbnail(picture: ViewerPicture): Promise<string | undefined> {
  const { width, height, data } = thumbnailOf(picture, THUMBNAIL);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")?.putImageData(new ImageData(data, width, height), 0, 0);
  return URL.createObjectURL(await canvas.convertToBlob({ type: "image/png" }));
}

/** How long the first image may be waited for before everything is kept for visits without a network, in milliseconds. */
const FIRST_IMAGE = 3000;

let isKept = false;

/** Keep all that the page needs without a network, once. */
function keepOnce(): void {
  if (isKept) return;
  isKept = true;
  keepTheRest().catch(() => undefined);
}

/** The doors of a page that comes with a model. */
export const doorsOf = (facts: () => PageFacts): Doors => ({
  async load(own, onProgress) {
    const { model } = facts();
    try {
      const { card } = own ?? model;
      const source = own?.file ?? pageModel(model, { onProgress });
      return await PageEngine.load(source, card === undefined ? {} : { card });
    } finally {
      keepPage()
        .then(() => setTimeout(keepOnce, FIRST_IMAGE))
        .catch(() => undefined);
    }
  },
  thumbnail,
  async readOnServer({ file, name }, { withMaps }) {
    const started = performance.now();
    const { heatmaps, ...json } = await readOnServer(file, name, withMaps);
    const seconds = (performance.now() - started) / 1000;
    const { shape } = heatmaps ?? { shape: [json.model.labels.length, 0, 0] as const };
    const maps = heatmaps === undefined ? new Float32Array(0) : fromBase64(heatmaps.data);
    return {
      reading: {
        json,
        heatmaps: maps,
        shape,
        region: undefined,
        places: undefined,
        where: "server",
        seconds,
      },
    };
  },
  onFirstRead: keepOnce,
});
