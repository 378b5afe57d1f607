/**
 * What the notebooks show: contact sheets of X-rays, charts and tables, as things that Jupyter displays.
 *
 * Pictures are drawn as SVG and shown as JPEG or PNG, which every viewer of notebooks can show.
 */

import sharp from "sharp";

const BLUE = "#2468b4";
const ORANGE = "#c8540a";
const YELLOW = "#ffd24a";
const INK = "#16202c";
const GREY = "#e2e7ed";

/** Where a finding lies, in shares of the image's sides. */
interface Box {
  readonly finding: string;
  readonly place: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** An X-ray of a contact sheet. */
export interface Tile {
  /** A file, or the bytes of one. */
  readonly image: string | Uint8Array;
  /** The lines below it. */
  readonly caption: readonly string[];
  readonly boxes?: readonly Box[] | undefined;
}

/** Something that a cell shows if it ends with it. */
export type Shown = { readonly [SHOW]: () => Record<string, string> };
const SHOW = Symbol.for("Jupyter.display");
const shown = (kind: string, content: string): Shown => ({ [SHOW]: () => ({ [kind]: content }) });

export const named = (finding: string): string => finding.replace("_", " ");
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
export const figure = (value: number | null | undefined): string => value?.toFixed(3) ?? "–";
/** `.812 to .831`. */
export const interval = (ends: readonly [number, number] | null | undefined): string =>
  ends ? ends.map(figure).join(" to ") : "–";

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

const svg = (width: number, height: number, body: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
  `font-family="sans-serif" font-size="12" fill="${INK}">` +
  `<rect width="${width}" height="${height}" fill="white"/>${body}</svg>`;

/** An SVG drawing, such as a chart of the library, as a picture of one and a half times its size. */
export async function chart(drawing: string): Promise<Shown> {
  const png = await sharp(Buffer.from(drawing), { density: 108 }).png({ palette: true }).toBuffer();
  return shown("image/png", png.toString("base64"));
}

/** X-rays side by side, four in a row, with their boxes and captions. */
export async function sheet(tiles: readonly Tile[]): Promise<Shown> {
  const side = 200;
  const height = side + 12 + 15 * Math.max(...tiles.map(({ caption }) => caption.length));
  const drawn = tiles.map(async ({ image, caption, boxes = [] }, i) => {
    const jpeg = await sharp(image).resize(300, 300, { fit: "fill" }).jpeg({ quality: 90 }).toBuffer();
    const frames = boxes.map(({ place: { x, y, width, height } }) => {
      const [left, top, wide, high] = [x, y, width, height].map((share) => share * side);
      return `<rect x="${left}" y="${top}" width="${wide}" height="${high}" fill="none" stroke="${YELLOW}"/>`;
    });
    const lines = caption.map((line, j) => `<text y="${side + 15 * (j + 1)}">${escaped(line)}</text>`);
    return (
      `<g transform="translate(${(i % 4) * (side + 12)} ${Math.floor(i / 4) * height})">` +
      `<image href="data:image/jpeg;base64,${jpeg.toString("base64")}" width="${side}" height="${side}"/>` +
      `${frames.join("")}${lines.join("")}</g>`
    );
  });
  const body = (await Promise.all(drawn)).join("");
  const whole = svg(4 * side + 36, Math.ceil(tiles.length / 4) * height, body);
  const picture = sharp(Buffer.from(whole), { density: 108, unlimited: true });
  return shown("image/jpeg", (await picture.jpeg({ quality: 82 }).toBuffer()).toString("base64"));
}

/** Bars from left to right, each with its name and its value in words. */
export function bars(
  rows: readonly { readonly name: string; readonly value: number; readonly words: string }[],
) {
  const most = Math.max(...rows.map(({ value }) => value));
  const drawn = rows.map(({ name, value, words }, i) => {
    const width = (560 * value) / most;
    return (
      `<g transform="translate(0 ${24 * i + 4})"><text x="130" y="14" text-anchor="end">${escaped(name)}</text>` +
      `<rect x="138" width="${width}" height="18" fill="${BLUE}"/><text x="${146 + width}" y="14">${words}</text></g>`
    );
  });
  return chart(svg(836, 24 * rows.length + 4, drawn.join("")));
}

/** Probabilities as a grid, in per cent: darker is more probable, and a frame marks what reaches its threshold. */
export function grid(
  columns: readonly string[],
  rows: readonly {
    readonly name: string;
    readonly values: readonly number[];
    readonly marked: readonly boolean[];
  }[],
) {
  const [left, top, cell] = [150, 112, 34];
  const heads = columns.map(
    (name, i) =>
      `<text transform="translate(${left + cell * i + 20} ${top - 6}) rotate(-50)">${escaped(name)}</text>`,
  );
  const drawn = rows.map(({ name, values, marked }, j) => {
    const cells = values.map((value, i) => {
      const frame = marked[i] ? `stroke="${ORANGE}" stroke-width="2.5"` : `stroke="${GREY}"`;
      return (
        `<g transform="translate(${left + cell * i} ${top + cell * j})">` +
        `<rect x="2" y="2" width="${cell - 4}" height="${cell - 4}" fill="${BLUE}" fill-opacity="${value}" ${frame}/>` +
        `<text x="${cell / 2}" y="21" text-anchor="middle" fill="${value > 0.55 ? "white" : INK}">` +
        `${Math.round(100 * value)}</text></g>`
      );
    });
    return `<text x="${left - 8}" y="${top + cell * j + 21}" text-anchor="end">${escaped(name)}</text>${cells.join("")}`;
  });
  const [width, height] = [left + cell * columns.length + 80, top + cell * rows.length + 4];
  return chart(svg(width, height, heads.join("") + drawn.join("")));
}

/** A table; the first column is set left, the others right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): Shown {
  const row = (cells: readonly (string | number)[], tag: "td" | "th") =>
    `<tr>${cells.map((cell, i) => `<${tag} style="text-align:${i === 0 ? "left" : "right"}">${escaped(String(cell))}</${tag}>`).join("")}</tr>`;
  const body = rows.map((cells) => row(cells, "td")).join("");
  return shown("text/html", `<table><thead>${row(head, "th")}</thead><tbody>${body}</tbody></table>`);
}
