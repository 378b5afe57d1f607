/**
 * From which probability the chosen finding counts as detected, and what is known about that threshold.
 *
 * Knows: the page.
 */

import { html, nothing } from "lit";
import { displayName } from "../../src/findings.ts";
import { pointsOf, rocOf, selectedItem, shownFinding } from "../state/page-state.ts";
import { hasPoints, measuredWords, thresholdOf } from "../state/thresholds.ts";
import { PageElement } from "./page-element.ts";

/** As many digits as tell operating points apart. */
const shown = (value: number): string => String(Number(value.toPrecision(3)));

class ThresholdAnswer extends PageElement {
  protected override render() {
    const label = shownFinding(this.state);
    const labels = selectedItem(this.state)?.reading?.json.model.labels;
    if (label === undefined || labels === undefined) return nothing;
    const points = pointsOf(this.state);
    const { thresholds } = this.state;
    const isMoved = thresholds.moved[label] !== undefined;
    return html`
      <fieldset class="plain">
        <legend>Findings count as detected from</legend>
        ${this.#base("half", "0.5, for all findings", true)}
        ${this.#base("card", "the model's own operating point of each", hasPoints(labels, points))}
      </fieldset>
      ${this.#slider(label, thresholdOf(label, thresholds, points))}
      ${
        isMoved
          ? html`<button class="small" @click=${() => this.page.moveThreshold(label, undefined)}>Back to where it was</button>`
          : nothing
      }
      <p class="small-text muted" data-testid="threshold-words">${this.#words(label, points)}</p>
    `;
  }

  #base(base: "half" | "card", words: string, isPossible: boolean) {
    const { thresholds } = this.state;
    return html`<label class="choice">
      <input
        type="radio"
        name="threshold-base"
        .checked=${thresholds.base === base}
        ?disabled=${!isPossible}
        @change=${() => this.page.decideBy(base)}
      />
      ${words}
    </label>`;
  }

  #slider(label: string, threshold: number) {
    const onInput = (event: Event) => {
      const value = (event.target as HTMLInputElement).valueAsNumber;
      if (Number.isFinite(value)) this.page.moveThreshold(label, value);
    };
    const name = `Threshold of ${displayName(label)}`;
    return html`<div class="slider">
      <label for="threshold">${name}</label>
      <input id="threshold" type="range" min="0" max="1" step="0.001" .value=${String(threshold)} @input=${onInput} />
      <input
        type="number"
        aria-label=${`${name}, as a number`}
        data-testid="threshold-number"
        min="0"
        max="1"
        step="0.001"
        .value=${shown(threshold)}
        @change=${onInput}
      />
    </div>`;
  }

  /** What the model's card says, and what it does not. */
  #words(label: string, points: ReturnType<typeof pointsOf>) {
    const name = displayName(label);
    const point = points?.[label];
    const roc = rocOf(this.state, label);
    const has =
      point === undefined
        ? `The model's card names no operating point for ${name}`
        : `The model's card names ${shown(point)} as the operating point of ${name}`;
    const isMoved = Object.keys(this.state.thresholds.moved).length > 0;
    const measured =
      roc === undefined
        ? html`The card has no sensitivity or specificity for any threshold; <code>medical-x calibrate</code> measures both
            on labelled images and adds them.`
        : measuredWords(name, thresholdOf(label, this.state.thresholds, points), roc);
    return html`${has}. ${measured}
      ${isMoved ? "Thresholds that you move change the marks on this page, but not what is saved." : nothing}`;
  }
}

customElements.define("mx-threshold-answer", ThresholdAnswer);
