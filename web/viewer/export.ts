/**
 * The picture as it is exported: at its own size, with the window, the heatmap, and words burned in.
 *
 * Pipeline:   picture, table of grey levels, heatmap → **RGB with labels** → PNG
 * Knows:      samples. With the default window, a heatmap is drawn as `predict --gradcam` draws it.
 */

import { NOTICE } from "../../src/models/notice.ts";
import { washOver } from "../../src/report/overlay/blend.ts";
import type { ColormapName } from "../../src/report/overlay/colormap.ts";
import { drawContours } from "../../src/report/overlay/contour-lines.ts";
import { panelLabels } from "../../src/report/overlay/labels.ts";
import { paintLabel } from "../../src/report/overlay/paint-label.ts";
import type { RgbPixels } from "../../src/report/overlay/pixels.ts";
import type { Level } from "./levels.ts";
import type { ViewOverlay, ViewOverlayStyle } from "./picture.ts";
import { rasterOf } from "./raster.ts";
import { shownSamples } from "./shown.ts";
import type { ViewerState } from "./state.ts";

/** What is exported. */
export interface Exported {
  /** The picture at its full size. */
  readonly level: Level;
  /** A grey level for each code. */
  readonly table: Uint8Array;
  /** What the picture is called, where it has no heatmap. */
  readonly label: string;
  readonly overlay: ViewOverlay | undefined;
  readonly style: ViewOverlayStyle;
  readonly opacity: number;
  readonly colormap: ColormapName;
  /** H·W, 1 where the picture is erased. */
  readonly mask: Uint8Array | undefined;
  /** Share of the picture that is erased, 0 to 1. */
  readonly erased: number;
}

/**
 * The samples that a state shows, with the table for them.
 *
 * @param filled  Instead of the picture's own grey levels. There must be a picture.
 */
export function shownOf(
  state: ViewerState,
  filled: Uint8Array | undefined,
): Pick<Exported, "level" | "table"> {
  const picture = state.picture!;
  const { width, height, channels } = picture;
  const { window, inverted } = state.look;
  const shown = { picture, filled, window, inverted, windowable: () => state.windowable };
  const { codes, table } = shownSamples(shown);
  return { level: { width, height, channels, codes }, table };
}

/** From one line of the hatching to the next, and how much of that is light, as shares of the shorter side. */
const HATCH = 1 / 64;
const LIGHT = 1 / 512;

function toRgb({ level, table }: Exported): RgbPixels {
  const { width, height } = level;
  const { data: rgba } = rasterOf(level, { left: 0, top: 0, right: width, bottom: height }, table, undefined);
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    data[to++] = rgba[from]!;
    data[to++] = rgba[from + 1]!;
    data[to++] = rgba[from + 2]!;
  }
  return { width, height, data };
}

/** Hatch what is erased, in place. */
function hatch({ width, height, data }: RgbPixels, mask: Uint8Array): void {
  const shorter = Math.min(width, height);
  const [step, light] = [Math.max(6, Math.round(shorter * HATCH)), Math.max(1, Math.round(shorter * LIGHT))];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (mask[at] !== 1) continue;
      const isLine = (x + y) % step < light;
      for (let c = at * 3; c < at * 3 + 3; c++) data[c] = isLine ? 200 : data[c]! * 0.55;
    }
  }
}

/** Any map that is not flat, for a label of a picture without one. */
const SOME_MAP = Float32Array.of(0, 1);

/** Draw what is exported. The picture is not modified. */
export function exportedPixels(exported: Exported): RgbPixels {
  const { label, overlay, style, opacity, colormap, mask, erased } = exported;
  let image = toRgb(exported);
  const { width, height } = image;
  const drawn = style === "none" ? undefined : overlay;
  if (drawn !== undefined && style === "wash") washOver({ ...image, channels: 3 }, drawn, colormap, opacity);
  if (drawn !== undefined && style === "contour") image = drawContours(image, drawn, colormap);
  if (mask !== undefined) hatch(image, mask);
  const share = erased > 0 ? [`${(erased * 100).toFixed(1)}% of the picture erased`] : [];
  const wording = {
    title: drawn?.finding ?? label,
    remarks: [...(drawn?.remarks ?? []), ...share, NOTICE],
    map: drawn?.map ?? SOME_MAP,
  };
  const labels = panelLabels(width, height, wording, style === "contour" ? "contour" : "wash");
  // The last one is the scale of colours, of which a picture without a heatmap has none.
  for (const each of drawn === undefined ? labels.slice(0, -1) : labels) paintLabel(image, each, colormap);
  return image;
}
