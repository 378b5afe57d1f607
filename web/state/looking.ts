/**
 * What is looked at: the pictures of the shown images, of which only the last few are kept, and the finer map of the chosen
 * finding.
 *
 * Knows: the page's state and the engine.
 */

import type { ViewerPicture } from "../engine/reading.ts";
import type { Engine } from "./engine.ts";
import { type ImageItem, isFinished } from "./item.ts";
import { itemOf, type PageState, type ShownPicture, selectedItem, shownFinding } from "./page-state.ts";
import { itemError } from "./reader.ts";
import { Recent } from "./recent.ts";
import type { Store } from "./store.ts";

/** Pictures that are kept in memory: the two that may be shown, and a few that the user may go back to. */
const PICTURES = 6;
/** Finer maps that are kept: some for each picture. */
const FINER = 40;

type Finer = NonNullable<PageState["finer"]>;

/** Keeps pictures and maps of what is shown up to date. */
export class Looking {
  readonly #store: Store<PageState>;
  readonly #engine: () => Engine | undefined;
  readonly #thumbnail: (picture: ViewerPicture) => Promise<string | undefined>;
  readonly #pictures = new Recent<ShownPicture>(PICTURES);
  #finer: Finer[] = [];
  /** What is being computed; further wishes wait. */
  readonly #underWay = new Set<string>();

  constructor(
    store: Store<PageState>,
    engine: () => Engine | undefined,
    thumbnail: (picture: ViewerPicture) => Promise<string | undefined>,
  ) {
    this.#store = store;
    this.#engine = engine;
    this.#thumbnail = thumbnail;
  }

  /** Keep a picture that came with a reading. */
  keep(id: number, picture: ShownPicture): void {
    this.#pictures.put(id, picture);
  }

  /** Forget everything. */
  forget(): void {
    this.#pictures.clear();
    this.#finer = [];
  }

  /** Bring what is shown up to date with what is selected. */
  async update(): Promise<void> {
    const state = this.#store.value;
    this.#show();
    await Promise.all([
      this.#fetchPicture(itemOf(state, state.selected)),
      this.#fetchPicture(itemOf(state, state.compared)),
      this.#fetchFiner(),
    ]);
  }

  #show(): void {
    const { selected, compared, picture, comparedPicture } = this.#store.value;
    const found = (id: number | undefined, before: ShownPicture | undefined) => {
      if (id === undefined) return undefined;
      // The last picture stays until the next one is there, so that the page does not flicker.
      return this.#pictures.get(id) ?? (before?.item === id ? before : undefined);
    };
    this.#store.set({
      picture: found(selected, picture),
      comparedPicture: found(compared, comparedPicture),
      finer: this.#finerNow(),
    });
  }

  #finerNow(): Finer | undefined {
    const state = this.#store.value;
    const finding = shownFinding(state);
    return this.#finer.find((one) => one.item === state.selected && one.finding === finding);
  }

  /** Decode an image whose picture was dropped from memory, or which was read on the server. */
  async #fetchPicture(item: ImageItem | undefined): Promise<void> {
    const engine = this.#engine();
    if (item === undefined || engine === undefined || !isFinished(item)) return;
    if (this.#pictures.get(item.id) !== undefined) return;
    await this.#once(`picture ${item.id}`, async () => {
      try {
        const picture = await engine.look(item.file, item.name);
        this.keep(item.id, { item: item.id, picture, seen: undefined });
        this.#show();
        await this.#addThumbnail(item, picture);
      } catch {
        // Why it cannot be read is shown already: it has failed.
      }
    });
  }

  /** An image that was read on the server has none yet. */
  async #addThumbnail({ id, thumbnail: known }: ImageItem, picture: ViewerPicture): Promise<void> {
    if (known !== undefined) return;
    const thumbnail = await this.#thumbnail(picture);
    if (thumbnail === undefined) return;
    const { items } = this.#store.value;
    this.#store.set({ items: items.map((item) => (item.id === id ? { ...item, thumbnail } : item)) });
  }

  async #fetchFiner(): Promise<void> {
    const engine = this.#engine();
    const item = selectedItem(this.#store.value);
    const finding = shownFinding(this.#store.value);
    if (engine === undefined || item?.reading === undefined || finding === undefined) return;
    const { kind, card } = engine.facts;
    const isThere = kind === "network" || card.maps?.findings[finding] !== undefined;
    if (!isThere || this.#finerNow() !== undefined) return;
    const put = (map: Finer["map"]) => {
      this.#finer = this.#finer.filter((one) => one.item !== item.id || one.finding !== finding);
      this.#finer = [...this.#finer, { item: item.id, finding, map }].slice(-FINER);
      this.#show();
    };
    await this.#once(`finer ${item.id} ${finding}`, async () => {
      put("coming");
      try {
        put(await engine.finer(item.file, item.name, finding));
      } catch (error) {
        put(itemError(error));
      }
    });
  }

  /** Do something unless it is under way. */
  async #once(name: string, work: () => Promise<void>): Promise<void> {
    if (this.#underWay.has(name)) return;
    this.#underWay.add(name);
    try {
      await work();
    } finally {
      this.#underWay.delete(name);
    }
  }
}
