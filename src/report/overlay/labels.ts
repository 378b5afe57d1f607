/**
 * What is written on a panel, and where: its title, remarks, the scale of colours, each on a dark plate.
 *
 * Pipeline:   panel → **layout** → painting (`paint-label.ts`)
 * Knows:      sizes and words. Not pixels.
 */

import { type Line, textWidth } from "./lettering.ts";
import { CONTOUR_SHARES, DEFAULT_STYLE, type OverlayStyle } from "./style.ts";

const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** A bar of colours. */
interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The heats that it shows as blocks of one width, from 0 to 1; all heats unless given. */
  readonly heats?: readonly number[];
}

/** A plate with words, and perhaps a bar of colours. Measures in pixels. */
export interface Label {
  /** On the panel. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Radius of the plate's corners. */
  readonly corner: number;
  /** At places on the plate. */
  readonly lines: readonly Line[];
  /** The bar of colours, from cold at the left to hot, on the plate. */
  readonly bar?: Bar;
}

/** What is to be written on a panel. */
export interface Wording {
  readonly title: string;
  /** Lines below the title, in smaller letters. */
  readonly remarks: readonly string[];
  readonly map: Float32Array;
}

/** From one line to the next on a plate, in sizes of the letters. */
const LINE_SPACING = 1.25;

/** The labels of a panel: the title at the top left, the remarks on one plate below it, and the scale of colours at the bottom left. */
export function panelLabels(
  width: number,
  height: number,
  { title, remarks, map }: Wording,
  style: OverlayStyle = DEFAULT_STYLE,
): Label[] {
  const size = Math.max(10, Math.round(Math.min(width, height) / 32));
  const pad = Math.round(size * 0.6);
  const edge = Math.round(pad / 2);
  const isFlat = map.every((value) => value === map[0]);
  const room = width - 2 * edge;
  const plate = (words: readonly string[], share: number) =>
    textPlate(words, size * share, pad * share, room);
  const first = plate([isFlat ? `${title} · nothing speaks for it` : title], 1);
  const second = remarks.length === 0 ? [] : [plate(remarks, 0.8)];
  const scale = scalePlate(width, size, pad, style);
  return [
    { ...first, left: edge, top: edge },
    ...second.map((label) => ({ ...label, left: edge, top: 2 * edge + first.height })),
    { ...scale, left: edge, top: height - edge - scale.height },
  ];
}

type Plate = Omit<Label, "left" | "top">;

/** Words on a plate, in letters of this size or of one that fits the room. */
function textPlate(texts: readonly string[], size: number, pad: number, room: number): Plate {
  const widest = Math.max(...texts.map((text) => textWidth(text, size)));
  const fit = Math.min(1, room / (widest + pad));
  const spacing = size * fit * LINE_SPACING;
  return {
    // Not a pixel more than the room for what rounding left over.
    width: Math.min(room, Math.ceil((widest + pad) * fit)),
    height: Math.ceil((size + pad) * fit + (texts.length - 1) * spacing),
    corner: size / 4,
    lines: texts.map((text, i) => ({
      text,
      size: size * fit,
      x: (pad * fit) / 2,
      baseline: size * fit + i * spacing,
    })),
  };
}

/** The words at the ends of a scale, and the heats between them if it shows only some. */
const SCALES: {
  readonly [S in OverlayStyle]: readonly [low: string, high: string, heats?: readonly number[]];
} = {
  wash: ["0", "max"],
  contour: [percent(CONTOUR_SHARES[0]), `${percent(CONTOUR_SHARES.at(-1)!)} of max`, CONTOUR_SHARES],
};

/** The bar of colours between words for its ends. */
function scalePlate(width: number, size: number, pad: number, style: OverlayStyle): Plate {
  const letters = size * 0.75;
  const [low, high, heats] = SCALES[style];
  const bar = {
    x: pad + textWidth(low, letters),
    y: pad / 2,
    width: Math.round(Math.min(width * 0.3, size * 10)),
    height: Math.round(size * 0.6),
    ...(heats === undefined ? {} : { heats }),
  };
  const baseline = bar.y + bar.height * 0.9;
  const end = bar.x + bar.width;
  return {
    width: Math.ceil(end + pad + textWidth(high, letters)),
    height: bar.height + pad,
    corner: size / 4,
    lines: [
      { text: low, size: letters, x: pad / 2, baseline },
      { text: high, size: letters, x: end + pad / 2, baseline },
    ],
    bar,
  };
}
