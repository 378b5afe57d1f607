/**
 * Reads the images of the list in the background, one after the other, the one that is looked at first.
 *
 * Knows: the list, and how one image is read. Not engines, pictures or elements.
 */

import { isRefusal } from "../../src/engine/refused.ts";
import { asXrayError } from "../../src/errors.ts";
import type { ImageItem, ItemError, KeptReading } from "./item.ts";
import type { PageState } from "./page-state.ts";
import { nextItem } from "./queue.ts";
import type { Store } from "./store.ts";

/** What became of an image. */
export interface ReadImage {
  readonly reading: KeptReading;
  readonly thumbnail?: string;
}

/** Reads one image. */
export type ReadOne = (item: ImageItem) => Promise<ReadImage>;

/** How a refusal ends in words that suit a program; the page has a button for it. */
const WAY_ON = /; choose another image, .*$/;

/** An error as the list keeps it. */
export function itemError(error: unknown): ItemError {
  const known = asXrayError(error);
  const { code, message } = known;
  return {
    code,
    message,
    ...(isRefusal(known) ? { refusal: { reason: message.replace(WAY_ON, ".") } } : {}),
  };
}

/** Works until nothing waits. Call `wake` when something may be waiting. */
export class Reader {
  readonly #store: Store<PageState>;
  readonly #read: ReadOne;
  readonly #isReady: () => boolean;
  readonly #onRead: () => void;
  #isAwake = false;

  /**
   * @param isReady  Whether images can be read now.
   * @param onRead   Called after each image.
   */
  constructor(store: Store<PageState>, read: ReadOne, isReady: () => boolean, onRead: () => void = () => {}) {
    this.#store = store;
    this.#read = read;
    this.#isReady = isReady;
    this.#onRead = onRead;
  }

  /** Begin unless the work is under way. Resolves when nothing waits any more. */
  async wake(): Promise<void> {
    if (this.#isAwake) return;
    this.#isAwake = true;
    try {
      for (let item = this.#next(); item !== undefined; item = this.#next()) {
        await this.#one(item);
        this.#onRead();
      }
    } finally {
      this.#isAwake = false;
    }
  }

  #next(): ImageItem | undefined {
    const { items, selected, compared, isPaused } = this.#store.value;
    return this.#isReady() ? nextItem(items, [selected, compared], isPaused) : undefined;
  }

  async #one(item: ImageItem): Promise<void> {
    this.#replace({ ...item, state: "reading" });
    let outcome: ReadImage | ItemError;
    try {
      outcome = await this.#read(item);
    } catch (error) {
      outcome = itemError(error);
    }
    this.#replace(
      "reading" in outcome
        ? { ...item, state: "done", ...outcome }
        : { ...item, state: "failed", error: outcome },
    );
  }

  /** Put an item in the place of the one with its number, which may have been removed in the meantime. */
  #replace(item: ImageItem): void {
    const { items } = this.#store.value;
    this.#store.set({ items: items.map((other) => (other.id === item.id ? item : other)) });
  }
}
