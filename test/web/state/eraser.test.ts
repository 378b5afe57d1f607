import { expect, test } from "vitest";
import type { ErasedReading } from "../../../web/engine/reading.ts";
import type { Engine } from "../../../web/state/engine.ts";
import { Eraser } from "../../../web/state/eraser.ts";
import { INITIAL_STATE, type PageState } from "../../../web/state/page-state.ts";
import { Store } from "../../../web/state/store.ts";
import { readItem } from "./items.ts";

const mask = (...pixels: number[]) => Uint8Array.from(pixels);

/** An eraser whose engine answers when the test says so. */
function erasing() {
  const store = new Store<PageState>({ ...INITIAL_STATE, items: [readItem(0), readItem(1)], selected: 0 });
  const asked: Uint8Array[] = [];
  const answers: ((mass: number) => void)[] = [];
  const erase: Engine["erase"] = (_image, _name, wanted) => {
    asked.push(wanted);
    return new Promise((resolve) => {
      answers.push((mass) => resolve({ probabilities: { Mass: mass } } as unknown as ErasedReading));
    });
  };
  const eraser = new Eraser(store, () => ({ erase }) as unknown as Engine);
  const answer = async (mass: number) => {
    answers.shift()!(mass);
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { store, eraser, asked, answer };
}

test("while a mask is computed, only the last of those that follow waits", async () => {
  const { store, eraser, asked, answer } = erasing();
  for (const wanted of [mask(1, 0, 0), mask(1, 1, 0), mask(1, 1, 1)]) eraser.erase(wanted);
  expect(store.value.erased).toEqual({ item: 0, isPending: true });
  await answer(0.4);
  expect(store.value.erased).toMatchObject({ isPending: true, reading: { probabilities: { Mass: 0.4 } } });
  await answer(0.2);
  expect(store.value.erased).toMatchObject({ isPending: false, reading: { probabilities: { Mass: 0.2 } } });
  expect(asked).toEqual([mask(1, 0, 0), mask(1, 1, 1)]);
});

test("an answer that comes after everything was cleared is forgotten", async () => {
  const { store, eraser, answer } = erasing();
  eraser.erase(mask(1));
  eraser.erase(mask(0));
  expect(store.value.erased).toBeUndefined();
  await answer(0.4);
  expect(store.value.erased).toBeUndefined();
});

test("what was erased from one image is not said of another", async () => {
  const { store, eraser, asked, answer } = erasing();
  eraser.erase(mask(1));
  store.set({ selected: 1 });
  eraser.clear();
  eraser.erase(mask(0, 1));
  await answer(0.4);
  expect(store.value.erased).toEqual({ item: 1, isPending: true });
  await answer(0.3);
  expect(store.value.erased).toMatchObject({ item: 1, reading: { probabilities: { Mass: 0.3 } } });
  expect(asked).toHaveLength(2);
});
