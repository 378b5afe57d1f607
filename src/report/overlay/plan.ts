/**
 * Overlay pictures: what their panels are made of.
 *
 * Pipeline:   prediction, findings → **plan** → picture
 * Knows:      predictions. The drawing is done in `draw.ts`.
 */

import type { KnownBox } from "../../dataset/box-table.ts";
import type { Prediction } from "../../engine/predict.ts";
import { XrayError } from "../../errors.ts";
import { displayName, matchLabel } from "../../findings.ts";
import type { Region } from "../../image/crop.ts";
import type { ResolvedCard } from "../../models/card.ts";
import type { MapRecipe } from "../../models/map-recipe.ts";
import { remarksOn } from "./caption.ts";
import type { ColormapName } from "./colormap.ts";
import { DEFAULT_STYLE, type OverlayStyle } from "./style.ts";

/** What a picture of heatmaps is made of, beside its image. */
export interface OverlayPlan {
  /** Of a 16-bit sample, the bits that are used; 16 unless given. */
  readonly bits?: number;
  /** One per finding; at least one. */
  readonly panels: readonly {
    readonly map: Float32Array;
    readonly title: string;
    /** Lines below the title, in smaller letters. */
    readonly remarks: readonly string[];
    /** Known places of the finding, in shares of the image's width and height. */
    readonly boxes: readonly Region[];
  }[];
  /** Extents of each map. */
  readonly height: number;
  readonly width: number;
  /** The part of the image that the maps cover, in its pixels. */
  readonly region: Region;
  readonly colormap: ColormapName;
  /** A wash of colour unless given. */
  readonly style?: OverlayStyle;
  /** Longer side of a panel in pixels, at most; else the X-ray's own, and 512 of more than four panels. */
  readonly maxSize?: number;
  /** Whether title and scale are written on panels; they are unless said otherwise. */
  readonly isLabelled?: boolean;
}

/** What a picture of heatmaps is to show. */
export interface OverlayWish {
  /** The model's. */
  readonly card: ResolvedCard;
  /** How each label's map was made. */
  readonly recipes: readonly MapRecipe[];
  /** Indices of labels, at least one. */
  readonly findings: readonly number[];
  readonly colormap: ColormapName;
  /** A wash of colour unless given. */
  readonly style?: OverlayStyle;
  /** Known places of findings; each panel shows those of its own finding. */
  readonly boxes: readonly KnownBox[];
}

/**
 * Plan a picture of heatmaps.
 *
 * @param prediction  With heatmaps of the wanted findings.
 * @throws            XrayError `explain/no-heatmaps`.
 */
export function planOverlay(
  prediction: Pick<Prediction, "drawn" | "prepared" | "probabilities">,
  { card, recipes, findings, colormap, style = DEFAULT_STYLE, boxes }: OverlayWish,
): OverlayPlan {
  const { drawn: heatmaps, prepared, probabilities } = prediction;
  if (heatmaps === undefined) {
    throw new XrayError(
      "explain/no-heatmaps",
      "the model was opened without a heatmap method; open it with one",
      {},
    );
  }
  const { data, findings: mapped, height, width } = heatmaps;
  const size = height * width;
  const panels = findings.map((finding) => {
    const label = card.labels[finding]!;
    return {
      map: data.slice(mapped.indexOf(finding) * size, (mapped.indexOf(finding) + 1) * size),
      title: `${displayName(label)} ${(probabilities[finding]! * 100).toFixed(2)}%`,
      remarks: remarksOn(card, label, recipes[finding]!),
      boxes: boxes.filter((box) => matchLabel(box.finding, [label]) !== undefined).map(({ place }) => place),
    };
  });
  const { region, bits } = prepared;
  return { bits, panels, height, width, region, colormap, style };
}
