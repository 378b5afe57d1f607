/**
 * The page as a whole: where everything stands, and what is dropped or pasted anywhere.
 *
 * Knows: the page and its elements.
 */

import { html, nothing } from "lit";
import { asXrayError } from "../../src/errors.ts";
import { NOTICE } from "../../src/models/notice.ts";
import { startServiceWorker } from "../service-worker/register.ts";
import { type Intake, takeChosen, takeTransfer } from "../state/intake.ts";
import { Page } from "../state/page.ts";
import { pointsOf } from "../state/page-state.ts";
import { type ResultWithMaps, resultsOf } from "../state/results.ts";
import { fetchPageFacts, type PageExample } from "../storage/page-facts.ts";
import { doorsOf } from "./doors.ts";
import { PageElement } from "./page-element.ts";

declare global {
  interface Window {
    /** What programs read of the page. */
    medicalX: { readonly results: () => readonly ResultWithMaps[] };
  }
}

class App extends PageElement {
  static override properties = { ...PageElement.properties, isOver: { state: true } };

  declare isOver: boolean;
  readonly #ending = new AbortController();

  constructor() {
    super();
    this.isOver = false;
    this.page = new Page(doorsOf(() => this.state.facts!));
    window.medicalX = {
      results: () =>
        resultsOf(this.state.items, { thresholds: this.state.thresholds, points: pointsOf(this.state) }),
    };
  }

  override connectedCallback() {
    super.connectedCallback();
    const { signal } = this.#ending;
    window.addEventListener("dragover", (event) => this.#onDragOver(event), { signal });
    window.addEventListener("dragleave", (event) => this.#onDragLeave(event), { signal });
    window.addEventListener("drop", (event) => this.#onDrop(event), { signal });
    window.addEventListener("paste", (event) => this.#onPaste(event), { signal });
    void this.#start();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#ending.abort();
  }

  async #start(): Promise<void> {
    try {
      const { isReloading, problem } = await startServiceWorker();
      if (isReloading) return;
      if (problem !== undefined) this.page.say(problem);
      await this.page.load(await fetchPageFacts());
    } catch (error) {
      this.page.say(asXrayError(error).message);
    }
  }

  protected override render() {
    const hasImages = this.state.items.length > 0;
    return html`
      <a class="skip" href="#findings">Skip to the findings</a>
      <div class="app" data-over=${this.isOver} data-images=${hasImages}>
        <header class="top">
          <span class="brand">Medical-X</span>
          <mx-status .page=${this.page}></mx-status>
          <button @click=${() => this.#choose("files")}>Open</button>
        </header>
        <mx-problems .page=${this.page}></mx-problems>
        <main class="main" id="main">
          ${
            hasImages
              ? html`<mx-stage .page=${this.page}></mx-stage>
                  <div class="side" id="findings" tabindex="-1">
                    <mx-checks .page=${this.page}></mx-checks>
                    <mx-findings .page=${this.page}></mx-findings>
                  </div>`
              : html`<mx-welcome
                  .page=${this.page}
                  @mx-choose-files=${() => this.#choose("files")}
                  @mx-choose-folder=${() => this.#choose("folder")}
                  @mx-example=${(event: CustomEvent<PageExample>) => this.#openExample(event.detail)}
                ></mx-welcome>`
          }
        </main>
        <footer class="notice" data-testid="notice">${(this.state.model.facts?.card.notices ?? [NOTICE]).join(" ")}</footer>
        <input class="visually-hidden" id="files" type="file" multiple tabindex="-1" aria-label="Images" @change=${this.#onChosen} />
        ${this.isOver ? html`<div class="over" aria-hidden="true">Drop it anywhere</div>` : nothing}
      </div>
    `;
  }

  #choose(what: "files" | "folder"): void {
    const input = this.querySelector<HTMLInputElement>("#files")!;
    input.toggleAttribute("webkitdirectory", what === "folder");
    input.click();
  }

  #onChosen(event: Event): void {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = "";
    input.removeAttribute("webkitdirectory");
    void this.#take(takeChosen(files));
  }

  #onDragOver(event: DragEvent): void {
    event.preventDefault();
    this.isOver = true;
  }

  #onDragLeave(event: DragEvent): void {
    if (event.relatedTarget === null) this.isOver = false;
  }

  #onDrop(event: DragEvent): void {
    event.preventDefault();
    this.isOver = false;
    const transfer = event.dataTransfer;
    if (transfer === null) return;
    const dragged = transfer.getData("text/uri-list").split(/\r?\n/)[0];
    const example = this.state.facts?.examples.find(
      ({ file }) => new URL(file, document.baseURI).href === dragged,
    );
    if (example !== undefined) void this.#openExample(example);
    else void this.#take(takeTransfer(transfer));
  }

  #onPaste(event: ClipboardEvent): void {
    if (event.clipboardData === null || event.clipboardData.files.length === 0) return;
    event.preventDefault();
    void this.#take(takeTransfer(event.clipboardData));
  }

  async #take(intake: Promise<Intake>): Promise<void> {
    try {
      const { files, passedOver } = await intake;
      this.page.add(files, passedOver);
    } catch (error) {
      this.page.say(asXrayError(error).message);
    }
  }

  async #openExample({ file, name }: PageExample): Promise<void> {
    try {
      const response = await fetch(`./${file}`);
      if (!response.ok)
        throw new Error(`the example ${name} could not be fetched (status ${response.status})`);
      this.page.add([{ name: file.split("/").at(-1)!, file: await response.blob() }]);
    } catch (error) {
      this.page.say(asXrayError(error).message);
    }
  }
}

customElements.define("mx-app", App);
