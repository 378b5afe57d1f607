/**
 * What is going on, and where it is computed.
 *
 * Knows: the page.
 */

import { html, nothing } from "lit";
import { selectedItem } from "../state/page-state.ts";
import { statusOf } from "../state/status.ts";
import { PageElement } from "./page-element.ts";

class Status extends PageElement {
  protected override render() {
    const { state, words, share } = statusOf(this.state);
    const where = selectedItem(this.state)?.reading?.where ?? this.state.where;
    // The number of each image in turn would be read aloud.
    const isCounting = state === "working" && this.state.items.length > 1;
    return html`
      <span class="status" role="status" aria-live=${isCounting ? "off" : "polite"} data-testid="status" data-state=${state}>${words}</span>
      ${
        share !== undefined && (state === "working" || state === "loading")
          ? html`<progress class="status-progress" max="1" .value=${share} aria-label="Progress"></progress>`
          : nothing
      }
      <span class="where" data-testid="where" data-where=${where}
        >${where === "server" ? "Computed on the server" : "Computed in this browser"}</span
      >
    `;
  }
}

customElements.define("mx-status", Status);
