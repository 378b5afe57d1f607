/**
 * `<mx-view-tools>`: the toolbar of a viewer.
 *
 * Properties:
 *   viewer   the `<mx-viewer>` that it works on
 *   without  groups of buttons to leave out: `ask` (point and erase), `brush` (of erase), `overlay` (how the heatmap is shown)
 *
 * Knows: a viewer's state and commands. Not how they are carried out.
 */

import { html, LitElement, nothing } from "lit";
import { ICONS, type IconName } from "./icons.ts";
import { type Command, keyOf } from "./keys.ts";
import type { ViewOverlayStyle } from "./picture.ts";
import { TOOLS_STYLES } from "./view-tools-styles.ts";
import type { Viewer } from "./viewer.ts";

/** A group of buttons that may be left out. */
export type ToolGroup = "ask" | "brush" | "overlay";

interface Button {
  readonly command: Command;
  readonly icon: IconName;
  readonly label: string;
  /** What a tooltip says before the key. */
  readonly says: string;
}

const button = (command: Command, icon: IconName, label: string, says = label): Button => ({
  command,
  icon,
  label,
  says,
});

const TOOLS: readonly Button[] = [
  button("tool-window", "window", "Window", "Window: drag to change contrast and brightness"),
  button("tool-pan", "pan", "Pan"),
  button("tool-zoom", "zoom", "Zoom", "Zoom: drag up or down, or turn the wheel"),
  button("tool-ruler", "ruler", "Ruler", "Ruler: drag to measure"),
];
const ASKING: readonly Button[] = [
  button("tool-point", "point", "Point", "Point: what a place says for and against each finding"),
  button("tool-erase", "erase", "Erase", "Erase: paint over a region and read the picture again"),
];
const VIEWS: readonly Button[] = [
  button("fit", "fit", "Fit", "Fit the whole picture"),
  button("one-to-one", "oneToOne", "1:1", "1:1, one pixel of the picture on one of the screen"),
  button("invert", "invert", "Invert", "Invert black and white"),
  button("flip", "flip", "Flip", "Flip left and right"),
  button("turn", "turn", "Turn", "Turn clockwise"),
  button("reset", "reset", "Reset", "Back to the default window and view"),
];

export class ViewTools extends LitElement {
  static override styles = TOOLS_STYLES;
  static override properties = { viewer: { attribute: false }, without: { attribute: false } };

  declare viewer: Viewer | undefined;
  declare without: readonly ToolGroup[];

  #listening: Viewer | undefined;
  #stop: HTMLElement | undefined;
  readonly #onChange = () => this.requestUpdate();

  constructor() {
    super();
    this.without = [];
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#listen(undefined);
  }

  override connectedCallback() {
    super.connectedCallback();
    this.#listen(this.viewer);
  }

  protected override willUpdate() {
    this.#listen(this.viewer);
  }

  #listen(viewer: Viewer | undefined): void {
    if (viewer === this.#listening) return;
    this.#listening?.removeEventListener("mx-change", this.#onChange);
    viewer?.addEventListener("mx-change", this.#onChange);
    this.#listening = viewer;
  }

  /** The bar is one stop of the Tab key; arrows go from button to button. Other keys work on the viewer. */
  #onKey(event: KeyboardEvent): void {
    const controls = this.#controls;
    const at = controls.indexOf(event.target as HTMLElement);
    const isSlider = event.target instanceof HTMLInputElement;
    const steps: Record<string, number> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 };
    const to = steps[event.key];
    if (to !== undefined && !isSlider) {
      event.preventDefault();
      controls.at(to % controls.length)?.focus();
    } else if (
      event.key === "Tab" ||
      event.key === "Enter" ||
      event.key === " " ||
      event.key.startsWith("Arrow")
    ) {
      // The browser's.
    } else this.viewer?.handleKey(event);
  }

  get #controls(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>("button, input:not([disabled])")];
  }

  #onFocus(event: FocusEvent): void {
    // The slider is a stop of its own.
    if (event.target instanceof HTMLInputElement) return;
    this.#stop = event.target as HTMLElement;
    this.#setStop();
  }

  /** Let Tab reach the control that had the focus last, or the first one, and the slider, which uses the arrows itself. */
  #setStop(): void {
    const controls = this.#controls;
    const stop = this.#stop !== undefined && controls.includes(this.#stop) ? this.#stop : controls[0];
    for (const control of controls) {
      control.tabIndex = control === stop || control instanceof HTMLInputElement ? 0 : -1;
    }
  }

  protected override updated() {
    this.#setStop();
  }

  #button({ command, icon, label, says }: Button, isPressed?: boolean, isDisabled = false) {
    const isOff = isDisabled || (this.viewer?.picture === undefined && command !== "help");
    return html`
      <button
        title=${`${says} (${keyOf(command)})`}
        aria-label=${label}
        aria-pressed=${isPressed ?? nothing}
        aria-disabled=${isOff}
        data-command=${command}
        @click=${() => isOff || this.viewer?.do(command)}
      >
        <svg viewBox="0 0 20 20" aria-hidden="true">${ICONS[icon]}</svg>
        <span>${label}</span>
      </button>
    `;
  }

  #tools(label: string, buttons: readonly Button[]) {
    const { tool } = this.viewer ?? {};
    const isChosen = (command: Command) => command === `tool-${tool}`;
    return html`
      <div role="group" aria-label=${label}>
        ${buttons.map((each) => this.#button(each, isChosen(each.command)))}
      </div>
    `;
  }

  #views() {
    const look = this.viewer?.state.look;
    const pressed: Partial<Record<Command, boolean>> = {
      invert: look?.inverted ?? false,
      flip: look?.view.flipped ?? false,
    };
    return html`
      <div role="group" aria-label="View">${VIEWS.map((each) => this.#button(each, pressed[each.command]))}</div>
    `;
  }

  /** How the heatmap is shown, and how strongly. */
  #overlay() {
    const { viewer } = this;
    const choice = (style: ViewOverlayStyle, icon: IconName, label: string) => html`
      <button
        title=${`Heatmap: ${label.toLowerCase()} (${keyOf("overlay")})`}
        aria-pressed=${viewer?.overlayStyle === style}
        data-style=${style}
        @click=${() => viewer?.setOverlay(style, viewer.opacity)}
      >
        <svg viewBox="0 0 20 20" aria-hidden="true">${ICONS[icon]}</svg>
        <span>${label}</span>
      </button>
    `;
    const opacity = Math.round((viewer?.opacity ?? 0) * 100);
    return html`
      <div role="group" aria-label="Heatmap">
        ${choice("wash", "wash", "Wash")} ${choice("contour", "contour", "Contour")} ${choice("none", "off", "Off")}
        <label title=${`Strength of the wash (${keyOf("fainter")} and ${keyOf("stronger")})`}>
          <input
            type="range" min="0" max="100" step="5" .value=${String(opacity)}
            aria-label="Strength of the wash" aria-valuetext=${`${opacity} %`}
            ?disabled=${viewer?.overlayStyle !== "wash"}
            @input=${(event: Event) =>
              viewer?.setOverlay("wash", Number((event.target as HTMLInputElement).value) / 100)}
          >
        </label>
      </div>
    `;
  }

  /** What the chosen tool needs besides. */
  #extras() {
    const state = this.viewer?.state;
    if (state?.tool === "ruler") {
      const isNone = state.look.rulers.length === 0;
      return html`<div role="group" aria-label="Ruler">
        ${this.#button(button("remove-ruler", "clear", "Remove", "Remove the last ruler"), undefined, isNone)}
      </div>`;
    }
    if (state?.tool !== "erase" || this.without.includes("brush")) return nothing;
    const isNone = state.look.mask === undefined;
    return html`<div role="group" aria-label="Brush">
      ${this.#button(button("smaller-brush", "smaller", "Smaller", "Smaller brush"))}
      ${this.#button(button("larger-brush", "larger", "Larger", "Larger brush"))}
      ${this.#button(button("clear-erased", "clear", "Clear", "Clear what was erased"), undefined, isNone)}
    </div>`;
  }

  protected override render() {
    const state = this.viewer?.state;
    return html`
      <div class="bar" role="toolbar" aria-label="Viewer" @keydown=${this.#onKey} @focusin=${this.#onFocus}>
        ${this.#tools("Tool", [...TOOLS, ...(this.without.includes("ask") ? [] : ASKING)])} ${this.#extras()}
        ${this.without.includes("overlay") ? nothing : this.#overlay()} ${this.#views()}
        <div role="group" aria-label="History">
          ${this.#button(button("undo", "undo", "Undo"), undefined, !state?.canUndo)}
          ${this.#button(button("redo", "redo", "Redo"), undefined, !state?.canRedo)}
          ${this.#button(button("help", "help", "Keys", "List of keys"))}
        </div>
      </div>
    `;
  }
}

customElements.define("mx-view-tools", ViewTools);

declare global {
  interface HTMLElementTagNameMap {
    "mx-view-tools": ViewTools;
  }
}
