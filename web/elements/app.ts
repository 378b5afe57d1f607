/**
 * The page as a whole: where everything stands, and what is dropped or pasted anywhere.
 *
 * Knows: the page and its elements.
 */

import { html, nothing } from "lit";
import { asXrayError } from "../../src/errors.ts";
import { NOTICE } from "../../src/models/notice.ts";
import { stemOf } from "../report/files.ts";
import { chooseFiles, save } from "../report/save.ts";
import { startServiceWorker } from "../service-worker/register.ts";
import { type Intake, takeChosen, takeTransfer } from "../state/intake.ts";
import { Page } from "../state/page.ts";
import { pointsOf, selectedItem } from "../state/page-state.ts";
import { rememberedTheme } from "../state/remembered.ts";
import { type ResultWithMaps, resultsOf } from "../state/results.ts";
import { fetchPageFacts, type PageExample } from "../storage/page-facts.ts";
import type { Command } from "../viewer/keys.ts";
import { doorsOf } from "./doors.ts";
import { fetchExample } from "./examples.ts";
import { keepFocus } from "./keep-focus.ts";
import { PageElement } from "./page-element.ts";
import type { Report } from "./report.ts";
import type { Stage } from "./stage.ts";

declare global {
  interface Window {
    /** What programs read of the page. */
    medicalX: { readonly results: () => readonly ResultWithMaps[] };
  }
}

class App extends PageElement {
  static override properties = { ...PageElement.properties, isOver: { state: true } };

  /** Whether something is dragged over the page. */
  declare isOver: boolean;
  #ending = new AbortController();

  constructor() {
    super();
    this.isOver = false;
    this.page = new Page(doorsOf(() => this.state));
    this.page.setTheme(rememberedTheme());
    window.medicalX = {
      results: () => {
        const { items, thresholds } = this.state;
        return resultsOf(items, { thresholds, points: pointsOf(this.state) });
      },
    };
  }

  override connectedCallback() {
    super.connectedCallback();
    this.#ending = new AbortController();
    const { signal } = this.#ending;
    window.addEventListener("dragover", (event) => this.#onDragOver(event), { signal });
    window.addEventListener("dragleave", (event) => this.#onDragLeave(event), { signal });
    window.addEventListener("drop", (event) => this.#onDrop(event), { signal });
    window.addEventListener("paste", (event) => this.#onPaste(event), { signal });
    keepFocus(this, signal);
    void this.#start();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#ending.abort();
  }

  /** Do something that may fail, and say so. */
  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.page.say(asXrayError(error).message);
    }
  }

  #start(): Promise<void> {
    return this.#try(async () => {
      const { isReloading, problem } = await startServiceWorker();
      if (isReloading) return;
      if (problem !== undefined) this.page.say(problem);
      await this.page.load(await fetchPageFacts());
    });
  }

  protected override updated() {
    document.documentElement.dataset["theme"] = this.state.theme;
  }

  protected override render() {
    const hasImages = this.state.items.length > 0;
    const notices = this.state.model.facts?.card.notices ?? [NOTICE];
    return html`
      <a class="skip" href="#main">Skip to the X-ray</a>
      <div
        class="app"
        data-images=${hasImages}
        @mx-choose-files=${() => this.#choose("files")}
        @mx-choose-folder=${() => this.#choose("folder")}
        @mx-example=${(event: CustomEvent<PageExample>) => this.#openExample(event.detail)}
        @mx-save-png=${this.#savePng}
        @mx-print=${this.#print}
        @mx-view-command=${(event: CustomEvent<Command>) => this.#stage.do(event.detail)}
      >
        ${this.#header(hasImages)}
        <mx-problems .page=${this.page}></mx-problems>
        <main class="main" id="main" tabindex="-1">
          ${hasImages ? this.#reading() : html`<mx-welcome .page=${this.page}></mx-welcome>`}
        </main>
        <footer class="notice" data-testid="notice">${notices.join(" ")}</footer>
        ${this.isOver ? html`<div class="over" aria-hidden="true">Drop it anywhere</div>` : nothing}
      </div>
      <mx-report .page=${this.page}></mx-report>
    `;
  }

  #header(hasImages: boolean) {
    return html`<header class="top">
      ${hasImages ? html`<h1 class="brand">Medical-X</h1>` : html`<span class="brand">Medical-X</span>`}
      <mx-status .page=${this.page}></mx-status>
      <div class="actions">
        ${
          hasImages
            ? html`<mx-open-menu .page=${this.page}></mx-open-menu>
                <mx-save-menu .page=${this.page}></mx-save-menu>`
            : nothing
        }
        <mx-settings .page=${this.page}></mx-settings>
        <input
          class="visually-hidden"
          type="file"
          multiple
          tabindex="-1"
          aria-label="Choose images"
          @change=${this.#onChosen}
        />
      </div>
    </header>`;
  }

  #reading() {
    return html`
      <mx-images .page=${this.page}></mx-images>
      <mx-stage .page=${this.page}></mx-stage>
      <div class="side">
        <div class="side-top">
          <mx-checks .page=${this.page}></mx-checks>
          <mx-findings .page=${this.page}></mx-findings>
        </div>
        <mx-ask .page=${this.page}></mx-ask>
      </div>
    `;
  }

  #choose(what: "files" | "folder"): void {
    if (what === "files") this.querySelector<HTMLInputElement>("input[type=file]")?.click();
    else void this.#take(chooseFiles({ isFolder: true }).then(takeChosen));
  }

  #onChosen(event: Event): void {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    // So that the same file can be chosen again.
    input.value = "";
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
    if (example !== undefined) this.#openExample(example);
    else void this.#take(takeTransfer(transfer));
  }

  #onPaste(event: ClipboardEvent): void {
    if (event.clipboardData === null || event.clipboardData.files.length === 0) return;
    event.preventDefault();
    void this.#take(takeTransfer(event.clipboardData));
  }

  #take(intake: Promise<Intake>): Promise<void> {
    return this.#try(async () => {
      const { files, passedOver } = await intake;
      this.page.add(files, passedOver);
    });
  }

  #openExample(example: PageExample): void {
    void this.#try(async () => this.page.add([await fetchExample(example)]));
  }

  get #stage(): Stage {
    return this.querySelector<Stage>("mx-stage")!;
  }

  #savePng(): void {
    void this.#try(async () => {
      const { name } = selectedItem(this.state)!;
      save(`${stemOf(name)}.gradcam.png`, await this.#stage.picture());
    });
  }

  #print(): void {
    void this.#try(async () => {
      const item = this.state.selected;
      const pictures = await this.#stage.reportPictures();
      await this.querySelector<Report>("mx-report")!.print(item, pictures);
    });
  }
}

customElements.define("mx-app", App);
