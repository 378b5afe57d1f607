/** One process at a time works in a run's folder, or draws into a folder of phantoms. */

import { readdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { identityText, ownIdentity } from "../../src/node/process-identity.ts";
import { Desk, words } from "./run.ts";
import { filesBelow, furnish, outcome, trainOn } from "./train-data.ts";

let desk: Desk;
beforeAll(async () => {
  desk = new Desk();
  await furnish(desk);
});
afterAll(() => desk.remove());

/** The claim of a process on another host that was just touched. */
const FAR_AWAY = `0123456789abcdef\n${identityText({ ...ownIdentity(), host: "far-away", system: "another-boot pid:[1]", pid: 7 })}`;

test("of two trainings into one folder at once, one trains and the other is refused; the run is as if alone", async () => {
  expect((await trainOn(desk, "--out alone")).code).toBe(0);
  const both = await Promise.all([1, 2].map(() => trainOn(desk, "--out shared")));
  expect(both.map(({ code }) => code).sort()).toEqual([0, 1]);
  const { stderr } = both.find(({ code }) => code === 1)!;
  expect(stderr).toMatch(
    /^medical-x: shared: (process \d+ on \S+ is at work in this folder; wait until it has ended, or name another \(--out\)\.|there is a run in this folder)/m,
  );
  expect(outcome(desk, "shared")).toEqual(outcome(desk, "alone"));
  expect(filesBelow(desk, "shared").filter((name) => /lock|part/.test(name))).toEqual([]);
});

test("a run that another host is at work on is not resumed, and nothing of it changes", async () => {
  expect((await trainOn(desk, "--out far")).code).toBe(0);
  desk.put("far/run.lock", FAR_AWAY);
  const before = outcome(desk, "far");
  const { code, stderr } = await trainOn(desk, "--out far --resume");
  expect(code).toBe(1);
  expect(stderr).toContain("medical-x: far: process 7 on far-away is at work in this folder");
  desk.put("far2/run.lock", FAR_AWAY);
  const fresh = await trainOn(desk, "--out far2");
  expect(fresh.code).toBe(1);
  expect(fresh.stderr).toContain(
    "medical-x: far2: process 7 on far-away is at work in this folder; wait until it has ended, or name another (--out). If it does not run any more, remove far2/run.lock\n",
  );
  expect(outcome(desk, "far")).toEqual(before);
  expect(readdirSync(desk.path("far2")).sort()).toEqual(["last", "run.lock"]);
});

test("phantoms are drawn into a folder by one process at a time", async () => {
  const line = "data phantom --count 12 --size 64 --out phantoms";
  const both = await Promise.all([1, 2].map(() => desk.run(words(line))));
  const failed = both.filter(({ code }) => code !== 0);
  // The second may come after the first has ended, and finds all done.
  for (const { stderr } of failed) expect(stderr).toMatch(/is at work in this folder/);
  expect(failed.length).toBeLessThan(2);
  expect(filesBelow(desk, "phantoms").filter((name) => /lock|part|journal/.test(name))).toEqual([]);
  desk.put("drawn/phantom.lock", FAR_AWAY);
  const refused = await desk.run(words(line.replace("phantoms", "drawn")));
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("drawn: process 7 on far-away is at work in this folder");
  expect(readdirSync(desk.path("drawn"))).toEqual(["phantom.lock"]);
});
