/**
 * Everything that the page shows, as one value.
 *
 * Knows: plain data.
 */

import type { ModelFacts } from "../../src/browser/calls.ts";
import type { OverlayStyle } from "../../src/report/overlay/style.ts";
import type { ErasedReading, FinerMap, SeenPicture, ViewerPicture } from "../engine/reading.ts";
import type { PageFacts } from "../storage/page-facts.ts";
import type { ImageItem, ItemError, Where } from "./item.ts";
import type { Cell } from "./places.ts";
import type { SortKey } from "./sorting.ts";
import { INITIAL_THRESHOLDS, type MeasuredRoc, type Thresholds } from "./thresholds.ts";

/** The model, from being fetched to being ready. */
export interface ModelState {
  readonly state: "none" | "loading" | "ready" | "failed";
  /** Its file's name. */
  readonly name: string;
  /** Bytes that have arrived, and all of them; while it is fetched. */
  readonly progress?: { readonly done: number; readonly total: number };
  readonly facts?: ModelFacts;
  readonly sha256?: string;
  readonly error?: ItemError;
  /** Whether the user chose it from disk. */
  readonly isOwn: boolean;
}

/** The map that the card names for the shown finding of an image. */
export interface FinerState {
  readonly item: number;
  readonly finding: string;
  readonly map: FinerMap | "coming" | ItemError;
}

/** What became of the probabilities when a part was erased. */
export interface ErasedState {
  readonly item: number;
  /** Whether a newer mask is still being computed. */
  readonly isPending: boolean;
  readonly reading?: ErasedReading;
  readonly error?: ItemError;
}

/** A picture of an item that is shown. */
export interface ShownPicture {
  readonly item: number;
  readonly picture: ViewerPicture;
  /** What the network saw; undefined until it is read in this browser. */
  readonly seen: SeenPicture | undefined;
}

/** What the user asks about: what a place says, what erasing changes, another threshold, how the image was read. */
export type Question = "point" | "erase" | "threshold" | "read";

/** What dragging over the X-ray does; the viewer's tools. */
export type Tool = "window" | "pan" | "zoom" | "ruler" | "point" | "erase";

/** Over the X-ray: the heatmap as colour, as lines, or nothing. */
export type ShownOverlay = OverlayStyle | "none";

export interface PageState {
  readonly facts: PageFacts | undefined;
  readonly model: ModelState;
  readonly items: readonly ImageItem[];
  /** Files that were passed over when a folder was dropped, in words. */
  readonly passedOver: readonly string[];
  /** The first item of the last drop; what failed before it is no news. */
  readonly newest: number;
  readonly isPaused: boolean;
  readonly sortBy: SortKey;
  /** The item that is shown, and the one beside it. */
  readonly selected: number | undefined;
  readonly compared: number | undefined;
  readonly picture: ShownPicture | undefined;
  readonly comparedPicture: ShownPicture | undefined;
  /** The finding whose heatmap is shown. Undefined: that of the most probable one. */
  readonly finding: string | undefined;
  readonly finer: FinerState | undefined;
  readonly comparedFiner: FinerState | undefined;
  readonly overlay: ShownOverlay;
  /** 0 to 1. */
  readonly opacity: number;
  readonly thresholds: Thresholds;
  readonly tool: Tool;
  readonly question: Question | undefined;
  /** The place that is pointed at. */
  readonly cell: Cell | undefined;
  readonly erased: ErasedState | undefined;
  readonly where: Where;
  readonly theme: "dark" | "light";
  /** Something that went wrong and belongs to no image, in words. */
  readonly problem: string | undefined;
}

export const INITIAL_STATE: PageState = {
  facts: undefined,
  model: { state: "none", name: "", isOwn: false },
  items: [],
  passedOver: [],
  newest: 0,
  isPaused: false,
  sortBy: "dropped",
  selected: undefined,
  compared: undefined,
  picture: undefined,
  comparedPicture: undefined,
  finding: undefined,
  finer: undefined,
  comparedFiner: undefined,
  overlay: "wash",
  opacity: 0.6,
  thresholds: INITIAL_THRESHOLDS,
  tool: "window",
  question: undefined,
  cell: undefined,
  erased: undefined,
  where: "browser",
  theme: "dark",
  problem: undefined,
};

/** The item with a number. */
export const itemOf = ({ items }: PageState, id: number | undefined): ImageItem | undefined =>
  id === undefined ? undefined : items.find((item) => item.id === id);

/** The item that is shown. */
export const selectedItem = (state: PageState): ImageItem | undefined => itemOf(state, state.selected);

/** The model's operating points. */
export const pointsOf = ({ model }: PageState): Readonly<Record<string, number>> | undefined =>
  model.facts?.card.operatingPoints;

/** What the model's card says about a finding's sensitivity and specificity, and on which images. */
export function rocOf({ model }: PageState, label: string): MeasuredRoc | undefined {
  const roc = model.facts?.card.roc;
  const found = roc?.findings[label];
  return roc === undefined || found === undefined ? undefined : { ...found, description: roc.description };
}

/** The finding whose heatmap is shown over an item: the chosen one, or its most probable one. */
export function shownFinding(state: PageState, item = selectedItem(state)): string | undefined {
  const json = item?.reading?.json;
  if (json === undefined) return undefined;
  const { labels } = json.model;
  if (state.finding !== undefined && labels.includes(state.finding)) return state.finding;
  return labels.reduce((best, label) =>
    json.probabilities[label]! > json.probabilities[best]! ? label : best,
  );
}

/** The finding whose heatmap is shown over the image beside it: the same one. */
export const comparedFinding = (state: PageState): string | undefined =>
  shownFinding({ ...state, finding: shownFinding(state) ?? state.finding }, itemOf(state, state.compared));
