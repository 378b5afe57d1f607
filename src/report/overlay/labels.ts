/**
 * What is written on a panel, and where: its title, a remark, the scale of colours, each on a dark plate.
 *
 * Pipeline:   panel → **layout** → painting (`paint-label.ts`)
 * Knows:      sizes and words. Not pixels.
 */

import { type Line, textWidth } from "./lettering.ts";

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
  readonly bar?: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** What is to be written on a panel. */
export interface Wording {
  readonly title: string;
  /** A second line, in smaller letters. */
  readonly remark?: string;
  readonly map: Float32Array;
}

/** The labels of a panel: the title at the top left, the remark below it, and the scale of colours at the bottom left. */
export function panelLabels(width: number, height: number, { title, remark, map }: Wording): Label[] {
  const size = Math.max(10, Math.round(Math.min(width, height) / 32));
  const pad = Math.round(size * 0.6);
  const edge = Math.round(pad / 2);
  const isFlat = map.every((value) => value === map[0]);
  const room = width - 2 * edge;
  const plate = (words: string, share: number) => textPlate(words, size * share, pad * share, room);
  const first = plate(isFlat ? `${title} · nothing speaks for it` : title, 1);
  const second = remark === undefined ? [] : [plate(remark, 0.8)];
  const scale = scalePlate(width, size, pad);
  return [
    { ...first, left: edge, top: edge },
    ...second.map((label) => ({ ...label, left: edge, top: 2 * edge + first.height })),
    { ...scale, left: edge, top: height - edge - scale.height },
  ];
}

type Plate = Omit<Label, "left" | "top">;

/** Words on a plate, in letters of this size or of one that fits the room. */
function textPlate(text: string, size: number, pad: number, room: number): Plate {
  const fit = Math.min(1, room / (textWidth(text, size) + pad));
  return {
    // Not a pixel more than the room for what rounding left over.
    width: Math.min(room, Math.ceil(textWidth(text, size * fit) + pad * fit)),
    height: Math.ceil((size + pad) * fit),
    corner: size / 4,
    lines: [{ text, size: size * fit, x: (pad * fit) / 2, baseline: size * fit }],
  };
}

/** The bar of colours between `0` and `max`. */
function scalePlate(width: number, size: number, pad: number): Plate {
  const letters = size * 0.75;
  const bar = {
    x: pad + textWidth("0", letters),
    y: pad / 2,
    width: Math.round(Math.min(width * 0.3, size * 10)),
    height: Math.round(size * 0.6),
  };
  const baseline = bar.y + bar.height * 0.9;
  const end = bar.x + bar.width;
  return {
    width: Math.ceil(end + pad + textWidth("max", letters)),
    height: bar.height + pad,
    corner: size / 4,
    lines: [
      { text: "0", size: letters, x: pad / 2, baseline },
      { text: "max", size: letters, x: end + pad / 2, baseline },
    ],
    bar,
  };
}
