/** Streams that are read to their end. */

import { expect, test } from "vitest";
import { collect } from "../../../web/storage/collect.ts";

const streamOf = (...parts: readonly number[][]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(Uint8Array.from(part));
      controller.close();
    },
  });

test.each([
  ["as many bytes as expected", 5],
  ["more bytes than expected", 2],
  ["fewer bytes than expected", 9],
  ["nobody knows how many", 0],
])("%s", async (_, expected) => {
  const seen: number[] = [];
  const bytes = await collect(streamOf([1, 2], [3], [4, 5]), expected, (done) => seen.push(done));
  expect([...bytes]).toEqual([1, 2, 3, 4, 5]);
  expect(seen).toEqual([2, 3, 5]);
});

test("an empty stream", async () => {
  expect(await collect(streamOf(), 3, () => undefined)).toHaveLength(0);
});
