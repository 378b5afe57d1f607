/** Training on a full disk: a small one in memory, which only root may mount. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk } from "./run.ts";
import { filesBelow, furnish, metricsOf, outcome, trainOn } from "./train-data.ts";

let desk: Desk;
const mounted: string[] = [];
beforeAll(async () => {
  desk = new Desk();
  await furnish(desk);
});
afterAll(() => {
  for (const path of mounted) spawnSync("umount", [path]);
  desk.remove();
});

/** Mount a disk of this size on a folder of the desk. False where that is not allowed. */
function mount(name: string, size: string): boolean {
  mkdirSync(desk.path(name));
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", desk.path(name)]);
  if (status === 0) mounted.push(desk.path(name));
  return status === 0;
}

test("a disk without room for the model: one line, and no half-written file", async ({ skip }) => {
  skip(!mount("small", "8m"), "needs root, to mount a small disk");
  const { code, stdout, stderr } = await trainOn(desk, "--out small/run");
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: "",
    stderr: "medical-x: small/run/model.safetensors: the disk is full\n",
  });
  expect(filesBelow(desk, "small/run")).toEqual(["config.json", "last"]);
});

test("a disk without room for features: refused before they are computed, with the way on", async ({
  skip,
}) => {
  skip(!mount("tiny", "16k"), "needs root, to mount a small disk");
  const { code, stderr } = await trainOn(desk, "--out elsewhere", {
    env: { MEDICAL_X_CACHE: desk.path("tiny") },
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^medical-x: .*: the features of 18 images need .*, but only .* are free; /);
  expect(stderr).toContain("MEDICAL_X_CACHE, or train without it (--feature-cache off)\n");
  expect(existsSync(desk.path("elsewhere/model.safetensors"))).toBe(false);
});

test("a disk that is full in a later epoch leaves the run as it was; with room again, it goes on to the same bytes", async ({
  skip,
}) => {
  // Two models of 28 MB fit, but not a third one beside them. Without validation, each epoch writes both.
  skip(!mount("middle", "70m"), "needs root, to mount a small disk");
  const settings = "--val-fraction 0 --epochs 3";
  const full = await trainOn(desk, `${settings} --out middle/run`);
  expect(full.code).toBe(1);
  expect(full.stderr).toMatch(
    /^epoch 1\/3: .*\nmedical-x: middle\/run\/model\.safetensors: the disk is full\n$/,
  );
  expect(metricsOf(desk, "middle/run")).toHaveLength(1);
  expect(filesBelow(desk, "middle/run").filter((name) => name.endsWith(".part"))).toEqual([]);
  spawnSync("mount", ["-o", "remount,size=200m", desk.path("middle")]);
  expect((await trainOn(desk, `${settings} --out middle/run --resume`)).code).toBe(0);
  expect((await trainOn(desk, `${settings} --out whole`)).code).toBe(0);
  expect(outcome(desk, "middle/run")).toEqual(outcome(desk, "whole"));
});
