import { expect, test } from "vitest";
import { refused } from "../../../src/engine/refused.ts";
import { inFile, XrayError } from "../../../src/errors.ts";
import type { ImageItem } from "../../../web/state/item.ts";
import { INITIAL_STATE, type PageState } from "../../../web/state/page-state.ts";
import { Reader, type ReadImage } from "../../../web/state/reader.ts";
import { Store } from "../../../web/state/store.ts";
import { item, readingOf } from "./items.ts";

/** A reader whose images are read when the test says so. */
function reading(count: number, more: Partial<PageState> = {}) {
  const items = Array.from({ length: count }, (_, id) => item(id));
  const store = new Store<PageState>({ ...INITIAL_STATE, items, ...more });
  const begun: number[] = [];
  let finish: ((outcome: ReadImage | Error) => void) | undefined;
  const readOne = ({ id }: ImageItem) => {
    begun.push(id);
    return new Promise<ReadImage>((resolve, reject) => {
      finish = (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome));
    });
  };
  const reader = new Reader(store, readOne, () => true);
  const states = () => store.value.items.map(({ state }) => state);
  const next = async (outcome?: Error) => {
    finish!(outcome ?? { reading: readingOf(`${begun.at(-1)}.png`) });
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { store, reader, begun, states, next };
}

test("images are read one after the other; one that fails keeps its place and its reason", async () => {
  const { reader, begun, states, next, store } = reading(3);
  const ended = reader.wake();
  expect(states()).toEqual(["reading", "waiting", "waiting"]);
  await next();
  await next(new XrayError("dicom/damaged", "1.png: the file is damaged", {}));
  await next();
  await ended;
  expect(begun).toEqual([0, 1, 2]);
  expect(states()).toEqual(["done", "failed", "done"]);
  expect(store.value.items[1]!.error).toEqual({
    code: "dicom/damaged",
    message: "1.png: the file is damaged",
  });
});

test("the image that the user turns to is read next", async () => {
  const { reader, begun, next, store } = reading(4);
  void reader.wake();
  store.set({ selected: 3 });
  await next();
  await next();
  expect(begun).toEqual([0, 3, 1]);
});

test("stopped work ends after the image that is under way, and goes on where it was", async () => {
  const { reader, begun, states, next, store } = reading(3);
  const ended = reader.wake();
  store.set({ isPaused: true });
  await next();
  await ended;
  expect(states()).toEqual(["done", "waiting", "waiting"]);
  store.set({ isPaused: false });
  void reader.wake();
  await next();
  await next();
  expect(begun).toEqual([0, 1, 2]);
  expect(states()).toEqual(["done", "done", "done"]);
});

test("a list that is emptied while an image is read stays empty", async () => {
  const { reader, next, store } = reading(2);
  const ended = reader.wake();
  store.set({ items: [] });
  await next();
  await ended;
  expect(store.value.items).toEqual([]);
});

test("a refusal by a check can be overruled, other failures cannot", async () => {
  const { reader, next, store } = reading(2);
  void reader.wake();
  await next(
    inFile("0.png", refused({ check: "frontal-chest", outcome: "refuse", reason: "It looks like a hand." })),
  );
  await next(new XrayError("dicom/damaged", "1.png: damaged", {}));
  expect(store.value.items[0]!.error?.refusal).toEqual({ reason: "0.png: It looks like a hand." });
  expect(store.value.items[1]!.error?.refusal).toBeUndefined();
});
