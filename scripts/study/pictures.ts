/** Heatmaps side by side: a row for each of some findings, a column for each kind of map. */

import sharp, { type OverlayOptions } from "sharp";
import { displayName, matchLabel } from "../../src/findings.ts";
import type { Grid } from "../../src/heatmaps/grid.ts";
import { decodeImage } from "../../src/node/decode.ts";
import { readWhole } from "../../src/node/files.ts";
import { DEFAULT_COLORMAP } from "../../src/report/overlay/colormap.ts";
import { drawOverlay } from "../../src/report/overlay/draw.ts";
import type { RgbPixels } from "../../src/report/overlay/pixels.ts";
import type { OverlayStyle } from "../../src/report/overlay/style.ts";

import type { JudgedPair } from "./judge.ts";
import type { Material } from "./material.ts";
import { CHOSEN, LAYERCAM_2, PLAIN, type Row, titleOf } from "./rows.ts";

/** The findings that are shown, as far as the images have them. */
const SHOWN = ["Nodule", "Mass", "Effusion", "Pneumothorax", "Pleural_Thickening"];

/** Side of a tile, and height of the words above a column and below a row, in pixels. */
const SIDE = 208;
const WORDS = 24;
const GAP = 4;

/** Larger than any image that is read here. */
const MOST_BYTES = 2 ** 28;

interface Column {
  readonly title: string;
  /** None for the X-ray with its boxes. */
  readonly row?: Row;
  readonly style: OverlayStyle;
}

const COLUMNS: readonly Column[] = [
  { title: "known box", style: "wash" },
  { title: PLAIN.title, row: PLAIN, style: "wash" },
  { title: LAYERCAM_2.title, row: LAYERCAM_2, style: "wash" },
  { title: "chosen map", row: CHOSEN, style: "wash" },
  { title: "its contour lines", row: CHOSEN, style: "contour" },
];

const FLAT: Grid = { data: [0], height: 1, width: 1 };

/** The tiles of one pair, from left to right. */
async function tilesOf({ dataset: { paths } }: Material, { trial, label, decision }: JudgedPair) {
  const decoded = await decodeImage(await readWhole(paths[trial.image]!, MOST_BYTES), {});
  const { region } = trial;
  const tiles = COLUMNS.map(({ row, style }): RgbPixels => {
    const map = row === undefined ? FLAT : trial.maps.of(row.recipeOf(decision, label));
    const boxes = row === undefined ? trial.boxes : [];
    return drawOverlay(decoded, {
      panels: [{ map: Float32Array.from(map.data), title: "", remarks: [], boxes }],
      height: map.height,
      width: map.width,
      region: {
        x: region.x * decoded.width,
        y: region.y * decoded.height,
        width: region.width * decoded.width,
        height: region.height * decoded.height,
      },
      colormap: DEFAULT_COLORMAP,
      style,
      maxSize: SIDE,
      isLabelled: false,
    });
  });
  trial.maps.forget();
  return tiles;
}

const words = (text: string, width: number, size: number): Buffer =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${WORDS}"><text x="2" y="17" font-family="sans-serif" font-size="${size}" fill="#ddd">${text}</text></svg>`,
  );

/**
 * Draw the picture.
 *
 * @param pairs  Judged ones; of each finding the first is shown, whatever its maps look like.
 * @returns      The bytes of a JPEG file.
 */
export async function drawPicture(
  material: Material,
  pairs: readonly JudgedPair[],
  labels: readonly string[],
): Promise<Buffer> {
  const shown = SHOWN.flatMap(
    (finding) => pairs.find(({ label }) => matchLabel(finding, [labels[label]!])) ?? [],
  );
  const width = COLUMNS.length * (SIDE + GAP) - GAP;
  const layers: OverlayOptions[] = COLUMNS.map(({ title }, i) => ({
    input: words(title, SIDE, 15),
    left: i * (SIDE + GAP),
    top: 0,
  }));
  for (const [i, pair] of shown.entries()) {
    const top = WORDS + i * (SIDE + WORDS);
    for (const [k, tile] of (await tilesOf(material, pair)).entries()) {
      const raw = { width: tile.width, height: tile.height, channels: 3 } as const;
      layers.push({ input: Buffer.from(tile.data), raw, left: k * (SIDE + GAP), top });
    }
    const chosen = titleOf(CHOSEN.recipeOf(pair.decision, pair.label));
    const text = `${displayName(labels[pair.label]!)}; chosen map: ${chosen}`;
    layers.push({ input: words(text, width, 13), left: 0, top: top + SIDE });
  }
  const height = WORDS + shown.length * (SIDE + WORDS);
  return sharp({ create: { width, height, channels: 3, background: "#000" } })
    .composite(layers)
    .jpeg({ quality: 84 })
    .toBuffer();
}
