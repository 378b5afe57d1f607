/**
 * The finer maps of what is shown, computed one after the other: those that the model's card names for the shown findings, or
 * by occlusion if the network is run and not understood.
 *
 * A map is begun in a quiet moment, so that nothing is computed for images and findings that are only passed by.
 *
 * Knows: the page's state and the engine.
 */

import type { Engine } from "./engine.ts";
import { comparedFinding, type FinerState, itemOf, type PageState, shownFinding } from "./page-state.ts";
import { isReading } from "./queue.ts";
import { Quiet } from "./quiet.ts";
import { itemError } from "./reader.ts";
import type { Store } from "./store.ts";

/** Maps that are kept: some for each picture that is kept. */
const KEPT = 40;

/**
 * A map is begun when the same findings were shown for a moment in which nothing was read. While a long list is read in the
 * background, a map that is looked at for longer is begun beside it.
 */
const TIMES = { quiet: 300, patience: 2000 };

/** A finding of an image whose map is shown. */
type View = Pick<FinerState, "item" | "finding">;

const isOf = (view: View | undefined) => (one: View) =>
  one.item === view?.item && one.finding === view.finding;

/** Keeps the finer maps of what is shown up to date. */
export class WantedMaps {
  readonly #store: Store<PageState>;
  readonly #engine: () => Engine | undefined;
  readonly #quiet: Quiet;
  /** The last ones, the newest last. */
  #known: readonly FinerState[] = [];
  /** What could not be computed since it is shown. It is tried again when it is shown the next time. */
  #failed: readonly FinerState[] = [];
  /** What is shown, to tell whether it is something else. */
  #shown = "";
  /** Whether a quiet moment has passed since it is shown. */
  #isDue = false;
  #isAtWork = false;
  /** Changes when everything is forgotten. */
  #turn = 0;

  constructor(store: Store<PageState>, engine: () => Engine | undefined) {
    this.#store = store;
    this.#engine = engine;
    this.#quiet = new Quiet(() => isReading(store.value.items), TIMES);
  }

  /** Forget everything: the model is another one, or the list was emptied. */
  forget(): void {
    this.#turn++;
    this.#quiet.cancel();
    this.#known = [];
    this.#failed = [];
    this.#shown = "";
    this.#isDue = false;
  }

  /** Show what is known, and see to the rest. To be called when something else is shown, and after each image was read. */
  update(): void {
    const shown = JSON.stringify(this.#views());
    if (shown === this.#shown) this.#quiet.stir();
    else {
      this.#shown = shown;
      this.#failed = [];
      this.#isDue = false;
      this.#quiet.wait(() => {
        this.#isDue = true;
        void this.#work();
      });
    }
    this.#show();
  }

  /**
   * The image that is shown and the one beside it, each with its finding if there is a map: one that the card names, or by
   * occlusion.
   */
  #views(): readonly [selected: View | undefined, compared: View | undefined] {
    const state = this.#store.value;
    const view = (id: number | undefined, finding: string | undefined): View | undefined => {
      const item = itemOf(state, id);
      if (item?.reading === undefined || finding === undefined) return undefined;
      const { kind, card } = this.#engine()?.facts ?? {};
      const isThere = kind === "network" || card?.maps?.findings[finding] !== undefined;
      return isThere ? { item: item.id, finding } : undefined;
    };
    return [view(state.selected, shownFinding(state)), view(state.compared, comparedFinding(state))];
  }

  /** What is known about the map of a view; undefined if there is none and none will come. */
  #of(view: View | undefined, before: FinerState | undefined): FinerState | undefined {
    if (view === undefined) return undefined;
    const found = [...this.#known, ...this.#failed].find(isOf(view));
    if (found !== undefined) return found;
    return before?.map === "coming" && isOf(view)(before) ? before : { ...view, map: "coming" };
  }

  #show(): void {
    const [selected, compared] = this.#views();
    const { finer, comparedFiner } = this.#store.value;
    this.#store.set({ finer: this.#of(selected, finer), comparedFiner: this.#of(compared, comparedFiner) });
  }

  /** The next view whose map is missing. */
  #next(): View | undefined {
    const settled = [...this.#known, ...this.#failed];
    return this.#views().find((view) => view !== undefined && !settled.some(isOf(view)));
  }

  async #work(): Promise<void> {
    if (this.#isAtWork) return;
    this.#isAtWork = true;
    try {
      for (let view = this.#next(); this.#isDue && view !== undefined; view = this.#next())
        await this.#compute(view);
    } finally {
      this.#isAtWork = false;
    }
  }

  async #compute(view: View): Promise<void> {
    const turn = this.#turn;
    const item = itemOf(this.#store.value, view.item)!;
    const outcome = await this.#engine()!.finer(item.file, item.name, view.finding).catch(itemError);
    if (turn !== this.#turn) return;
    const found = { ...view, map: outcome };
    if ("data" in outcome) this.#known = [...this.#known, found].slice(-KEPT);
    else if (this.#views().some((shown) => shown !== undefined && isOf(view)(shown)))
      this.#failed = [...this.#failed, found];
    this.#show();
  }
}
