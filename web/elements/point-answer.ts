/**
 * What the place that is pointed at says for and against the chosen finding, and what all places come to.
 *
 * Knows: the page.
 */

import { html, nothing } from "lit";
import { displayName } from "../../src/findings.ts";
import type { KeptReading } from "../state/item.ts";
import { selectedItem, shownFinding } from "../state/page-state.ts";
import { type Sum, sumsAt } from "../state/places.ts";
import { percentText, signedText } from "../state/sizes.ts";
import { PageElement } from "./page-element.ts";

const DIGITS = 3;

class PointAnswer extends PageElement {
  protected override render() {
    const reading = selectedItem(this.state)?.reading;
    if (reading === undefined) return nothing;
    const { places } = reading;
    if (this.state.model.facts?.kind === "network")
      return html`<p>This model's network is run and not understood: what single places contribute is not known. Its
        heatmaps show how far a finding falls when parts of the image are hidden.</p>`;
    if (places === undefined)
      return html`<p>This image was read on the server, which does not compute what single places contribute.</p>
        <p><button class="small" @click=${() => this.page.readHere(this.state.selected!)}>Read it in this browser</button></p>`;
    const [, rows, columns] = places.shape;
    return html`
      <p>
        Hover, tap or use the arrow keys: beside each finding stands how much this place, one of ${rows} × ${columns},
        speaks <span class="for">for</span> it or <span class="against">against</span> it.
      </p>
      ${this.#sum(reading, rows * columns)}
    `;
  }

  #sum(reading: KeptReading, count: number) {
    const { cell } = this.state;
    const label = shownFinding(this.state)!;
    const name = displayName(label);
    const at = reading.json.model.labels.indexOf(label);
    const sum = sumsAt(cell ?? { row: 0, column: 0 }, reading.places!)[at]!;
    const logit = reading.json.logits[label]!;
    const isWhole = Math.abs(sum.logit - logit) < 1e-4 * Math.max(1, Math.abs(logit));
    return html`
      <table
        class="sum"
        data-testid="sum"
        data-finding-of=${label}
        data-terms=${String(sum.all)}
        data-bias=${String(sum.bias)}
        data-logit=${String(sum.logit)}
      >
        <caption>${name}</caption>
        ${cell === undefined ? nothing : this.#row("This place", sum.here, "here")}
        ${this.#row(`All ${count} places`, sum.all)} ${this.#row("The model's bias", sum.bias)}
        ${this.#row("Together: the logit", sum.logit, "total")}
      </table>
      <p class="small-text muted">
        Places and bias add up to the logit exactly, but for rounding.
        ${this.#logitWords(reading, label, sum, isWhole)}
      </p>
    `;
  }

  #logitWords(reading: KeptReading, label: string, sum: Sum, isWhole: boolean): string {
    if (!isWhole)
      return `This model averages several crops of an image; the sum is that of the middle one, ${signedText(sum.logit, DIGITS)}.`;
    if (reading.json.model.activation !== "sigmoid") return "";
    return `A logit of ${signedText(sum.logit, DIGITS)} is a probability of ${percentText(reading.json.probabilities[label]!)}.`;
  }

  #row(name: string, value: number, kind = "") {
    return html`<tr class=${kind}>
      <th scope="row">${name}</th>
      <td>${signedText(value, DIGITS)}</td>
    </tr>`;
  }
}

customElements.define("mx-point-answer", PointAnswer);
