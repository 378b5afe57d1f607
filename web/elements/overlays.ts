/**
 * Heatmaps as the viewer takes them.
 *
 * Knows: the page's state, and what is said of heatmaps.
 */

import { displayName } from "../../src/findings.ts";
import { PLAIN_RECIPE } from "../../src/models/map-recipe.ts";
import { remarksOn } from "../../src/report/overlay/caption.ts";
import type { ImageItem } from "../state/item.ts";
import { type PageState, shownFinding } from "../state/page-state.ts";
import { percentText } from "../state/sizes.ts";
import type { ViewOverlay } from "../viewer/picture.ts";

/** Maps in a report, at most. */
const REPORTED = 3;

/** A finding of an item with its probability: `Effusion 82.3 %`. */
export const captionOf = ({ reading }: ImageItem, label: string): string =>
  `${displayName(label)} ${percentText(reading?.json.probabilities[label] ?? 0)}`;

/**
 * The heatmap of a finding: the finer one, if it is there, else the one that came with the reading, if one did.
 */
export function overlayOf(
  { finer, comparedFiner, model }: PageState,
  item: ImageItem,
  label: string,
): ViewOverlay | undefined {
  const { reading } = item;
  if (reading === undefined) return undefined;
  const card = model.facts?.card ?? {};
  const finding = captionOf(item, label);
  const map = [finer, comparedFiner].find((one) => one?.item === item.id && one.finding === label)?.map;
  if (typeof map === "object" && "data" in map) {
    const { data, width, height, region, recipe } = map;
    return { map: data, width, height, region, finding, remarks: remarksOn(card, label, recipe) };
  }
  const { region, shape } = reading;
  const [, height, width] = shape;
  // A network that is run and not understood has only the map that is made when its finding is chosen.
  if (height * width === 0 || region === undefined) return undefined;
  const at = reading.json.model.labels.indexOf(label) * height * width;
  const own = reading.heatmaps.subarray(at, at + height * width);
  return { map: own, width, height, region, finding, remarks: remarksOn(card, label, PLAIN_RECIPE) };
}

/** The findings whose maps a report shows: the chosen one, then those that are detected, most probable first. */
export function reportFindings(state: PageState, item: ImageItem): readonly string[] {
  const { detected, probabilities } = item.reading!.json;
  const chosen = shownFinding(state, item);
  const others = [...detected]
    .filter((label) => label !== chosen)
    .sort((a, b) => probabilities[b]! - probabilities[a]!);
  return [...(chosen === undefined ? [] : [chosen]), ...others].slice(0, REPORTED);
}
