/**
 * The first screen: what this is, where to drop an X-ray, and examples.
 *
 * Knows: the page.
 */

import { html, nothing } from "lit";
import type { PageExample } from "../storage/page-facts.ts";
import { PageElement } from "./page-element.ts";

class Welcome extends PageElement {
  protected override render() {
    const { facts, where } = this.state;
    return html`
      <section class="welcome" aria-labelledby="welcome-title">
        <h1 id="welcome-title">Drop a chest X-ray</h1>
        <p>
          Medical-X says how likely each of 14 findings is, and shows where the model looked.
          ${
            where === "server"
              ? "Images are sent to the server of this page, as you chose in the settings."
              : "The image is read in this browser and stays on this computer."
          }
        </p>
        <div class="drop-zone">
          <p>Drop or paste PNG, JPEG, TIFF, WebP or DICOM files, or whole folders, anywhere on this page.</p>
          <p class="buttons">
            <button class="primary" @click=${() => this.#ask("choose-files")}>Choose files</button>
            <button @click=${() => this.#ask("choose-folder")}>Choose a folder</button>
          </p>
        </div>
        ${
          facts === undefined || facts.examples.length === 0
            ? nothing
            : html`<h2>Or try an example</h2>
                <ul class="examples">
                  ${facts.examples.map((example) => this.#example(example))}
                </ul>`
        }
      </section>
    `;
  }

  #example(example: PageExample) {
    return html`<li>
      <button class="example" data-testid="example" @click=${() => this.#open(example)}>
        <img src=${`./${example.file}`} alt="" loading="lazy" draggable="true" />
        <span class="example-name">${example.name}</span>
        <span class="example-note">${example.note}</span>
      </button>
    </li>`;
  }

  #ask(name: string): void {
    this.dispatchEvent(new CustomEvent(`mx-${name}`, { bubbles: true }));
  }

  #open(example: PageExample): void {
    this.dispatchEvent(new CustomEvent("mx-example", { bubbles: true, detail: example }));
  }
}

customElements.define("mx-welcome", Welcome);
