/**
 * `<mx-view-keys>`: the list of keys that `?` shows, over the page.
 *
 * Knows: the table of keys.
 */

import { css, html, LitElement } from "lit";
import { KEY_ROWS } from "./keys.ts";

export class KeyList extends LitElement {
  static override styles = css`
    dialog {
      box-sizing: border-box;
      width: min(62rem, 100vw - 2rem);
      max-height: calc(100dvh - 2rem);
      overflow: auto;
      padding: 1rem 1.25rem;
      border: 1px solid var(--mx-line, #33404c);
      border-radius: 8px;
      background: var(--mx-surface, #171d24);
      color: var(--mx-text, #e6ebf0);
      font: 14px / 1.45 system-ui, sans-serif;
    }
    dialog::backdrop { background: rgb(0 0 0 / 60%); }
    header { display: flex; justify-content: space-between; align-items: center; gap: 1rem; }
    h2 { margin: 0; font-size: 1.1rem; }
    dl { columns: 2 24rem; column-gap: 2rem; margin: 0.75rem 0 0; }
    dl div {
      display: grid;
      grid-template-columns: minmax(0, 9rem) 1fr;
      gap: 0 0.75rem;
      padding-bottom: 6px;
      break-inside: avoid;
    }
    dt { text-align: end; }
    dd { margin: 0; }
    kbd {
      display: inline-block;
      padding: 0 6px;
      border: 1px solid var(--mx-line, #33404c);
      border-radius: 4px;
      background: var(--mx-raised, #202830);
      font: inherit;
      white-space: nowrap;
    }
    button {
      min-height: 32px;
      padding: 0 12px;
      border: 1px solid var(--mx-line, #33404c);
      border-radius: 6px;
      background: var(--mx-raised, #202830);
      color: inherit;
      font: inherit;
    }
    @media (max-width: 640px) {
      dl div { grid-template-columns: minmax(0, 5.5rem) 1fr; }
    }
    button:focus-visible { outline: 3px solid var(--mx-focus, #8fc7e8); outline-offset: 1px; }
  `;

  /** Show the list, or hide it. The focus goes back to where it was. */
  toggle(): void {
    const dialog = this.#dialog;
    if (dialog === null) return;
    if (dialog.open) dialog.close();
    else dialog.showModal();
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  /** `?` closes what it opened. Other keys are not for the picture behind the list. */
  #onKey(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === "?") this.toggle();
  }

  protected override render() {
    return html`
      <dialog aria-labelledby="title" @keydown=${this.#onKey}>
        <header>
          <h2 id="title">Keys of the viewer</h2>
          <button @click=${() => this.toggle()}>Close</button>
        </header>
        <dl>
          ${KEY_ROWS.map(
            ({ keys, says }) => html`
              <div>
                <dt>${keys.map((key, i) => html`${i > 0 ? " " : ""}<kbd>${key}</kbd>`)}</dt>
                <dd>${says}</dd>
              </div>
            `,
          )}
        </dl>
      </dialog>
    `;
  }
}

customElements.define("mx-view-keys", KeyList);

declare global {
  interface HTMLElementTagNameMap {
    "mx-view-keys": KeyList;
  }
}
