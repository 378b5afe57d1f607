import { afterEach, expect, test } from "vitest";
import { ContainedPreparation } from "../../src/engine/contained-preparation.ts";
import type { CheckedImage, ImagePreparer, ImageRequest } from "../../src/engine/ports.ts";
import { asXrayError } from "../../src/errors.ts";
import { ThreadPool } from "../../src/node/thread-pool.ts";

/** A preparer on real threads that die of the byte 0. */
function open(threads: number): ImagePreparer {
  const script = new URL("hostile-worker.mjs", import.meta.url);
  const pool = new ThreadPool<ImageRequest, CheckedImage>({ script, threads, data: undefined });
  return {
    usePreparation: () => undefined,
    prepare: (request) => pool.ask(request),
    close: () => pool.close(),
  };
}

let preparation: ContainedPreparation;
afterEach(() => preparation.close());

/** What becomes of images of one byte each: the byte, or the error's code. */
async function outcomesOf(bytes: readonly number[]): Promise<unknown[]> {
  return Promise.all(
    bytes.map(async (byte) => {
      const request = { source: new Uint8Array([byte]), check: true };
      const prepared = preparation.prepare(request, () => undefined, undefined);
      return prepared.then(
        (image) => (image as unknown as { byte: number }).byte,
        (error: unknown) => asXrayError(error).code,
      );
    }),
  );
}

test("images that kill their thread fail, and all others that the thread had are prepared", async () => {
  preparation = new ContainedPreparation(open(2), () => open(1));
  const bytes = Array.from({ length: 40 }, (_, i) => (i % 13 === 5 ? 0 : i + 1));
  const expected = bytes.map((byte) => (byte === 0 ? "thread/ended" : byte));
  expect(await outcomesOf(bytes)).toEqual(expected);
  expect(await outcomesOf([1, 2, 3])).toEqual([1, 2, 3]);
});
