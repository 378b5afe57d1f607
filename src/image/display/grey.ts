/**
 * The display transform of grey pictures: stored values in, 8-bit grey levels out, with a receipt.
 *
 * Pipeline:   stored value → **modality LUT or rescale → VOI LUT or window → inversion → 8 bits**
 * Knows:      numbers. Not files or attributes.
 * Reference:  DICOM PS3.3 C.11.1 and C.11.2, PS3.4 N.2; pydicom `apply_modality_lut` and `apply_voi_lut`.
 *
 * Everything is computed for each possible value, at most 65,536, and each sample is looked up once.
 */

import type { VoiChoice } from "../prepare.ts";
import { equalizingTable } from "./equalize.ts";
import { type LookupTable, largestEntry, lookUp, shortTableNote } from "./lookup-table.ts";
import { type CodeValues, codeValues, minmax, presentRange, type Tone } from "./ranges.ts";
import { mapCodes, type StoredSamples } from "./stored-values.ts";
import { isUsable, type Window, windowed } from "./window.ts";

/** How a file says that its values are to be displayed. */
export interface GreyDisplay {
  /** Stored values → values in units of the modality. */
  readonly modality:
    | { readonly kind: "table"; readonly table: LookupTable }
    | { readonly kind: "rescale"; readonly slope: number; readonly intercept: number }
    | undefined;
  /** Wins over windows. */
  readonly voiTable: LookupTable | undefined;
  readonly windows: readonly Window[];
  /** Stored values that belong to no picture, from the lowest to the highest. */
  readonly padding: { readonly low: number; readonly high: number } | undefined;
  /** Why black and white are exchanged, such as `MONOCHROME1`; undefined if they are not. */
  readonly inversion: string | undefined;
}

/** 8-bit samples, and how they were made. */
export interface Displayed {
  /** H·W, or H·W·3 in colour. */
  readonly data: Uint8Array;
  readonly steps: readonly string[];
  readonly notes: readonly string[];
}

/** Values after the modality's step, and what to say about it. */
export function modalityOf({ modality }: GreyDisplay): {
  readonly apply: (value: number) => number;
  readonly steps: readonly string[];
  readonly notes: readonly string[];
} {
  if (modality === undefined) return { apply: (value) => value, steps: [], notes: [] };
  if (modality.kind === "table") {
    const { table } = modality;
    const short = shortTableNote("modality LUT", table);
    return {
      apply: (value) => lookUp(table, value),
      steps: [`modality LUT of ${table.entries.length} entries`],
      notes: short === undefined ? [] : [short],
    };
  }
  const { slope, intercept } = modality;
  const isIdentity = slope === 1 && intercept === 0;
  return {
    apply: (value) => value * slope + intercept,
    steps: isIdentity ? [] : [`rescale slope ${slope} intercept ${intercept}`],
    notes: [],
  };
}

/** The VOI that the header names; undefined if it names none that can be applied. */
function headerVoi({ voiTable, windows }: GreyDisplay): Tone | undefined {
  if (voiTable !== undefined) {
    const largest = largestEntry(voiTable);
    const short = shortTableNote("VOI LUT", voiTable);
    return {
      apply: (value) => Math.min(1, lookUp(voiTable, value) / largest),
      step: `VOI LUT of ${voiTable.entries.length} entries from the header`,
      notes: short === undefined ? [] : [short],
    };
  }
  const usable = windows.filter(isUsable);
  const first = usable[0];
  if (first === undefined) return undefined;
  const shape = first.shape === "LINEAR" ? "" : ` ${first.shape}`;
  return {
    apply: (value) => windowed(first, value),
    step: `window ${first.center}/${first.width}${shape} from the header`,
    notes: usable.length > 1 ? [`the header names ${usable.length} windows; the first was used`] : [],
  };
}

const unusableNote = ({ windows }: GreyDisplay): string[] =>
  windows.length > 0
    ? [`the header's window ${windows[0]!.center}/${windows[0]!.width} cannot be applied; it was left out`]
    : [];

/** The tone curve of each choice. */
function toneOf(values: CodeValues, display: GreyDisplay, voi: VoiChoice): Tone {
  if (voi === "full-range") {
    const [low, high] = values.limits;
    return {
      apply: (value) => Math.min(1, (value - low) / (high - low)),
      step: `full range ${low} … ${high}`,
      notes: [],
    };
  }
  if (voi !== "default") return minmax(presentRange(values), "");
  const named = headerVoi(display);
  if (named !== undefined) return named;
  const tone = minmax(presentRange(values), ", as the header names no window");
  return { ...tone, notes: [...unusableNote(display), ...tone.notes] };
}

/** Grey levels of all codes, rounded. */
function levelsOf(values: CodeValues, tone: Tone, isInverted: boolean): Uint8Array {
  const levels = new Uint8Array(values.values.length);
  for (let code = 0; code < levels.length; code++) {
    if (values.isPadding(code)) continue;
    const share = tone.apply(values.values[code]!);
    levels[code] = Math.round(255 * (isInverted ? 1 - share : share));
  }
  return levels;
}

/** Equalise the levels of a picture, all of its samples counted. */
function equalized(levels: Uint8Array, counts: Uint32Array): Uint8Array {
  const histogram = new Float64Array(256);
  for (let code = 0; code < levels.length; code++) histogram[levels[code]!]! += counts[code]!;
  const table = equalizingTable(histogram);
  return levels.map((level) => table[level]!);
}

/**
 * Display a grey picture.
 *
 * @param stored   One sample per pixel. Not modified.
 * @param display  What the file says. Padding is drawn black, and not counted where a range is measured.
 * @param voi      `default`: VOI LUT, else the first window, else min–max. `minmax`: the range after the modality LUT.
 *                 `full-range`: stored value / (2^bits − 1), without modality LUT and without padding, as torchxrayvision
 *                 reads it. `equalize`: `minmax`, then OpenCV's `equalizeHist`.
 */
export function displayGrey(stored: StoredSamples, display: GreyDisplay, voi: VoiChoice): Displayed {
  const isRaw = voi === "full-range";
  const modality = modalityOf(isRaw ? { ...display, modality: undefined } : display);
  const values = codeValues(stored, modality.apply, isRaw ? undefined : display.padding);
  const tone = toneOf(values, display, voi);
  const { inversion } = display;
  const plain = levelsOf(values, tone, inversion !== undefined);
  const levels = voi === "equalize" ? equalized(plain, values.counts()) : plain;
  return {
    data: mapCodes(stored, levels),
    steps: [
      ...modality.steps,
      ...values.paddingSteps(),
      tone.step,
      ...(inversion === undefined ? [] : [`inverted: ${inversion}`]),
      ...(voi === "equalize" ? ["equalize histogram"] : []),
    ],
    notes: [...modality.notes, ...tone.notes],
  };
}
