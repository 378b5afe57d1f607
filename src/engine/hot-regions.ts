/**
 * The regions where the heatmaps of a prediction are hot.
 *
 * Pipeline:   prediction with maps, card → **regions of the drawn findings** → result
 * Knows:      predictions and cards. The geometry is in `heatmaps/`.
 */

import { hotRegions } from "../heatmaps/regions.ts";
import { regionLevel } from "../models/map-choice.ts";
import type { FindingRegion } from "../results/prediction.ts";
import type { MapSource } from "./heatmap-source.ts";
import type { OpenModel } from "./open-model.ts";
import type { Prediction } from "./predict.ts";

/**
 * The regions of findings whose maps are drawn, finding by finding, the largest first. The level is the one that the card
 * names for the finding, if the map is made as the card says; otherwise 180/255.
 *
 * @param model       Opened with maps to draw.
 * @param prediction  With those of the findings.
 * @param findings    Indices of labels.
 */
export function hotRegionsOf(
  { card, drawn }: Pick<OpenModel, "card"> & { readonly drawn: Pick<MapSource, "recipes"> | undefined },
  { drawn: heatmaps, prepared }: Pick<Prediction, "drawn" | "prepared">,
  findings: readonly number[],
): FindingRegion[] {
  const { data, findings: mapped, height, width } = heatmaps!;
  const size = height * width;
  return findings.flatMap((index) => {
    const finding = card.labels[index]!;
    const level = regionLevel(card, finding, drawn!.recipes[index]!);
    const at = mapped.indexOf(index) * size;
    const map = { data: data.subarray(at, at + size), height, width };
    return hotRegions(map, level, prepared.region, prepared.original).map((region) => ({
      finding,
      ...region,
      level,
    }));
  });
}
