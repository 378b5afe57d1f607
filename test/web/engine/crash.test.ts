/** Which failures end the worker. */

import { expect, test } from "vitest";
import { XrayError } from "../../../src/errors.ts";
import { crashOf } from "../../../web/engine/crash.ts";

test.each([
  [new RangeError("Array buffer allocation failed")],
  [new Error("std::bad_alloc")],
  [new Error("Aborted(OOM). Build with -sASSERTIONS for more info.")],
  [new Error("Aborted(Cannot enlarge memory arrays)")],
  [new Error("memory access out of bounds")],
  [new XrayError("internal/unexpected", "x.png: boom", {}, new RangeError("Out of memory"))],
])("%s: the engine is started anew", (error) => {
  const crash = crashOf("x.png", error)!;
  expect(crash.code).toBe("browser/worker-failed");
  expect(crash.message).toMatch(/^x\.png: .*; the engine is started anew for the next image; /);
});

test("a crash on a finer map says so", () => {
  expect(crashOf("x.png", new RangeError("Out of memory"), "map")?.message).toMatch(
    /^x\.png: memory ran out while its finer map was computed; the engine is started anew for the next map; /,
  );
});

test("a trap of WebAssembly is a crash, whatever it says", async () => {
  // (module (func (export "f") unreachable))
  const bytes = Uint8Array.of(
    ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0],
    ...[10, 5, 1, 3, 0, 0, 11],
  );
  // biome-ignore lint/suspicious/noExplicitAny: Node's types leave WebAssembly to a browser's
  const { instance } = await (globalThis as any).WebAssembly.instantiate(bytes);
  let trap: unknown;
  try {
    instance.exports.f();
  } catch (error) {
    trap = error;
  }
  expect(crashOf("x.png", trap)?.code).toBe("browser/worker-failed");
});

test.each([
  [new XrayError("raster/damaged", "x.png: the png image cannot be decoded (bad CRC)")],
  [new XrayError("input/not-frontal-chest", "x.png: this is no chest X-ray")],
  [new Error("anything else")],
  [Object.assign(new Error("This operation was aborted"), { name: "AbortError" })],
])("%s: the engine goes on", (error) => {
  expect(crashOf("x.png", error)).toBeUndefined();
});
