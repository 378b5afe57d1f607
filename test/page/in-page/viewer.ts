/**
 * A page with nothing but the viewer and its toolbar, for tests in a browser.
 *
 * `window.put(picture)` shows a picture, `window.heard` has the events of the viewer, by name.
 */

import type { ViewerPicture } from "../../../web/engine/reading.ts";
import type { ViewOverlay } from "../../../web/viewer/picture.ts";
import "../../../web/viewer/view-tools.ts";
import "../../../web/viewer/viewer.ts";

const viewer = document.querySelector("mx-viewer")!;
const tools = document.querySelector("mx-view-tools")!;
tools.viewer = viewer;

const heard: Record<string, unknown[]> = {};
for (const name of [
  "mx-point",
  "mx-erase",
  "mx-view-change",
  "mx-window-change",
  "mx-tool-change",
  "mx-overlay-change",
]) {
  heard[name] = [];
  viewer.addEventListener(name, (event) => heard[name]!.push((event as CustomEvent).detail));
}

/** Something like a chest: two dark ellipses in a lighter body, and a staircase of grey at the left edge. 12 bits. */
function chest(side: number): Uint16Array {
  const values = new Uint16Array(side * side);
  const inEllipse = (x: number, y: number, cx: number, cy: number, rx: number, ry: number) =>
    ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++, at++) {
      const [u, v] = [x / side, y / side];
      const lung = inEllipse(u, v, 0.32, 0.48, 0.14, 0.27) || inEllipse(u, v, 0.68, 0.48, 0.14, 0.27);
      const body = inEllipse(u, v, 0.5, 0.6, 0.44, 0.55);
      const rib = lung && Math.sin(v * 60 + u * 8) > 0.7;
      values[at] = u < 0.02 ? Math.floor(v * 16) * 256 : lung ? (rib ? 1500 : 900) : body ? 2600 : 200;
    }
  }
  return values;
}

/** A 12-bit picture, as the engine would hand it out. */
function pictureOf(side: number, more: Partial<ViewerPicture> = {}): ViewerPicture {
  const values = chest(side);
  const window = { center: 2047.5, width: 4095, exact: true };
  const shown = Uint8Array.from(values, (value) => Math.round((value / 4095) * 255));
  return {
    width: side,
    height: side,
    channels: 1,
    shown,
    values,
    window,
    inverted: false,
    unit: "HU",
    ...more,
  };
}

/** A hot spot in one of 7 × 7 cells. */
function overlayOf(side: number, finding: string, column: number, row: number): ViewOverlay {
  const map = Float32Array.from({ length: 49 }, (_, i) =>
    Math.exp(-(((i % 7) - column) ** 2) / 2 - (Math.floor(i / 7) - row) ** 2 / 2),
  );
  return { map, width: 7, height: 7, region: { x: 0, y: 0, width: side, height: side }, finding };
}

Object.assign(window, { viewer, tools, heard, pictureOf, overlayOf });
viewer.picture = pictureOf(1024, {
  spacing: { row: 0.2, column: 0.2, source: "ImagerPixelSpacing", isAtDetector: true },
});
viewer.overlay = overlayOf(1024, "Mass 81.20%", 4.6, 3.2);
await viewer.updateComplete;
document.documentElement.dataset["state"] = "loaded";
