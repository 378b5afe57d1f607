/** Node's results for the same model and images, from the library that was built in the same run. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FindingChoice } from "../../src/engine/choose-findings.ts";
import type { MapChoice } from "../../src/models/map-choice.ts";
import type { RgbPixels } from "../../src/report/overlay/pixels.ts";
import type { OverlayStyle } from "../../src/report/overlay/style.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A module of dist/, with the types of its source. */
const built = async <T>(path: string): Promise<T> => (await import(join(ROOT, "dist", path))) as T;

export const MODEL = "models/demo.safetensors";
export const EXAMPLES: readonly string[] = readdirSync(join(ROOT, "examples/images"))
  .filter((file) => file.endsWith(".png"))
  .sort()
  .map((file) => `examples/images/${file}`);

const { loadModel } = await built<typeof import("../../src/index.ts")>("index.js");

/** The library's model from the path of the package's demo model. */
export const loadHere = () => loadModel(join(ROOT, MODEL));

export const pathOf = (file: string): string => join(ROOT, file);

/** Draws the pictures that `predict --gradcam` would draw, without encoding them. */
export async function startDrawing() {
  const { loadModelFile } =
    await built<typeof import("../../src/app/models/open-model.ts")>("app/models/open-model.js");
  const { chooseFindings } =
    await built<typeof import("../../src/engine/choose-findings.ts")>("engine/choose-findings.js");
  const { RunningModel, unwrap } =
    await built<typeof import("../../src/engine/running-model.ts")>("engine/running-model.js");
  const { ImagePool } = await built<typeof import("../../src/node/image-pool.ts")>("node/image-pool.js");
  const { createSession } = await built<typeof import("../../src/node/session.ts")>("node/session.js");
  const { decodeRaster } = await built<typeof import("../../src/node/raster.ts")>("node/raster.js");
  const { drawOverlay } =
    await built<typeof import("../../src/report/overlay/draw.ts")>("report/overlay/draw.js");
  const { planOverlay } =
    await built<typeof import("../../src/report/overlay/plan.ts")>("report/overlay/plan.js");
  const preparer = new ImagePool(1);
  const running = await RunningModel.start(await loadModelFile(pathOf(MODEL)), { createSession, preparer });
  return {
    overlay: (
      file: string,
      choice: FindingChoice,
      maps: MapChoice,
      style: OverlayStyle = "wash",
    ): Promise<RgbPixels> =>
      running.predict({ images: [pathOf(file)], reading: {}, maps }, async ({ card, drawn }, [outcome]) => {
        const prediction = unwrap(outcome!);
        const findings = chooseFindings(choice, card.labels, prediction.probabilities, []);
        const { recipes } = drawn!;
        const plan = planOverlay(prediction, {
          card,
          recipes,
          findings,
          colormap: "inferno",
          style,
          boxes: [],
        });
        const decoded = await decodeRaster(new Uint8Array(readFileSync(pathOf(file))));
        return drawOverlay(decoded, plan);
      }),
    release: () => running.release(),
  };
}
