/**
 * How the image was read: the steps of its preparation, all checks, the model, and what the network saw.
 *
 * Knows: the page.
 */

import { html, nothing } from "lit";
import type { KeptReading } from "../state/item.ts";
import { selectedItem } from "../state/page-state.ts";
import { PageElement } from "./page-element.ts";

const OUTCOMES = { pass: "passed", warn: "look twice", refuse: "refused", unknown: "cannot tell" } as const;

class ReadAnswer extends PageElement {
  protected override render() {
    const reading = selectedItem(this.state)?.reading;
    if (reading === undefined) return nothing;
    const { preparation, notes, checks } = reading.json;
    return html`
      <div class="read" data-testid="how-read">
        <figure class="seen">
          <mx-seen .page=${this.page}></mx-seen>
          <figcaption class="small-text muted">All that the network saw.</figcaption>
        </figure>
        <h3>Preparation</h3>
        <ol class="numbered">
          ${preparation.map((step) => html`<li>${step}</li>`)}
        </ol>
        ${this.#list("Notes on the file", notes)}
        <h3>Input checks</h3>
        <dl class="checks-all">
          ${checks.map(
            ({
              check,
              outcome,
              reason,
            }) => html`<dt data-outcome=${outcome}>${check}: ${OUTCOMES[outcome]}</dt>
              <dd>${reason}</dd>`,
          )}
        </dl>
        ${this.#model(reading)}
      </div>
    `;
  }

  #list(title: string, lines: readonly string[]) {
    if (lines.length === 0) return nothing;
    return html`<h3>${title}</h3>
      <ul class="bulleted">
        ${lines.map((line) => html`<li>${line}</li>`)}
      </ul>`;
  }

  #model({ json, where, seconds }: KeptReading) {
    const { name, sha256, labelSource, calibration, notes } = json.model;
    const { device, threads } = this.state.model.facts ?? {};
    const machine =
      where === "server"
        ? "on the server"
        : `in this browser, by ${device === "webgpu" ? "WebGPU" : `WebAssembly on ${threads} ${threads === 1 ? "thread" : "threads"}`}`;
    return html`
      <h3>Model</h3>
      <dl class="facts">
        <dt>File</dt>
        <dd>${name}</dd>
        <dt>SHA-256</dt>
        <dd class="hash" data-testid="model-hash">${sha256 === "" ? (this.state.model.sha256 ?? "") : sha256}</dd>
        <dt>Labels</dt>
        <dd>${labelSource}</dd>
        <dt>Calibration</dt>
        <dd>${calibration ?? "none"}</dd>
        <dt>Computed</dt>
        <dd>${machine}, in ${seconds.toFixed(2)} s</dd>
      </dl>
      ${this.#list("Notes on the model", notes)}
    `;
  }
}

customElements.define("mx-read-answer", ReadAnswer);
