import { setMaxListeners } from "node:events";
import { expect, test } from "vitest";
import type { PacsState } from "../../../src/app/pacs/state/pacs-state.ts";
import { OrthancFeed } from "../../../src/app/pacs/watch/orthanc-feed.ts";
import { Orthanc } from "../../../src/node/archive/orthanc.ts";
import { endings } from "../../support/endings.ts";
import { MadeOrthanc } from "./made-orthanc.ts";
import { newFolder, openState } from "./state-support.ts";

const ends = endings();

const SIGNAL = new AbortController().signal;
setMaxListeners(0, SIGNAL);
const dx = (uid: string) => ({ uid, modality: "DX" });

async function opened({ studies = {} }: { readonly studies?: Record<string, string> } = {}) {
  const made = await MadeOrthanc.start();
  const orthanc = await Orthanc.open(made.url);
  ends.push(
    () => made.stop(),
    () => orthanc.close(),
  );
  const state = await openState(newFolder());
  let now = 1000;
  const clock = { now: () => now, pause: async () => undefined };
  const start = ({ reprocess = false } = {}) =>
    new OrthancFeed(orthanc, state, clock, { modalities: ["CR", "DX"], reprocess, studies });
  return {
    ...{ made, state, start, feed: start() },
    pass: (ms: number) => {
      now += ms;
    },
  };
}

const noted = (state: PacsState): string[] =>
  [...state.openStudies()].map(({ study }) => state.studyAt(study).uid);

/** List what is noted and close it, as the loop does when nothing is to be done. */
async function finish(feed: OrthancFeed, state: PacsState): Promise<void> {
  for (const { study } of [...state.openStudies()]) {
    const list = await feed.list(state.studyAt(study), SIGNAL);
    if (list !== undefined) state.closeStudy(study, list.passedOver, list.stamp);
  }
}

test("at first every study is noted, and then what changes, from a durable cursor", async () => {
  const { made, state, feed } = await opened();
  for (let n = 0; n < 250; n++) made.add(`1.${n}`, dx(`1.${n}.1`));
  await feed.look(SIGNAL);
  expect(noted(state)).toHaveLength(250);
  expect(state.cursor).toBe(250);
  await finish(feed, state);
  expect(noted(state)).toEqual([]);
  made.asked.length = 0;
  await feed.look(SIGNAL);
  expect(made.asked).toEqual(["GET /changes"]);
  for (let n = 0; n < 120; n++) made.add("1.7", dx(`1.7.${n + 2}`));
  made.add("2", dx("2.1"));
  await feed.look(SIGNAL);
  expect(noted(state)).toEqual(["1.7", "2"]);
  expect(state.cursor).toBe(371);
});

test("what our own results change is looked at once more, and then left alone", async () => {
  const { made, state, feed, start } = await opened();
  made.add("1", dx("1.1"));
  await feed.look(SIGNAL);
  await finish(feed, state);
  made.add("1", { uid: "1.8", modality: "SR", description: "Medical-X report - research use only" });
  await feed.look(SIGNAL);
  expect(noted(state)).toEqual(["1"]);
  await finish(feed, state);
  const again = start();
  await again.look(SIGNAL);
  expect(noted(state)).toEqual([]);
});

test("a study is listed once it is stable: images to read, others counted, our own results left out", async () => {
  const { made, state, feed } = await opened();
  made.add(
    "1",
    dx("1.1"),
    { uid: "1.2", modality: "CT" },
    { uid: "1.3", modality: "DX", description: "Medical-X overlay - research use only" },
    { uid: "1.4", modality: "CR" },
  );
  made.set("1", { isStable: false });
  await feed.look(SIGNAL);
  const place = state.studyAt(1);
  expect(await feed.list(place, SIGNAL)).toBeUndefined();
  made.set("1", { isStable: true });
  const list = (await feed.list(place, SIGNAL))!;
  expect(list.images.map(({ sopInstanceUid, modality }) => [sopInstanceUid, modality])).toEqual([
    ["1.1", "DX"],
    ["1.4", "CR"],
  ]);
  expect(list.images[0]!.at).toMatch(/^[0-9a-f]{8}-/);
  expect(list.passedOver).toEqual([{ code: "pacs/other-modality", count: 1 }]);
  expect(list.stamp).toBe("20261127T080001");
  made.remove("1");
  expect(await feed.list(place, SIGNAL)).toEqual({ images: [], passedOver: [] });
});

test("another database is found by its log, and its studies are compared with ours", async () => {
  const { made, state, feed } = await opened();
  for (const n of [1, 2, 3]) made.add(`1.${n}`, dx(`1.${n}.1`));
  await feed.look(SIGNAL);
  await finish(feed, state);
  made.forget();
  made.add("1.2", dx("1.2.1"));
  made.add("9", dx("9.1"));
  await feed.look(SIGNAL);
  expect(noted(state)).toEqual(["1.2", "9"]);
  expect(state.cursor).toBe(2);
  made.add("10", dx("10.1"));
  await feed.look(SIGNAL);
  expect(noted(state)).toEqual(["1.2", "9", "10"]);
});

test("another database whose log is longer than ours was is found after the failure that it came with", async () => {
  const { made, state, feed } = await opened();
  made.add("1.1", dx("1.1.1"));
  await feed.look(SIGNAL);
  await finish(feed, state);
  made.isBroken = true;
  await expect(feed.look(SIGNAL)).rejects.toMatchObject({ code: "pacs/server-error" });
  made.isBroken = false;
  made.forget();
  for (const n of [5, 6, 7]) made.add(`1.${n}`, dx(`1.${n}.1`));
  await feed.look(SIGNAL);
  expect(noted(state).sort()).toEqual(["1.5", "1.6", "1.7"]);
});

test("what came while the log was cleared is found by comparing, at the start and once an hour", async () => {
  const { made, state, feed, start, pass } = await opened();
  made.add("1", dx("1.1"));
  made.add("2", dx("2.1"));
  await feed.look(SIGNAL);
  await finish(feed, state);
  made.add("1", dx("1.2"));
  made.changes = [];
  await start().look(SIGNAL);
  expect(noted(state)).toEqual(["1"]);
  await finish(feed, state);
  made.add("2", dx("2.2"));
  made.changes = [];
  await feed.look(SIGNAL);
  expect(noted(state)).toEqual([]);
  pass(3_600_000);
  await feed.look(SIGNAL);
  expect(noted(state)).toEqual(["2"]);
});

test("to read again, every study is noted, once", async () => {
  const { made, state, feed, start } = await opened();
  made.add("1", dx("1.1"));
  await feed.look(SIGNAL);
  await finish(feed, state);
  const reading = start({ reprocess: true });
  await reading.look(SIGNAL);
  expect(noted(state)).toEqual(["1"]);
  await finish(reading, state);
  await reading.look(SIGNAL);
  expect(noted(state)).toEqual([]);
});

test("only studies that match are listed", async () => {
  const { made, state, feed } = await opened({ studies: { InstitutionName: "Test*" } });
  made.add("1", dx("1.1"));
  made.add("2", dx("2.1"));
  made.matching = ({ InstitutionName, StudyInstanceUID }) =>
    InstitutionName === "Test*" && StudyInstanceUID === "2";
  await feed.look(SIGNAL);
  expect(await feed.list(state.studyAt(1), SIGNAL)).toEqual({ images: [], passedOver: [] });
  expect((await feed.list(state.studyAt(2), SIGNAL))!.images).toHaveLength(1);
});
