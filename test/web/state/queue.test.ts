import { expect, test } from "vitest";
import { nextItem, tally } from "../../../web/state/queue.ts";
import { failedItem, item, readItem } from "./items.ts";

const waiting = [readItem(0), item(1), failedItem(2), item(3), item(4)];

test("the image that is looked at is read first, then the one beside it, then the others in order", () => {
  expect(nextItem(waiting, [4, 3], false)?.id).toBe(4);
  expect(nextItem(waiting, [0, 3], false)?.id).toBe(3);
  expect(nextItem(waiting, [0, undefined], false)?.id).toBe(1);
});

test("while the work is stopped, only what is looked at is read", () => {
  expect(nextItem(waiting, [3, undefined], true)?.id).toBe(3);
  expect(nextItem(waiting, [0, undefined], true)).toBeUndefined();
});

test("nothing is read twice, nor what has failed", () => {
  expect(nextItem([readItem(0), failedItem(1)], [0, 1], false)).toBeUndefined();
});

test("a tally counts each image once", () => {
  const items = [...waiting, item(5, { state: "reading" })];
  expect(tally(items)).toEqual({ total: 6, done: 1, failed: 1, waiting: 3, reading: 1 });
});
