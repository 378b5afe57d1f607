/**
 * Settings: light or dark, where images are read, which model, and what is kept in this browser.
 *
 * Knows: the page and storage.
 */

import { html, nothing } from "lit";
import { asXrayError } from "../../src/errors.ts";
import { chooseFiles } from "../report/save.ts";
import type { Where } from "../state/item.ts";
import { rememberTheme, type Theme } from "../state/remembered.ts";
import { sizeText } from "../state/sizes.ts";
import { removeEverything, type StorageReport, storageReport } from "../storage/model-store.ts";
import { OWN_MODEL_FILES, ownModel } from "../storage/own-model.ts";
import { PageElement } from "./page-element.ts";

class Settings extends PageElement {
  static override properties = {
    ...PageElement.properties,
    stored: { state: true },
    isRemoved: { state: true },
  };

  declare stored: StorageReport | undefined;
  declare isRemoved: boolean;

  protected override render() {
    return html`
      <button data-testid="settings" aria-haspopup="dialog" @click=${() => this.#open()}>Settings</button>
      <dialog class="settings" aria-labelledby="settings-title" @click=${(event: Event) => this.#onBackdrop(event)}>
        <div class="dialog-body">
          <div class="dialog-head">
            <h2 id="settings-title">Settings</h2>
            <button class="small" data-testid="close-settings" @click=${() => this.#dialog.close()}>Close</button>
          </div>
          ${this.#themes()} ${this.#wheres()} ${this.#model()} ${this.#storage()}
          <p class="small-text muted">
            Medical-X ${this.state.facts?.version ?? ""}. Nothing on this page comes from, or goes to, any other place than
            the one that serves it.
          </p>
        </div>
      </dialog>
    `;
  }

  get #dialog(): HTMLDialogElement {
    return this.querySelector("dialog")!;
  }

  #open(): void {
    this.#dialog.showModal();
    void this.#look();
  }

  #onBackdrop(event: Event): void {
    if (event.target === this.#dialog) this.#dialog.close();
  }

  async #look(): Promise<void> {
    this.stored = await storageReport().catch(() => undefined);
  }

  #themes() {
    const choose = (theme: Theme) => {
      this.page.setTheme(theme);
      rememberTheme(theme);
    };
    const choice = (theme: Theme, words: string) => html`<label class="choice">
      <input type="radio" name="theme" .checked=${this.state.theme === theme} @change=${() => choose(theme)} />
      ${words}
    </label>`;
    return html`<fieldset data-testid="theme">
      <legend>Light</legend>
      ${choice("dark", "Dark, as in a reading room")} ${choice("light", "Light")}
      <p class="small-text muted">The light page is remembered in this browser.</p>
    </fieldset>`;
  }

  #wheres() {
    if (this.state.facts?.compute !== "both") {
      return html`<section>
        <h3>Where images are read</h3>
        <p>In this browser. Images never leave this computer.</p>
      </section>`;
    }
    const choice = (where: Where, words: string) => html`<label class="choice">
      <input type="radio" name="where" value=${where} .checked=${this.state.where === where} @change=${() => this.page.readIn(where)} />
      ${words}
    </label>`;
    return html`<fieldset>
      <legend>Where images are read</legend>
      ${choice("browser", "In this browser: images never leave this computer")}
      ${choice("server", "On the server: from now on, each image that you open is sent to the server of this page, which keeps nothing of it")}
    </fieldset>`;
  }

  #model() {
    const { model, facts } = this.state;
    return html`<section>
      <h3>Model</h3>
      <p>
        ${model.name}${model.state === "ready" ? nothing : ` (${model.state === "failed" ? "could not be loaded" : "loading"})`}
        ${model.sha256 === undefined ? nothing : html`<br /><span class="hash small-text muted">SHA-256 ${model.sha256}</span>`}
      </p>
      <p class="buttons-left">
        <button data-testid="own-model" @click=${() => this.#chooseModel()}>Choose a checkpoint from disk</button>
        ${
          model.isOwn && facts !== undefined
            ? html`<button @click=${() => this.page.load(facts)}>Back to the model of this page</button>`
            : nothing
        }
      </p>
      <p class="small-text muted">
        A PyTorch checkpoint (.pth) or safetensors of a DenseNet121, or any classifier as .onnx with its card; choose the
        card (.json) together with it if there is one. It is opened in this browser and never leaves this computer. Images in the list are then read again.
      </p>
    </section>`;
  }

  async #chooseModel(): Promise<void> {
    const files = await chooseFiles({ accept: OWN_MODEL_FILES, isMultiple: true });
    const { facts } = this.state;
    if (files.length === 0 || facts === undefined) return;
    try {
      await this.page.load(facts, await ownModel(files));
    } catch (error) {
      this.page.say(asXrayError(error).message);
    }
  }

  #storage() {
    const { stored } = this;
    return html`<section>
      <h3>Kept in this browser</h3>
      <p role="status" data-testid="stored" data-bytes=${stored?.total ?? nothing}>
        ${
          this.isRemoved
            ? "Everything was removed. The page works until it is closed, and fetches the model again the next time."
            : stored === undefined
              ? "The browser does not say."
              : `${sizeText(stored.total)}: ${sizeText(stored.model)} of the model, ${sizeText(stored.app)} of the page, ${sizeText(stored.examples)} of examples.`
        }
      </p>
      <p><button data-testid="remove-stored" @click=${() => this.#remove()}>Remove the model and everything else</button></p>
      <p class="small-text muted">X-rays and results are never kept. With the model kept, the page also works offline.</p>
    </section>`;
  }

  async #remove(): Promise<void> {
    await removeEverything();
    rememberTheme("dark");
    this.isRemoved = true;
    await this.#look();
  }
}

customElements.define("mx-settings", Settings);
