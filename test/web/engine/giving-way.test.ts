/** How one worker gives way to another. */

import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import type { Session } from "../../../src/graph/session.ts";
import { float32 } from "../../../src/tensor.ts";
import { BusyCount, givingWay } from "../../../web/engine/giving-way.ts";

/** Longer than any test may take. */
const EVER = 1e9;

test("nothing is waited for when no call is under way, before or after", async () => {
  const busy = new BusyCount();
  busy.waitUntilFree(EVER);
  await busy.during(Promise.resolve());
  await expect(busy.during(Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  new BusyCount(busy.memory).waitUntilFree(EVER);
});

test("while a call is under way, a thread waits for as long as it is patient", async () => {
  const busy = new BusyCount();
  let end = () => {};
  const call = busy.during(
    new Promise<void>((resolve) => {
      end = resolve;
    }),
  );
  const start = performance.now();
  busy.waitUntilFree(20);
  expect(performance.now() - start).toBeGreaterThanOrEqual(19);
  end();
  await call;
  busy.waitUntilFree(EVER);
});

test("the last call that ends on one thread lets the other go on", async () => {
  const busy = new BusyCount();
  const count = new Int32Array(busy.memory);
  Atomics.store(count, 0, 2);
  const script = `
    const count = new Int32Array(require("node:worker_threads").workerData);
    for (let i = 0; i < 2; i++) { Atomics.sub(count, 0, 1); Atomics.notify(count, 0); }
  `;
  const other = new Worker(script, { eval: true, workerData: busy.memory });
  busy.waitUntilFree(EVER);
  expect(count[0]).toBe(0);
  await other.terminate();
});

test("a session gives way before it is started, and before each run, and is otherwise the same", async () => {
  const order: string[] = [];
  const result = { y: float32([1], Float32Array.of(3)) };
  const session: Session = {
    outputNames: ["y"],
    run: async (feeds, outputs) => {
      order.push(`run ${Object.keys(feeds)} → ${outputs}`);
      return result;
    },
    release: async () => void order.push("release"),
  };
  const createSession = async (model: unknown, options: unknown) => {
    order.push(`start ${model} ${JSON.stringify(options)}`);
    return session;
  };
  const polite = await givingWay(createSession, () => order.push("give way"))(Uint8Array.of(7), {
    threads: 1,
  });
  expect(polite.outputNames).toEqual(["y"]);
  expect(await polite.run({ x: result.y }, ["y"])).toBe(result);
  await polite.run({ x: result.y }, ["y"]);
  await polite.release();
  expect(order).toEqual([
    ...["give way", 'start 7 {"threads":1}', "give way", "run x → y", "give way", "run x → y", "release"],
  ]);
});
