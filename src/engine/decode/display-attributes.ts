/**
 * The attributes that say how a picture's stored values are displayed, as numbers.
 *
 * Knows:      attributes. What is done with them is in `image/display/`.
 * Reference:  DICOM PS3.3 C.11.1 (modality LUT), C.11.2 (VOI LUT), C.7.5.1.1.2 (padding), C.7.6.3 (palette).
 */

import { XrayError } from "../../errors.ts";
import type { DicomElements } from "../../formats/dicom/elements.ts";
import type { PixelDescription } from "../../formats/dicom/pixel-description.ts";
import type { GreyDisplay } from "../../image/display/grey.ts";
import {
  type LookupTable,
  makeLookupTable,
  readEntries,
  readLookupTable,
} from "../../image/display/lookup-table.ts";
import { expandSegments, type Palette } from "../../image/display/palette.ts";
import { WINDOW_SHAPES, type Window, type WindowShape } from "../../image/display/window.ts";

/** How a grey picture is displayed, and notes on attributes that were left out. */
export interface GreyAttributes {
  readonly display: GreyDisplay;
  readonly notes: readonly string[];
}

/** The LUT in the first item of a sequence. */
function tableOf(elements: DicomElements, sequence: string, isSigned: boolean): LookupTable | undefined {
  const item = elements.sequence(sequence)[0];
  const data = item?.bytes("x00283006");
  if (item === undefined || data === undefined) return undefined;
  return readLookupTable(item.numbers("x00283002"), data, isSigned, elements.source.isLittleEndian);
}

/** Modality LUT, or rescale; both slope and intercept are needed. */
function modalityOf(elements: DicomElements, isSigned: boolean): GreyDisplay["modality"] {
  const table = tableOf(elements, "x00283000", isSigned);
  if (table !== undefined) return { kind: "table", table };
  const [slope] = elements.numbers("x00281053");
  const [intercept] = elements.numbers("x00281052");
  if (slope === undefined || intercept === undefined || !Number.isFinite(slope * intercept)) return undefined;
  return { kind: "rescale", slope, intercept };
}

function shapeOf(elements: DicomElements): {
  readonly shape: WindowShape;
  readonly notes: readonly string[];
} {
  const said = elements.text("x00281056")?.toUpperCase() ?? "LINEAR";
  const shape = WINDOW_SHAPES.find((known) => known === said);
  if (shape !== undefined) return { shape, notes: [] };
  return {
    shape: "LINEAR",
    notes: ["the VOI LUT function is none of DICOM's three; the window was read as LINEAR"],
  };
}

function windowsOf(elements: DicomElements, shape: WindowShape): Window[] {
  const widths = elements.numbers("x00281051");
  return elements
    .numbers("x00281050")
    .flatMap((center, i) => (widths[i] === undefined ? [] : [{ center, width: widths[i], shape }]));
}

/** A value of 16 bits as the samples would hold it, whatever the file took its sign for. */
function asSample(value: number | undefined, isSigned: boolean): number | undefined {
  if (value === undefined) return undefined;
  const word = value & 0xffff;
  return isSigned && word > 0x7fff ? word - 0x1_0000 : word;
}

function paddingOf(elements: DicomElements, isSigned: boolean): GreyDisplay["padding"] {
  const value = asSample(elements.integer("x00280120"), isSigned);
  if (value === undefined) return undefined;
  const limit = asSample(elements.integer("x00280121"), isSigned) ?? value;
  return { low: Math.min(value, limit), high: Math.max(value, limit) };
}

/** Why black and white are exchanged: once, even if both attributes ask for it. */
function inversionOf(elements: DicomElements, photometric: string): string | undefined {
  if (photometric === "MONOCHROME1") return photometric;
  return elements.text("x20500020") === "INVERSE" ? "PresentationLUTShape INVERSE" : undefined;
}

/** How a grey picture is displayed. Throws XrayError `dicom/damaged` for damaged sequences. */
export function greyAttributes(
  elements: DicomElements,
  { isSigned, photometricInterpretation }: PixelDescription,
): GreyAttributes {
  const modality = modalityOf(elements, isSigned);
  const { shape, notes } = shapeOf(elements);
  // A modality LUT makes unsigned values; a rescale may make negative ones of any.
  const mayBeNegative =
    modality === undefined
      ? isSigned
      : modality.kind === "rescale" && (isSigned || modality.intercept < 0 || modality.slope < 0);
  const display: GreyDisplay = {
    modality,
    voiTable: tableOf(elements, "x00283010", mayBeNegative),
    windows: windowsOf(elements, shape),
    padding: paddingOf(elements, isSigned),
    inversion: inversionOf(elements, photometricInterpretation),
  };
  return { display, notes: display.windows.length > 0 && display.voiTable === undefined ? notes : [] };
}

/** Tags of descriptor, data and segmented data of red, green and blue. */
const CHANNELS = [
  ["x00281101", "x00281201", "x00281221"],
  ["x00281102", "x00281202", "x00281222"],
  ["x00281103", "x00281203", "x00281223"],
] as const;

function channelOf(
  elements: DicomElements,
  [descriptor, plain, segmented]: readonly [string, string, string],
  isSigned: boolean,
): LookupTable | undefined {
  const numbers = elements.numbers(descriptor);
  const { isLittleEndian } = elements.source;
  const data = elements.bytes(plain);
  if (data !== undefined) return readLookupTable(numbers, data, isSigned, isLittleEndian);
  const segments = elements.bytes(segmented);
  const [, , bits] = numbers;
  if (segments === undefined || bits === undefined) return undefined;
  const words = readEntries(segments, bits, bits > 8 ? 0 : segments.length, isLittleEndian);
  const entries = expandSegments(words, bits > 8 ? 2 : 1);
  return entries && makeLookupTable(numbers, entries, isSigned);
}

/** The palette of a picture. Throws XrayError `dicom/damaged` if one of its tables is missing or damaged. */
export function paletteOf(elements: DicomElements, { isSigned }: PixelDescription): Palette {
  const tables = CHANNELS.map((tags) => channelOf(elements, tags, isSigned));
  if (tables.some((table) => table === undefined)) {
    throw new XrayError(
      "dicom/damaged",
      "the picture has palette colours, but a table of its palette is missing or damaged; export it again",
      {},
    );
  }
  return tables as unknown as Palette;
}
