/**
 * A prediction leaves no files behind that nobody asked for. The network is watched in test/privacy.
 */

import { mkdirSync, readdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk, words } from "./run.ts";
import { greyPng } from "./xrays.ts";

const desk = new Desk();
afterAll(() => desk.remove());
beforeAll(async () => {
  desk.put("work/x.png", await greyPng());
  mkdirSync(desk.path("home"));
  mkdirSync(desk.path("tmp"));
});

test("the home folder, the working directory and that of temporary files stay as they were", async () => {
  // ONNX Runtime reports its use only if `CI` is not set. An empty value counts as not set.
  const env = { HOME: desk.path("home"), TMPDIR: desk.path("tmp"), CI: "", ORT_DISABLE_TELEMETRY: "0" };
  const { code } = await desk.run(words("predict --image work/x.png --model demo"), { env });
  expect(code).toBe(0);
  expect(["home", "tmp", "work"].map((name) => readdirSync(desk.path(name)))).toEqual([[], [], ["x.png"]]);
  expect(readdirSync(desk.folder).sort()).toEqual(["home", "tmp", "work"]);
});
