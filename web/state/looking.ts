/**
 * What is looked at: the pictures of the shown images, of which only the last few are kept, and their finer maps.
 *
 * Knows: the page's state and the engine.
 */

import type { ViewerPicture } from "../engine/reading.ts";
import type { Engine } from "./engine.ts";
import { type ImageItem, isFinished } from "./item.ts";
import { itemOf, type PageState, type ShownPicture } from "./page-state.ts";
import { Recent } from "./recent.ts";
import type { Store } from "./store.ts";
import { WantedMaps } from "./wanted-maps.ts";

/** Pictures that are kept in memory: the two that may be shown, and a few that the user may go back to. */
const PICTURES = 6;

/** Keeps what is shown up to date. */
export class Looking {
  readonly #store: Store<PageState>;
  readonly #engine: () => Engine | undefined;
  readonly #thumbnail: (picture: ViewerPicture) => Promise<string | undefined>;
  readonly #pictures = new Recent<ShownPicture>(PICTURES);
  readonly #maps: WantedMaps;
  /** Items that are being decoded. */
  readonly #underWay = new Set<number>();

  constructor(
    store: Store<PageState>,
    engine: () => Engine | undefined,
    thumbnail: (picture: ViewerPicture) => Promise<string | undefined>,
  ) {
    this.#store = store;
    this.#engine = engine;
    this.#thumbnail = thumbnail;
    this.#maps = new WantedMaps(store, engine);
  }

  /** Keep a picture that came with a reading. */
  keep(id: number, picture: ShownPicture): void {
    this.#pictures.put(id, picture);
  }

  /** Forget everything. */
  forget(): void {
    this.#pictures.clear();
    this.#maps.forget();
  }

  /** Bring what is shown up to date with what is selected. */
  async update(): Promise<void> {
    const state = this.#store.value;
    this.#show();
    this.#maps.update();
    await Promise.all([
      this.#fetchPicture(itemOf(state, state.selected)),
      this.#fetchPicture(itemOf(state, state.compared)),
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
    });
  }

  /** Decode an image whose picture was dropped from memory, or which was read on the server. */
  async #fetchPicture(item: ImageItem | undefined): Promise<void> {
    const engine = this.#engine();
    if (item === undefined || engine === undefined || !isFinished(item)) return;
    if (this.#pictures.get(item.id) !== undefined || this.#underWay.has(item.id)) return;
    this.#underWay.add(item.id);
    try {
      const picture = await engine.look(item.file, item.name);
      this.keep(item.id, { item: item.id, picture, seen: undefined });
      this.#show();
      await this.#addThumbnail(item, picture);
    } catch {
      // Why it cannot be read is shown already: it has failed.
    } finally {
      this.#underWay.delete(item.id);
    }
  }

  /** An image that was read on the server has none yet. */
  async #addThumbnail({ id, thumbnail: known }: ImageItem, picture: ViewerPicture): Promise<void> {
    if (known !== undefined) return;
    const thumbnail = await this.#thumbnail(picture);
    if (thumbnail === undefined) return;
    const { items } = this.#store.value;
    this.#store.set({ items: items.map((item) => (item.id === id ? { ...item, thumbnail } : item)) });
  }
}
