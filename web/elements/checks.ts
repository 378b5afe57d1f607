/**
 * The input checks that the shown image did not pass, with their reasons.
 *
 * Knows: the page.
 */

import { html, nothing } from "lit";
import { distinctWarnings } from "../../src/checks/check.ts";
import { selectedItem } from "../state/page-state.ts";
import { PageElement } from "./page-element.ts";

class Checks extends PageElement {
  protected override render() {
    const checks = selectedItem(this.state)?.reading?.json.checks ?? [];
    const warned = distinctWarnings(checks);
    if (warned.length === 0) return nothing;
    return html`
      <section class="checks" data-testid="checks" aria-label="Input checks that did not pass">
        <h3>Look twice at this image</h3>
        <ul>
          ${warned.map(({ check, reason }) => html`<li data-check=${check}>${reason}</li>`)}
        </ul>
      </section>
    `;
  }
}

customElements.define("mx-checks", Checks);
