/**
 * What can be done on the page: the actions, and the state that they lead to.
 *
 * Knows: the page's state and the engine. Not elements.
 */

import type { OwnModel } from "../storage/own-model.ts";
import type { PageFacts } from "../storage/page-facts.ts";
import type { Engine } from "./engine.ts";
import { Eraser } from "./eraser.ts";
import type { DroppedFile, ImageItem, Where } from "./item.ts";
import { Looking } from "./looking.ts";
import {
  INITIAL_STATE,
  type ModelState,
  type PageState,
  type Question,
  type ShownOverlay,
  selectedItem,
  type Tool,
} from "./page-state.ts";
import type { Cell } from "./places.ts";
import { itemError, Reader, type ReadImage } from "./reader.ts";
import type { SortKey } from "./sorting.ts";
import { Store } from "./store.ts";
import { moveThreshold, type Thresholds } from "./thresholds.ts";

/** What the page needs of its surroundings. */
export interface Doors {
  /** Load the model that comes with the page, or one that the user chose. */
  readonly load: (
    own: OwnModel | undefined,
    onProgress: (done: number, total: number) => void,
  ) => Promise<Engine>;
  /** A small picture as a URL of this page. */
  readonly thumbnail: (picture: Parameters<Looking["keep"]>[1]["picture"]) => Promise<string | undefined>;
  /** Have an image read on the server. */
  readonly readOnServer: (item: ImageItem, options: { readonly withMaps: boolean }) => Promise<ReadImage>;
  /** Called after each image. */
  readonly onRead?: () => void;
}

/** The page. */
export class Page {
  readonly store = new Store<PageState>(INITIAL_STATE);
  readonly #doors: Doors;
  readonly #reader: Reader;
  readonly #looking: Looking;
  readonly #eraser: Eraser;
  #engine: Engine | undefined;
  #nextId = 0;
  #loads = 0;

  constructor(doors: Doors) {
    this.#doors = doors;
    const engine = () => this.#engine;
    this.#looking = new Looking(this.store, engine, doors.thumbnail);
    this.#eraser = new Eraser(this.store, engine);
    this.#reader = new Reader(
      this.store,
      (item) => this.#read(item),
      () => this.#canRead(),
      () => {
        doors.onRead?.();
        void this.#looking.update();
      },
    );
  }

  get state(): PageState {
    return this.store.value;
  }

  /** Load a model: the page's own, or one of the user's. What was read with another one is read again. */
  async load(facts: PageFacts, own?: OwnModel): Promise<void> {
    const turn = ++this.#loads;
    const before = this.#engine;
    this.#engine = undefined;
    const start: ModelState = {
      state: "loading",
      name: own?.file.name ?? facts.model.name,
      isOwn: own !== undefined,
    };
    this.#looking.forget();
    this.store.set({
      facts,
      model: start,
      finer: undefined,
      comparedFiner: undefined,
      erased: undefined,
      thresholds: INITIAL_STATE.thresholds,
      items: this.state.items.map(unread),
    });
    await before?.release();
    const onProgress = (done: number, total: number) => {
      if (turn === this.#loads && this.#engine === undefined)
        this.store.set({ model: { ...start, progress: { done, total } } });
    };
    try {
      const engine = await this.#doors.load(own, onProgress);
      if (turn !== this.#loads) return void (await engine.release());
      this.#engine = engine;
      this.store.set({ model: { ...start, state: "ready", facts: engine.facts } });
      const sha256 = await engine.sha256();
      if (turn === this.#loads) this.store.set({ model: { ...this.state.model, sha256 } });
    } catch (error) {
      if (turn === this.#loads)
        this.store.set({ model: { ...start, state: "failed", error: itemError(error) } });
    }
    this.#wake();
  }

  /** Add images to the list, and look at the first of them. */
  add(files: readonly DroppedFile[], passedOver: readonly string[] = []): void {
    const added = files.map(({ name, file }): ImageItem => {
      return { id: this.#nextId++, name, file, state: "waiting", force: false };
    });
    this.store.set({ passedOver, problem: undefined });
    if (added.length === 0) return;
    this.store.set({ items: [...this.state.items, ...added], newest: added[0]!.id, isPaused: false });
    this.select(added[0]!.id);
  }

  /** Show an image. */
  select(id: number): void {
    if (id === this.state.selected) return;
    const compared = this.state.compared === id ? undefined : this.state.compared;
    this.store.set({ selected: id, compared, cell: undefined, erased: undefined });
    this.#eraser.clear();
    this.#wake();
  }

  /** Show an image beside the one that is shown, or no other. */
  compare(id: number | undefined): void {
    this.store.set({ compared: id === this.state.selected ? undefined : id });
    this.#wake();
  }

  /** Choose the finding whose heatmap is shown. */
  choose(finding: string): void {
    this.store.set({ finding });
    void this.#looking.update();
  }

  /** Read an image although a check refuses it. */
  readAnyway(id: number): void {
    this.#readAgain(id, { force: true });
  }

  /** Read an image in this browser that was read on the server. */
  readHere(id: number): void {
    this.#readAgain(id, { isHere: true });
  }

  #readAgain(id: number, how: Partial<ImageItem>): void {
    const items = this.state.items.map((item) => (item.id === id ? { ...unread(item), ...how } : item));
    this.store.set({ items });
    this.#wake();
  }

  /** Stop reading after the image that is under way, or go on. */
  pause(isPaused: boolean): void {
    this.store.set({ isPaused });
    this.#wake();
  }

  /** Empty the list. */
  removeAll(): void {
    for (const { thumbnail } of this.state.items) if (thumbnail !== undefined) URL.revokeObjectURL(thumbnail);
    this.#looking.forget();
    this.#eraser.clear();
    this.store.set({
      items: [],
      passedOver: [],
      selected: undefined,
      compared: undefined,
      picture: undefined,
      comparedPicture: undefined,
      finding: undefined,
      finer: undefined,
      comparedFiner: undefined,
      erased: undefined,
      cell: undefined,
      isPaused: false,
    });
  }

  sortBy = (sortBy: SortKey) => this.store.set({ sortBy });
  showAs = (overlay: ShownOverlay) => this.store.set({ overlay });
  setOpacity = (opacity: number) => this.store.set({ opacity });
  pointAt = (cell: Cell | undefined) => this.store.set({ cell });
  decideBy = (base: Thresholds["base"]) => this.store.set({ thresholds: { base, moved: {} } });
  setTheme = (theme: PageState["theme"]) => this.store.set({ theme });
  say = (problem: string | undefined) => this.store.set({ problem });

  /** Open a question or close it. Some are asked with a tool. */
  ask(question: Question | undefined): void {
    const needs = question === "point" || question === "erase" ? question : undefined;
    const { tool } = this.state;
    const isAsking = tool === "point" || tool === "erase";
    this.store.set({ question, tool: needs ?? (isAsking ? "window" : tool) });
    if (needs !== "point") this.pointAt(undefined);
  }

  /** Take up a tool. Those that ask open their question. */
  take(tool: Tool): void {
    const { question } = this.state;
    const isAsked = question === "point" || question === "erase";
    const asks = tool === "point" || tool === "erase" ? tool : isAsked ? undefined : question;
    this.store.set({ tool, question: asks });
    if (tool !== "point") this.pointAt(undefined);
  }

  moveThreshold(label: string, to: number | undefined): void {
    this.store.set({ thresholds: moveThreshold(this.state.thresholds, label, to) });
  }

  /** Have images read somewhere else from now on. */
  readIn(where: Where): void {
    this.store.set({ where });
    this.#wake();
  }

  /** Predict the shown image without what a mask covers; `undefined` clears it. */
  erase(mask: Uint8Array | undefined): void {
    this.#eraser.erase(mask);
  }

  /** Read the shown image again for what the network saw, which is kept only for a few images. */
  async showSeen(): Promise<void> {
    const item = selectedItem(this.state);
    if (item === undefined || this.#engine === undefined) return;
    try {
      const { picture, seen } = await this.#engine.read(item.file, item.name, { force: true });
      this.#looking.keep(item.id, { item: item.id, picture, seen });
      await this.#looking.update();
    } catch (error) {
      this.say(itemError(error).message);
    }
  }

  #canRead(): boolean {
    return this.state.where === "server" || this.#engine !== undefined;
  }

  #wake(): void {
    void this.#reader.wake();
    void this.#looking.update();
  }

  async #read(item: ImageItem): Promise<ReadImage> {
    if (isForServer(item, this.state))
      return this.#doors.readOnServer(item, { withMaps: this.state.model.facts?.kind !== "network" });
    const started = performance.now();
    const {
      prediction: _,
      json,
      picture,
      seen,
      heatmaps,
      shape,
      region,
      ...places
    } = await this.#engine!.read(item.file, item.name, { force: item.force });
    if ("error" in json) throw new Error(json.error.message);
    this.#looking.keep(item.id, { item: item.id, picture, seen });
    const thumbnail = item.thumbnail ?? (await this.#doors.thumbnail(picture));
    const seconds = (performance.now() - started) / 1000;
    const known = shape[1] === 0 ? undefined : { ...places, shape };
    const reading = { json, heatmaps, shape, region, places: known, where: "browser" as const, seconds };
    return { reading, ...(thumbnail === undefined ? {} : { thumbnail }) };
  }
}

/** Whether an image is read on the server. Only this browser reads what a check refuses: the server's operator decides there. */
const isForServer = ({ force, isHere }: ImageItem, { where }: PageState): boolean =>
  where === "server" && !force && isHere !== true;

/** An item as it was before it was read. */
function unread({ id, name, file, force, thumbnail }: ImageItem): ImageItem {
  return { id, name, file, force, state: "waiting", ...(thumbnail === undefined ? {} : { thumbnail }) };
}
