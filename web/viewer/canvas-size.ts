/**
 * How many pixels of the screen a canvas covers, so that it can have just as many of its own.
 *
 * Knows: what a browser says of an element's size.
 */

import type { Size } from "./view.ts";

/** Tell of each new size of an element; also of a new density of the screen where the browser can. */
export function observeSize(observer: ResizeObserver, element: Element): void {
  try {
    observer.observe(element, { box: "device-pixel-content-box" });
  } catch {
    // Safari does not know this box.
    observer.observe(element);
  }
}

/** An element's size in pixels of the screen; undefined while it is not shown. */
export function screenSize(entry: ResizeObserverEntry): Size | undefined {
  const { width, height } = entry.contentRect;
  if (width === 0 || height === 0) return undefined;
  const box = entry.devicePixelContentBoxSize?.[0];
  const exact = (given: number | undefined, extent: number) => {
    const expected = Math.round(extent * devicePixelRatio);
    // Browsers that only emulate another density give pixels of their own screen.
    return given !== undefined && Math.abs(given - expected) <= 1 ? given : expected;
  };
  return { width: exact(box?.inlineSize, width), height: exact(box?.blockSize, height) };
}
