/**
 * What the page's state needs of its surroundings: the model's file, the engine, pictures as files.
 *
 * Knows: storage, engine, canvases.
 */

import { PageEngine } from "../engine/page-engine.ts";
import type { ViewerPicture } from "../engine/reading.ts";
import { readOnServer } from "../engine/server-engine.ts";
import { keepPage, keepTheRest } from "../service-worker/register.ts";
import type { Doors } from "../state/page.ts";
import type { PageState } from "../state/page-state.ts";
import { isReading } from "../state/queue.ts";
import { Quiet } from "../state/quiet.ts";
import { serverReading } from "../state/server-reading.ts";
import { thumbnailOf } from "../state/thumbnail.ts";
import { pageModel } from "../storage/model-store.ts";
import type { OwnModel } from "../storage/own-model.ts";
import type { PageFacts } from "../storage/page-facts.ts";

/** The longer side of a thumbnail in pixels: twice that at which it is shown. */
const THUMBNAIL = 112;

async function thumbnail(picture: ViewerPicture): Promise<string | undefined> {
  const { width, height, data } = thumbnailOf(picture, THUMBNAIL);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")?.putImageData(new ImageData(data, width, height), 0, 0);
  return URL.createObjectURL(await canvas.convertToBlob({ type: "image/png" }));
}

/**
 * When all that the page needs without a network is fetched, in milliseconds: once no image was read for a while. A long list
 * puts it off only for so long.
 */
const KEEPING = { quiet: 2000, patience: 10_000 };

async function load(
  { model }: PageFacts,
  own: OwnModel | undefined,
  onProgress: (done: number, total: number) => void,
): Promise<PageEngine> {
  const { card } = own ?? model;
  const source = own?.file ?? pageModel(model, { onProgress });
  return PageEngine.load(source, card === undefined ? {} : { card });
}

const readThere: Doors["readOnServer"] = async ({ file, name }, { withMaps }) => {
  const started = performance.now();
  const result = await readOnServer(file, name, withMaps);
  return { reading: serverReading(result, (performance.now() - started) / 1000) };
};

/**
 * The doors of a page that comes with a model.
 *
 * @param state  The page's state. Its facts are known before a model is loaded.
 */
export function doorsOf(state: () => PageState): Doors {
  const quiet = new Quiet(() => isReading(state().items), KEEPING);
  let isKept = false;
  const keepOnce = () => {
    if (isKept) return;
    isKept = true;
    keepTheRest().catch(() => undefined);
  };
  return {
    async load(own, onProgress) {
      try {
        return await load(state().facts!, own, onProgress);
      } finally {
        keepPage()
          .then(() => quiet.wait(keepOnce))
          .catch(() => undefined);
      }
    },
    thumbnail,
    readOnServer: readThere,
    onRead: () => quiet.stir(),
  };
}
