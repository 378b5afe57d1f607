/**
 * What the network saw of the shown image, pixel by pixel.
 *
 * Knows: the page, canvases.
 */

import { html } from "lit";
import type { SeenPicture } from "../engine/reading.ts";
import { PageElement } from "./page-element.ts";

/** Samples of one or three channels as a canvas takes them. */
function pixelsOf({ width, height, channels, data }: SeenPicture): ImageData {
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) image.data[i * 4 + c] = data[i * channels + (channels === 3 ? c : 0)]!;
    image.data[i * 4 + 3] = 255;
  }
  return image;
}

class Seen extends PageElement {
  #drawn: SeenPicture | undefined;

  protected override render() {
    const seen = this.#seen;
    if (seen === undefined) {
      return html`<button class="small" @click=${() => this.page.showSeen()}>Show what the network saw</button>`;
    }
    const { width, height } = seen;
    return html`<canvas
      data-testid="seen"
      width=${width}
      height=${height}
      role="img"
      aria-label=${`The picture that the network saw, ${width} × ${height} pixels`}
    ></canvas>`;
  }

  protected override updated() {
    const seen = this.#seen;
    const canvas = this.querySelector("canvas");
    if (seen === undefined || canvas === null || seen === this.#drawn) return;
    canvas.getContext("2d")?.putImageData(pixelsOf(seen), 0, 0);
    this.#drawn = seen;
  }

  get #seen(): SeenPicture | undefined {
    const { picture, selected } = this.state;
    return picture?.item === selected ? picture?.seen : undefined;
  }
}

customElements.define("mx-seen", Seen);
