/**
 * The page as a whole.
 */

import { html, LitElement } from "lit";

class App extends LitElement {
  override render() {
    return html`<p data-testid="notice">For research and education only; not for diagnosis.</p>`;
  }
}

customElements.define("mx-app", App);
