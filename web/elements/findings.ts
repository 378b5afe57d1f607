/**
 * The findings of the shown image as bars, in falling order of probability. One is chosen: its heatmap lies over the X-ray.
 *
 * Knows: the page.
 */

import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { displayName } from "../../src/findings.ts";
import type { FinishedJson } from "../state/item.ts";
import { meaningOf } from "../state/meanings.ts";
import { pointsOf, selectedItem, shownFinding } from "../state/page-state.ts";
import { largestTerm, sumsAt } from "../state/places.ts";
import { changeText, percentText, signedText } from "../state/sizes.ts";
import { byProbability } from "../state/sorting.ts";
import { reaches, thresholdOf } from "../state/thresholds.ts";
import { cssValues } from "./css-values.ts";
import { PageElement } from "./page-element.ts";

/** What stands beside a bar, if something is asked: a term at the place, or a change by erasing. */
interface Beside {
  readonly words: string;
  readonly title: string;
  /** −1 to 1, for a signed bar. */
  readonly share?: number;
  readonly sign: "for" | "against" | "neither";
}

const signOf = (value: number): Beside["sign"] => (value > 0 ? "for" : value < 0 ? "against" : "neither");

class Findings extends PageElement {
  protected override render() {
    const item = selectedItem(this.state);
    const json = item?.reading?.json;
    if (json === undefined) return nothing;
    const order = byProbability(json.model.labels, json.probabilities);
    const chosen = shownFinding(this.state);
    const beside = this.#beside(json);
    return html`
      <h2 id="findings-title">Findings</h2>
      <div
        class="findings"
        data-asking=${beside !== undefined}
        role="radiogroup"
        aria-labelledby="findings-title"
        aria-describedby="findings-hint"
        @keydown=${(event: KeyboardEvent) => this.#onKey(event, order, chosen)}
      >
        ${repeat(
          order,
          (label) => label,
          (label) => this.#row(label, json, label === chosen, beside?.(label)),
        )}
      </div>
      <p class="visually-hidden" id="findings-hint">Choose a finding to see its heatmap over the X-ray.</p>
    `;
  }

  #row(label: string, json: FinishedJson, isChosen: boolean, beside: Beside | undefined) {
    const probability = json.probabilities[label]!;
    const calibrated = json.calibrated?.[label];
    const points = pointsOf(this.state);
    const threshold = thresholdOf(label, this.state.thresholds, points);
    const isDetected = reaches(probability, threshold);
    const meaning = meaningOf(label);
    const words = [
      displayName(label),
      percentText(probability),
      ...(isDetected ? ["detected"] : []),
      ...(calibrated === undefined ? [] : [`calibrated ${percentText(calibrated)}`]),
      ...(beside === undefined ? [] : [beside.title]),
    ];
    return html`
      <div
        class="finding"
        role="radio"
        tabindex=${isChosen ? 0 : -1}
        aria-checked=${isChosen}
        aria-label=${words.join(", ")}
        aria-description=${isChosen && meaning !== undefined ? meaning : nothing}
        data-testid="finding"
        data-finding=${label}
        data-probability=${String(probability)}
        data-detected=${isDetected}
        @click=${() => this.page.choose(label)}
      >
        <span class="finding-name">${displayName(label)}</span>
        ${
          beside === undefined
            ? nothing
            : html`<span class="beside" data-sign=${beside.sign} title=${beside.title}>
                ${
                  beside.share === undefined
                    ? nothing
                    : html`<span class="signed-bar" ${cssValues({ "--share": beside.share })}></span>`
                }
                ${beside.words}
              </span>`
        }
        ${
          calibrated === undefined || beside !== undefined
            ? nothing
            : html`<span class="finding-calibrated" title="Calibrated probability">cal. ${percentText(calibrated)}</span>`
        }
        <span class="finding-value">${percentText(probability)}</span>
        <span class="finding-mark" title=${isDetected ? "At or above its threshold" : nothing}
          >${isDetected ? (beside === undefined ? "detected" : "●") : ""}</span
        >
        <span
          class="bar"
          ${cssValues({
            "--share": probability,
            "--threshold": threshold,
            "--calibrated": calibrated ?? 0,
          })}
        >
          <span class="bar-fill"></span>
          ${calibrated === undefined ? nothing : html`<span class="bar-calibrated"></span>`}
          <span class="bar-tick"></span>
        </span>
        ${isChosen && meaning !== undefined ? html`<span class="finding-meaning">${meaning}</span>` : nothing}
      </div>
    `;
  }

  /** What is asked at the moment, if anything: first of the erased part, then of the place. */
  #beside(json: FinishedJson): ((label: string) => Beside) | undefined {
    const { erased, cell, selected } = this.state;
    if (erased?.reading !== undefined && erased.item === selected) {
      const { probabilities } = erased.reading;
      return (label) => {
        const change = probabilities[label]! - json.probabilities[label]!;
        const words = changeText(change);
        const title = `${words} points without the erased part: ${percentText(probabilities[label]!)}`;
        return { words, title, sign: words.startsWith("±") ? "neither" : signOf(change) };
      };
    }
    const places = selectedItem(this.state)?.reading?.places;
    if (cell === undefined || places === undefined) return undefined;
    const sums = sumsAt(cell, places);
    const largest = largestTerm(places);
    return (label) => {
      const { here } = sums[json.model.labels.indexOf(label)]!;
      const sign = signOf(here);
      const title = `this place speaks ${sign === "against" ? "against" : "for"} it by ${Math.abs(here).toFixed(3)}`;
      return { words: signedText(here), title, share: here / largest, sign };
    };
  }

  #onKey(event: KeyboardEvent, order: readonly string[], chosen: string | undefined): void {
    const at = chosen === undefined ? -1 : order.indexOf(chosen);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowRight: at + 1,
      ArrowUp: at - 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: order.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const label = order[(to + order.length) % order.length]!;
    this.page.choose(label);
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>(`[data-finding="${CSS.escape(label)}"]`)?.focus(),
    );
  }
}

customElements.define("mx-findings", Findings);
