/**
 * Predicts the shown image without the part that is erased. While one mask is computed, only the last of those that follow
 * waits.
 *
 * Knows: the page's state and the engine.
 */

import type { Engine } from "./engine.ts";
import { type PageState, selectedItem } from "./page-state.ts";
import { itemError } from "./reader.ts";
import type { Store } from "./store.ts";

/** Computes masks; the last one wins. */
export class Eraser {
  readonly #store: Store<PageState>;
  readonly #engine: () => Engine | undefined;
  #wanted: Uint8Array | undefined;
  #isAtWork = false;
  #turn = 0;

  constructor(store: Store<PageState>, engine: () => Engine | undefined) {
    this.#store = store;
    this.#engine = engine;
  }

  /** Erase what a mask covers: 1 for each pixel that is erased. Undefined or all 0: nothing is erased. */
  erase(mask: Uint8Array | undefined): void {
    const item = selectedItem(this.#store.value);
    if (mask === undefined || item?.reading === undefined || !mask.includes(1)) {
      this.clear();
      return;
    }
    this.#wanted = mask;
    const before = this.#store.value.erased;
    this.#store.set({
      erased: { ...(before?.item === item.id ? before : { item: item.id }), isPending: true },
    });
    void this.#work();
  }

  /** Forget what was erased. */
  clear(): void {
    this.#wanted = undefined;
    this.#turn++;
    this.#store.set({ erased: undefined });
  }

  async #work(): Promise<void> {
    if (this.#isAtWork) return;
    this.#isAtWork = true;
    try {
      while (this.#wanted !== undefined) await this.#one(this.#wanted);
    } finally {
      this.#isAtWork = false;
    }
  }

  async #one(mask: Uint8Array): Promise<void> {
    const turn = this.#turn;
    this.#wanted = undefined;
    const item = selectedItem(this.#store.value);
    const engine = this.#engine();
    if (item === undefined || engine === undefined) return;
    const put = (outcome: Partial<NonNullable<PageState["erased"]>>) => {
      if (turn !== this.#turn) return;
      this.#store.set({ erased: { item: item.id, isPending: this.#wanted !== undefined, ...outcome } });
    };
    try {
      put({ reading: await engine.erase(item.file, item.name, mask) });
    } catch (error) {
      put({ error: itemError(error) });
    }
  }
}
