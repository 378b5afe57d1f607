/**
 * What the elements of the page have in common: they show the page's state, and render into the document itself, so that one
 * style sheet and references by id reach all of them.
 *
 * Knows: the page.
 */

import { LitElement } from "lit";
import type { Page } from "../state/page.ts";
import type { PageState } from "../state/page-state.ts";

/** An element that is drawn again when the page's state is replaced. */
export class PageElement extends LitElement {
  static override properties = { page: { attribute: false } };

  declare page: Page;
  #unsubscribe: (() => void) | undefined;

  get state(): PageState {
    return this.page.state;
  }

  protected override createRenderRoot() {
    return this;
  }

  override connectedCallback() {
    super.connectedCallback();
    this.#follow();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  protected override willUpdate() {
    this.#follow();
  }

  /** The page is set after the element is created. */
  #follow(): void {
    if (this.#unsubscribe !== undefined || this.page === undefined || !this.isConnected) return;
    this.#unsubscribe = this.page.store.subscribe(() => this.requestUpdate());
  }
}
