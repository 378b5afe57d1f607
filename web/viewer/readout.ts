/**
 * The viewer's figures in words: window, zoom, and what is under the cursor.
 *
 * Knows: pictures and numbers. Not elements.
 */

import type { Place, ViewerPicture, ViewOverlayStyle, ViewWindow } from "./picture.ts";

/** At most so many digits after the point as tell neighbouring values of a picture apart. */
const number = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));

/**
 * Width and centre as DICOM's LINEAR window of the same grey levels has them, which readers know: for whole values it is one
 * wider, with its centre half a value higher (PS3.3 C.11.2.1.2.1). Fractional values keep the exact ones.
 */
function figuresOf(
  { center, width }: ViewWindow,
  { values }: Pick<ViewerPicture, "values">,
): readonly string[] {
  const isFractional = values instanceof Float32Array;
  return [number(isFractional ? width : width + 1), number(isFractional ? center : center + 0.5)];
}

/** `W 4096 C 2048`, as radiology viewers print it. */
export function windowWords(window: ViewWindow, picture: Pick<ViewerPicture, "values">): string {
  const [width, center] = figuresOf(window, picture);
  return `W ${width} C ${center}`;
}

/** The same for a screen reader. */
export function windowSpoken(window: ViewWindow, picture: Pick<ViewerPicture, "values">): string {
  const [width, center] = figuresOf(window, picture);
  return `Window: width ${width}, centre ${center}`;
}

/** The zoom, as pixels of the screen per pixel of the picture. */
export const zoomWords = (scale: number): string => `${Math.round(scale * 100)} %`;

/** What is at a place: stored value with its unit, grey level, and where it is; undefined beside the picture. */
export function pixelWords(picture: ViewerPicture, place: Place): string | undefined {
  const [x, y] = [Math.floor(place.x), Math.floor(place.y)];
  const { width, height, channels, shown, values, unit } = picture;
  if (x < 0 || y < 0 || x >= width || y >= height) return undefined;
  const at = y * width + x;
  const where = `x ${x}, y ${y}`;
  if (channels === 3) return `${where}: RGB ${shown.subarray(at * 3, at * 3 + 3).join(" ")}`;
  const grey = `grey ${shown[at]}`;
  if (values === undefined) return `${where}: ${grey}`;
  // `US` is DICOM's word for an unspecified unit.
  const value = number(values[at]!);
  return `${where}: ${value}${unit === undefined || unit === "US" ? "" : ` ${unit}`} (${grey})`;
}

/** How a heatmap is shown. */
export function overlayWords(style: ViewOverlayStyle, opacity: number): string {
  if (style === "none") return "No heatmap";
  return style === "contour" ? "Contour lines" : `Wash, ${Math.round(opacity * 100)} %`;
}

/** What the canvas shows, for assistive technology. */
export function viewerLabel(
  label: string,
  scale: number | undefined,
  finding: string | undefined,
  style: ViewOverlayStyle,
): string {
  if (scale === undefined) return `${label}: no picture`;
  const how = style === "contour" ? "as contour lines" : "as a wash of colour";
  const heatmap = finding === undefined || style === "none" ? "no heatmap" : `heatmap of ${finding} ${how}`;
  return `${label}, ${heatmap}, zoom ${zoomWords(scale)}. Press ? for the keys.`;
}
