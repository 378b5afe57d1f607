import { expect, test } from "vitest";
import { BatchLine } from "../../src/engine/batch-line.ts";
import { Slots } from "../../src/engine/slots.ts";

/** Work that ends when it is told to. */
function heldWork() {
  const batches: string[][] = [];
  const ends: (() => void)[] = [];
  const work = async (items: readonly string[]): Promise<string[]> => {
    batches.push([...items]);
    await new Promise<void>((resolve) => ends.push(resolve));
    if (items.includes("bad")) throw new Error("bad batch");
    return items.map((item) => item.toUpperCase());
  };
  const endNext = async () => {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { batches, work, endNext };
}
const byFirstLetter = (item: string): string => item[0]!;

test("the first item is done at once, and what came meanwhile is done together", async () => {
  const { batches, work, endNext } = heldWork();
  const line = new BatchLine({ most: 3, keyOf: () => "", work });
  const all = Promise.all(["a", "b", "c", "d", "e"].map((item) => line.add(item)));
  for (let i = 0; i < 3; i++) await endNext();
  expect(batches).toEqual([["a"], ["b", "c", "d"], ["e"]]);
  expect(await all).toEqual(["A", "B", "C", "D", "E"]);
});

test("as many batches are under way as may be, and each takes what waits", async () => {
  const { batches, work, endNext } = heldWork();
  const line = new BatchLine({ most: 2, atOnce: 2, keyOf: () => "", work });
  const all = Promise.all(["a", "b", "c", "d", "e"].map((item) => line.add(item)));
  expect(batches).toEqual([["a"], ["b"]]);
  await endNext();
  expect(batches).toEqual([["a"], ["b"], ["c", "d"]]);
  for (let i = 0; i < 3; i++) await endNext();
  expect(batches).toEqual([["a"], ["b"], ["c", "d"], ["e"]]);
  expect(await all).toEqual(["A", "B", "C", "D", "E"]);
});

test("the item that has waited longest chooses the batch, and only its like go with it", async () => {
  const { batches, work, endNext } = heldWork();
  const line = new BatchLine({ most: 8, keyOf: byFirstLetter, work });
  const all = Promise.all(["x1", "a1", "b1", "a2", "b2"].map((item) => line.add(item)));
  for (let i = 0; i < 3; i++) await endNext();
  expect(batches).toEqual([["x1"], ["a1", "a2"], ["b1", "b2"]]);
  expect(await all).toEqual(["X1", "A1", "B1", "A2", "B2"]);
});

test("a batch that fails fails for its own items only", async () => {
  const { work, endNext } = heldWork();
  const line = new BatchLine({ most: 8, keyOf: byFirstLetter, work });
  const all = Promise.allSettled(["x", "bad", "c"].map((item) => line.add(item)));
  for (let i = 0; i < 3; i++) await endNext();
  expect((await all).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});

test("an item leaves the line when its signal says so, and nobody waits for one in work", async () => {
  const { batches, work, endNext } = heldWork();
  const line = new BatchLine({ most: 8, keyOf: () => "", work });
  const leaving = new AbortController();
  const all = Promise.allSettled([
    line.add("a", leaving.signal),
    line.add("b", leaving.signal),
    line.add("c"),
  ]);
  leaving.abort(new Error("gone"));
  for (let i = 0; i < 2; i++) await endNext();
  expect(batches).toEqual([["a"], ["c"]]);
  expect((await all).map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
  await expect(line.add("d", leaving.signal)).rejects.toThrow("gone");
});

test("no more pieces of work than slots are under way, and a wait can be given up", async () => {
  const slots = new Slots(2);
  let [now, most] = [0, 0];
  const work = async () => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setTimeout(resolve, 5));
    now -= 1;
  };
  const leaving = new AbortController();
  const all = Promise.allSettled([
    slots.run(work),
    slots.run(() => Promise.reject(new Error("failed"))),
    slots.run(work, leaving.signal),
    slots.run(work),
    slots.run(work),
  ]);
  leaving.abort(new Error("gone"));
  expect((await all).map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "rejected",
    "fulfilled",
    "fulfilled",
  ]);
  expect(most).toBe(2);
});
