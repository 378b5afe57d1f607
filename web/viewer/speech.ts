/**
 * What the viewer says to a screen reader: the outcome of what was done, a moment after it has come to rest.
 *
 * Knows: a live region and the viewer's state.
 */

import { pixelWords, windowSpoken, zoomWords } from "./readout.ts";
import { lengthWords } from "./rulers.ts";
import type { Change, ViewerState } from "./state.ts";

/** After the last change, in milliseconds. */
const REST = 350;

/** What is said of a change. */
function wordsOf(change: Change, state: ViewerState): string | undefined {
  const { picture, look, crosshair } = state;
  if (picture === undefined) return undefined;
  switch (change) {
    case "window":
      return `${windowSpoken(state.window, picture)}${look.inverted ? ", inverted" : ""}`;
    case "view":
      return `Zoom ${zoomWords(state.scale)}`;
    case "rulers": {
      const last = look.rulers.at(-1);
      return last === undefined ? "No ruler" : `Ruler: ${lengthWords(last, picture.spacing)}`;
    }
    case "mask":
      return `${(state.erased * 100).toFixed(1)} % of the picture erased`;
    case "place":
      return crosshair && pixelWords(picture, crosshair);
    case "tool":
      return `Tool: ${state.tool}`;
    case "brush":
      return `Brush: ${Math.round(state.radius * 2)} pixels`;
    case "stroke":
    case "rest":
      return undefined;
  }
}

export class Speech {
  /** What a live region is to contain. */
  readonly region = document.createElement("span");
  #waiting: ReturnType<typeof setTimeout> | undefined;

  /** Say something, unless something else happens at once. */
  say(words: string): void {
    this.#later(() => words);
  }

  changed(change: Change, state: ViewerState): void {
    if (change !== "stroke" && change !== "rest") this.#later(() => wordsOf(change, state));
  }

  #later(words: () => string | undefined): void {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => {
      this.region.textContent = words() ?? "";
    }, REST);
  }
}
