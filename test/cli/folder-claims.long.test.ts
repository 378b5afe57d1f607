/** Only one process at a time works in a run's folder, draws into a folder of phantoms, or writes a report. */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { identityText, ownIdentity } from "../../src/node/process-identity.ts";
import { fixtureBytes } from "../fixtures.ts";
import { Desk, words } from "./run.ts";
import { filesBelow, furnish, outcome, trainOn } from "./train-data.ts";

let desk: Desk;
beforeAll(async () => {
  desk = new Desk();
  await furnish(desk);
  const predictions = Buffer.from(fixtureBytes("evaluation/predictions.csv")).toString();
  desk.put("one.csv", predictions);
  desk.put(
    "two.csv",
    predictions.replace(/\d(?=\D*$)/, (digit) => (digit < "5" ? "9" : "0")),
  );
  desk.put("labels.csv", fixtureBytes("evaluation/labels.csv"));
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
    /^medical-x: shared: (process \d+ on \S+ is working in this folder; wait until it has ended, or name another folder;|there is a run in this folder)/m,
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
  expect(stderr).toContain("medical-x: far: process 7 on far-away is working in this folder");
  desk.put("far2/run.lock", FAR_AWAY);
  const fresh = await trainOn(desk, "--out far2");
  expect(fresh.code).toBe(1);
  expect(fresh.stderr).toContain(
    "medical-x: far2: process 7 on far-away is working in this folder; wait until it has ended, or name another folder; if it is no longer running, remove far2/run.lock (--out)\n",
  );
  expect(outcome(desk, "far")).toEqual(before);
  expect(readdirSync(desk.path("far2")).sort()).toEqual(["last", "run.lock"]);
});

test("phantoms are drawn into a folder by one process at a time", async () => {
  const line = "data phantom --count 12 --size 64 --out phantoms";
  const both = await Promise.all([1, 2].map(() => desk.run(words(line))));
  const failed = both.filter(({ code }) => code !== 0);
  // The second may start after the first has ended, and then finds everything done.
  for (const { stderr } of failed) expect(stderr).toMatch(/is working in this folder/);
  expect(failed.length).toBeLessThan(2);
  expect(filesBelow(desk, "phantoms").filter((name) => /lock|part|journal/.test(name))).toEqual([]);
  desk.put("drawn/phantom.lock", FAR_AWAY);
  const refused = await desk.run(words(line.replace("phantoms", "drawn")));
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("drawn: process 7 on far-away is working in this folder");
  expect(readdirSync(desk.path("drawn"))).toEqual(["phantom.lock"]);
});

const evaluate = (name: string, out: string) =>
  desk.run(words(`evaluate --predictions ${name}.csv --labels-file labels.csv --bootstrap 100 --out ${out}`));

test("of two evaluations that finish at once in one folder, one report is there, whole", async () => {
  const report = (out: string) =>
    filesBelow(desk, out)
      .filter((name) => statSync(desk.path(out, name)).isFile())
      .sort()
      .map((file) => [file, readFileSync(desk.path(out, file), "utf8")]);
  for (const name of ["one", "two"]) expect((await evaluate(name, `${name}-alone`)).code).toBe(0);
  const alone = ["one", "two"].map((name) => report(`${name}-alone`));
  expect(alone[0]).not.toEqual(alone[1]);
  const both = await Promise.all(["one", "two"].map((name) => evaluate(name, "together")));
  const failed = both.filter(({ code }) => code !== 0);
  // The second may start after the first has written, and then replaces its report.
  expect(failed.length).toBeLessThan(2);
  for (const { stderr } of failed)
    expect(stderr).toMatch(/^medical-x: together: process \d+ .* is working in this folder/m);
  const written = failed.length === 0 ? alone : [alone[both.findIndex(({ code }) => code === 0)]];
  expect(written).toContainEqual(report("together"));
});

test("a report is not written into a folder in which another process writes one", async () => {
  desk.put("reported/report.lock", FAR_AWAY);
  const { code, stderr } = await evaluate("one", "reported");
  expect(code).toBe(1);
  expect(stderr).toContain(
    "medical-x: reported: process 7 on far-away is working in this folder; wait until it has ended, or name another folder; if it is no longer running, remove reported/report.lock (--out)\n",
  );
  expect(filesBelow(desk, "reported").sort()).toEqual(["figures", "report.lock"]);
});
