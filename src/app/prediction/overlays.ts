/**
 * Overlays of a run: which findings they show, their names, and their files.
 *
 * Pipeline:   prediction → plan → **picture, drawn on an image thread → file**
 * Knows:      files. Overlays are planned and drawn in `report/overlay/`.
 */

import { basename, extname, join } from "node:path";
import type { KnownBox } from "../../dataset/box-table.ts";
import type { OpenModel } from "../../engine/open-model.ts";
import type { Prediction } from "../../engine/predict.ts";
import type { ReadingOptions } from "../../image/prepare.ts";
import { layerNames } from "../../models/map-recipe.ts";
import { writeAtomically } from "../../node/files.ts";
import type { Drawing } from "../../node/image-jobs.ts";
import type { ImagePool } from "../../node/image-pool.ts";
import { planForObject } from "../../report/dicom/overlay-plan.ts";
import type { ColormapName } from "../../report/overlay/colormap.ts";
import type { RgbPixels } from "../../report/overlay/pixels.ts";
import { planOverlay } from "../../report/overlay/plan.ts";
import type { OverlayStyle } from "../../report/overlay/style.ts";
import type { Result } from "../../results/prediction.ts";

/** The name of a single image's overlay if no folder is given. */
export const SINGLE_OVERLAY = "gradcam_result.jpg";

/** A file's name without its extension; a number at its end, as in a UID, is none. */
export function stemOf(path: string): string {
  const ending = extname(path);
  return basename(path, /^\.\d+$/.test(ending) ? "" : ending);
}

/** Names of overlay files: `<image>.gradcam.jpg`. Images of the same name in several folders get different ones. */
class OverlayNames {
  readonly #out: string | undefined;
  readonly #taken = new Set<string>();

  constructor(out: string | undefined) {
    this.#out = out;
  }

  next(stem: string): string {
    if (this.#out === undefined) return SINGLE_OVERLAY;
    let name = `${stem}.gradcam.jpg`;
    for (let i = 2; this.#taken.has(name); i++) name = `${stem}.${i}.gradcam.jpg`;
    this.#taken.add(name);
    return join(this.#out, name);
  }
}

/** How overlays look, and where they go. */
interface OverlaySettings {
  /** A folder. Without one, the overlay of a single image is saved as `SINGLE_OVERLAY`. */
  readonly out?: string | undefined;
  readonly colormap: ColormapName;
  readonly style: OverlayStyle;
  /** The same options with which the images are read for their predictions. */
  readonly reading: ReadingOptions;
}

/** Draws and saves the overlays of one run. */
export class Overlays {
  readonly #settings: OverlaySettings;
  readonly #pool: ImagePool;
  readonly #names: OverlayNames;

  constructor(settings: OverlaySettings, pool: ImagePool) {
    this.#settings = settings;
    this.#pool = pool;
    this.#names = new OverlayNames(settings.out);
  }

  #drawing(
    prediction: Prediction,
    model: OpenModel,
    findings: readonly number[],
    boxes: readonly KnownBox[],
  ): Drawing {
    const { colormap, style, reading } = this.#settings;
    const { recipes } = model.drawn!;
    const plan = planOverlay(prediction, { card: model.card, recipes, findings, colormap, style, boxes });
    return { source: prediction.source, reading, plan };
  }

  /**
   * The pixels of an overlay for an archive (`report/dicom/overlay-plan.ts`).
   *
   * @param findings  Indices of labels, at least one.
   * @throws          XrayError `raster/…`, `dicom/…`, `file/…`.
   */
  pixels(prediction: Prediction, model: OpenModel, findings: readonly number[]): Promise<RgbPixels> {
    const drawing = this.#drawing(prediction, model, findings, []);
    return this.#pool.drawPixels({ ...drawing, plan: planForObject(drawing.plan) });
  }

  /**
   * @param stem      The image's name, of which the file's is made.
   * @param findings  Indices of labels, at least one.
   * @returns         A description of the overlay, by finding.
   * @throws          XrayError `raster/…`, `file/…`.
   */
  async save(
    stem: string,
    prediction: Prediction,
    model: OpenModel,
    findings: readonly number[],
    boxes: readonly KnownBox[],
  ): Promise<Result["gradcam"]> {
    const { recipes } = model.drawn!;
    const file = this.#names.next(stem);
    const drawing = this.#drawing(prediction, model, findings, boxes);
    await writeAtomically(file, [await this.#pool.draw(drawing)]);
    return findings.map((i) => ({
      finding: model.card.labels[i]!,
      file,
      method: recipes[i]!.method,
      layer: layerNames(recipes[i]!),
    }));
  }
}
