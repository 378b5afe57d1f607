/**
 * `<mx-viewer>`: an X-ray with a heatmap, to be looked at as on a reading station.
 *
 * Its properties are in `viewer-properties.ts`.
 *
 * Events (none follows from setting a property, but that another picture may set back the view):
 *   mx-point            detail `{ x, y }` in pixels of the picture, or null when the place was left
 *   mx-erase            detail `{ mask, done }`: while a stroke is drawn, and once more with `done` at its end
 *   mx-view-change      detail the new view
 *   mx-window-change    detail `{ window, inverted }`; `window` is undefined where the picture has its own grey levels
 *   mx-overlay-change   detail `{ style, opacity }`: chosen by key or with the toolbar
 *   mx-tool-change      detail the new tool
 *   mx-change           anything that a toolbar shows; no detail
 *
 * Knows: the picture and what is done to it by hand. Not where either comes from, nor what is computed from them.
 */

import { html, type PropertyValues } from "lit";
import { observeSize, screenSize } from "./canvas-size.ts";
import { doCommand } from "./commands.ts";
import { exportedPixels, shownOf } from "./export.ts";
import { inIdleTime } from "./idle.ts";
import { type Command, commandOf } from "./keys.ts";
import "./key-list.ts";
import { Painter } from "./painting/painter.ts";
import type { Place, ViewOverlay, ViewOverlayStyle } from "./picture.ts";
import { pngOf } from "./png.ts";
import { Pointers } from "./pointers.ts";
import { overlayWords, pixelWords, viewerLabel, windowWords, zoomWords } from "./readout.ts";
import { spacingWords } from "./rulers.ts";
import { Speech } from "./speech.ts";
import { type Change, ViewerState } from "./state.ts";
import { WHOLE } from "./view.ts";
import { ViewerProperties } from "./viewer-properties.ts";
import { VIEWER_STYLES } from "./viewer-styles.ts";

/** While a stroke is drawn, the mask is handed out at most this often, in milliseconds. */
const LIVE_MASK = 200;
const OPACITY_STEP = 0.1;
const STYLES: readonly ViewOverlayStyle[] = ["wash", "contour", "none"];

export class Viewer extends ViewerProperties {
  static override styles = VIEWER_STYLES;
  /** For a toolbar, and for tests. */
  readonly state = new ViewerState((change) => this.#onChange(change));
  /** Whether Space is held, so that dragging pans. */
  isSpaceHeld = false;
  /** A child of the element rather than of its shadow root, so that the document finds it. */
  readonly #canvas = document.createElement("canvas");
  readonly #context = this.#canvas.getContext("2d", { alpha: false })!;
  readonly #painter = new Painter();
  readonly #pointers = new Pointers(this.#canvas, this.state, this);
  readonly #speech = new Speech();
  readonly #resizing = new ResizeObserver(([entry]) => entry && this.#resize(entry));
  #upcoming: readonly ViewOverlay[] = [];
  #isSpaceUsed = false;
  #hover: Place | undefined;
  #pointed: Place | undefined;
  #frame = 0;
  #maskAt = 0;

  constructor() {
    super();
    const canvas = this.#canvas;
    canvas.tabIndex = 0;
    // An application, so that screen readers pass the keys on.
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-roledescription", "X-ray viewer");
    canvas.addEventListener("keydown", (event) => this.handleKey(event));
    canvas.addEventListener("keyup", (event) => this.#onKeyUp(event));
    canvas.addEventListener("blur", () => {
      this.isSpaceHeld = false;
    });
  }

  override connectedCallback() {
    super.connectedCallback();
    if (this.#canvas.parentNode !== this) this.append(this.#canvas);
    observeSize(this.#resizing, this.#canvas);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#resizing.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /** Do what a key or a button of the toolbar does. */
  do(command: Command): void {
    if (command === "help") this.renderRoot.querySelector("mx-view-keys")?.toggle();
    else if (command === "overlay") {
      const next = STYLES[(STYLES.indexOf(this.overlayStyle) + 1) % STYLES.length]!;
      this.setOverlay(next, this.opacity);
    } else if (command === "fainter") this.setOverlay(this.overlayStyle, this.opacity - OPACITY_STEP);
    else if (command === "stronger") this.setOverlay(this.overlayStyle, this.opacity + OPACITY_STEP);
    else if (command === "leave" && this.#pointers.cancel()) return;
    else if (this.picture !== undefined) doCommand(this.state, command);
  }

  /** Choose how the heatmap is shown, as its viewer does. */
  setOverlay(style: ViewOverlayStyle, opacity: number): void {
    this.overlayStyle = style;
    // Without the tail of a sum of tenths.
    this.opacity = Math.round(Math.min(1, Math.max(0, opacity)) * 100) / 100;
    const detail = { style, opacity: this.opacity };
    this.#tell("mx-overlay-change", detail);
    this.#tell("mx-change");
    this.#speech.say(overlayWords(style, this.opacity));
  }

  /** Do what a key does, if it does anything. Pages may hand on keys that were pressed elsewhere. */
  handleKey(event: KeyboardEvent): boolean {
    const command = commandOf(event);
    if (command === undefined || event.defaultPrevented) return false;
    const isSpace = event.key === " ";
    if (isSpace && event.target !== this.#canvas) return false;
    event.preventDefault();
    if (!isSpace) this.do(command);
    else if (!event.repeat) {
      this.isSpaceHeld = true;
      this.#isSpaceUsed = false;
    }
    return true;
  }

  #onKeyUp(event: KeyboardEvent): void {
    if (event.key !== " " || !this.isSpaceHeld) return;
    this.isSpaceHeld = false;
    event.preventDefault();
    // It is a key press if it was not held to pan.
    if (!this.#isSpaceUsed) this.do("use");
  }

  spaceUsed(): void {
    this.#isSpaceUsed = true;
  }

  hover(place: Place | undefined): void {
    this.#hover = place;
    this.requestUpdate();
    if (this.tool === "erase") this.#invalidate();
  }

  /**
   * The picture as PNG at its own size and the way it is stored, with the window, the heatmap, the finding and the research
   * notice.
   */
  async toPng(): Promise<Blob> {
    const { state, filled } = this;
    if (this.picture === undefined) throw new Error("There is no picture to export.");
    const { label, overlay, overlayStyle: style, opacity, colormap } = this;
    const drawn = { label, overlay, style, opacity, colormap, mask: state.mask, erased: state.erased };
    return pngOf(exportedPixels({ ...shownOf(state, filled), ...drawn }));
  }

  /** Prepare heatmaps that may be chosen next, in idle time. Others than before replace them. */
  prepare(overlays: readonly ViewOverlay[]): void {
    this.#upcoming = overlays;
    const pieces = overlays.map((overlay) => () => this.#painter.prepare(overlay, this.colormap));
    inIdleTime(pieces, () => this.#upcoming === overlays && this.isConnected);
  }

  /** Draw at once what would be drawn with the next frame. */
  drawNow(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { filled, overlay, overlayStyle: style, opacity, colormap } = this;
    this.#painter.paint(this.#context, this.state, {
      filled,
      overlay,
      style,
      opacity,
      colormap,
      hover: this.#hover,
    });
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    const { state } = this;
    if (changed.has("picture") && this.picture !== state.picture) {
      state.picture = this.picture;
      this.#painter.maskChanged();
      if (!changed.has("mask")) this.mask = undefined;
      if (!changed.has("view") && this.view !== WHOLE) {
        this.view = WHOLE;
        this.#tell("mx-view-change", WHOLE);
      }
      this.#tell("mx-change");
    }
    if (this.view !== state.look.view) state.takeView(this.view);
    if (changed.has("mask") && this.mask !== this.#handedOut) {
      state.takeMask(this.mask);
      this.#painter.maskChanged();
    }
    if (changed.has("tool")) state.tool = this.tool;
    state.grid = this.grid;
  }

  protected override render() {
    const { picture, state } = this;
    const hasPicture = picture !== undefined;
    const own = state.look.window ?? picture?.window ?? (hasPicture ? state.window : undefined);
    const place = state.crosshair ?? this.#hover;
    const isApproximate = own !== undefined && own === picture?.window && !picture?.window?.exact;
    return html`
      <slot></slot>
      <div class="readouts top">
        <span part="spacing">${hasPicture && this.tool === "ruler" ? spacingWords(picture.spacing) : ""}</span>
      </div>
      <div class="readouts" aria-hidden="true">
        <span data-testid="view-window">${own === undefined ? "" : `${isApproximate ? "≈ " : ""}${windowWords(own, picture!)}`}</span>
        <span data-testid="view-pixel">${(hasPicture && place && pixelWords(picture, place)) || ""}</span>
        <span data-testid="view-zoom">${hasPicture ? zoomWords(state.scale) : ""}${state.look.inverted ? " · inverted" : ""}</span>
      </div>
      <div class="spoken" role="status" aria-live="polite">${this.#speech.region}</div>
      <mx-view-keys></mx-view-keys>
    `;
  }

  protected override updated(changed: PropertyValues<this>) {
    const canvas = this.#canvas;
    if (this.testid) canvas.dataset["testid"] = this.testid;
    canvas.setAttribute(
      "aria-label",
      viewerLabel(this.label, this.picture && this.state.scale, this.overlay?.finding, this.overlayStyle),
    );
    if (changed.size > 0) this.#invalidate();
    // What the page sets is shown by the toolbar, too.
    if (changed.has("overlayStyle") || changed.has("opacity") || changed.has("tool")) this.#tell("mx-change");
  }

  /** The mask that was last told of, which is not to be taken over again when it comes back. */
  #handedOut: Uint8Array | undefined;

  #onChange(change: Change): void {
    const { state } = this;
    if (change === "view" && this.view !== state.look.view) {
      this.view = state.look.view;
      this.#tell("mx-view-change", this.view);
    }
    if (change === "window") {
      this.#tell("mx-window-change", { window: state.look.window, inverted: state.look.inverted });
    }
    if (change === "tool" && this.tool !== state.tool) {
      this.tool = state.tool;
      this.#tell("mx-tool-change", this.tool);
    }
    if (change === "stroke" || change === "mask") this.#onMask(change === "mask");
    if (change === "place" && state.pointed !== this.#pointed) {
      this.#pointed = state.pointed;
      this.#tell("mx-point", state.pointed);
    }
    this.#speech.changed(change, state);
    this.requestUpdate();
    this.#invalidate();
    if (change !== "stroke" && change !== "place") this.#tell("mx-change");
  }

  #onMask(done: boolean): void {
    this.#painter.maskChanged();
    const now = performance.now();
    if (!done && now - this.#maskAt < LIVE_MASK) return;
    this.#maskAt = now;
    this.#handedOut = this.state.mask?.slice();
    this.mask = this.#handedOut;
    this.#tell("mx-erase", { mask: this.#handedOut, done });
  }

  #tell(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #resize(entry: ResizeObserverEntry): void {
    const size = screenSize(entry);
    if (size === undefined) return;
    Object.assign(this.#canvas, size);
    this.state.canvas = size;
    this.state.density = size.width / entry.contentRect.width;
    // At once: a canvas is empty after its size was set.
    this.drawNow();
    this.requestUpdate();
    this.#tell("mx-change");
  }

  #invalidate(): void {
    if (this.#frame === 0 && this.isConnected) this.#frame = requestAnimationFrame(() => this.drawNow());
  }
}

customElements.define("mx-viewer", Viewer);

declare global {
  interface HTMLElementTagNameMap {
    "mx-viewer": Viewer;
  }
}
