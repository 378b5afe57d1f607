import { expect, test } from "vitest";
import { INITIAL_STATE, type PageState } from "../../../web/state/page-state.ts";
import { statusOf } from "../../../web/state/status.ts";
import { failedItem, item, readItem } from "./items.ts";

const ready = { state: "ready", name: "m.pth", isOwn: false } as const;
const status = (more: Partial<PageState>) => statusOf({ ...INITIAL_STATE, model: ready, ...more });

test("without images the page is idle once the model is there, and loading before", () => {
  expect(status({})).toEqual({ state: "idle", words: "Ready for an X-ray." });
  const progress = { done: 7_500_000, total: 30_000_000 };
  expect(status({ model: { ...ready, state: "loading", progress } })).toEqual({
    state: "loading",
    words: "Fetching the model: 7.5 MB of 30.0 MB.",
    share: 0.25,
  });
});

test("while images wait it is working, and says which one is read", () => {
  const items = [readItem(0), item(1, { state: "reading" }), item(2), item(3)];
  expect(status({ items })).toEqual({ state: "working", words: "Reading image 2 of 4.", share: 0.25 });
  const stopped = [readItem(0), item(1)];
  expect(status({ items: stopped, isPaused: true })).toMatchObject({
    state: "idle",
    words: "Stopped after 1 of 2 images.",
  });
});

test("it is done once all are read, also if some failed", () => {
  expect(status({ items: [readItem(0)] })).toEqual({ state: "done", words: "Read 1 image." });
  expect(status({ items: [failedItem(0), readItem(1)] }).state).toBe("done");
});

test("it has failed if the model has, or every image of the last drop", () => {
  expect(status({ model: { ...ready, state: "failed" } }).state).toBe("failed");
  const items = [readItem(0), failedItem(1), failedItem(2)];
  expect(status({ items, newest: 1 }).state).toBe("failed");
  expect(status({ items, newest: 0 }).state).toBe("done");
});

test("images that wait for the model are not said to be read", () => {
  expect(status({ items: [item(0)], model: { ...ready, state: "loading" } }).state).toBe("loading");
});
