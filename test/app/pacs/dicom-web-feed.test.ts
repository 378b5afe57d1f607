import { expect, test } from "vitest";
import type { ArchiveImage } from "../../../src/app/pacs/ports.ts";
import type { PacsState } from "../../../src/app/pacs/state/pacs-state.ts";
import { DicomWebFeed } from "../../../src/app/pacs/watch/dicom-web-feed.ts";
import type { Match } from "../../../src/node/archive/qido.ts";
import { close, imageOf, newFolder, openState } from "./state-support.ts";

const SIGNAL = new AbortController().signal;
const CHOICE = { modalities: ["CR", "DX"], reprocess: false };

/** Studies as a search finds them. */
class Made {
  readonly all = new Map<string, ArchiveImage[]>();
  readonly matches: Match[] = [];
  /** Whether it says how many instances a study has. */
  counts = true;

  async *studies(match: Match) {
    this.matches.push(match);
    for (const [studyInstanceUid, { length }] of this.all)
      yield { studyInstanceUid, instances: this.counts ? length : undefined };
  }

  async instances(uid: string) {
    return this.all.get(uid) ?? [];
  }

  add(uid: string, ...sops: string[]): void {
    this.all.set(uid, [...(this.all.get(uid) ?? []), ...sops.map((sop) => imageOf(uid, sop))]);
  }
}

const noted = (state: PacsState): string[] =>
  [...state.openStudies()].map(({ study }) => state.studyAt(study).uid);

async function finish(feed: DicomWebFeed, state: PacsState): Promise<void> {
  for (const { study } of [...state.openStudies()]) {
    const { passedOver, stamp } = await feed.list(state.studyAt(study), SIGNAL);
    state.closeStudy(study, passedOver, stamp);
  }
}

test("a study is noted when it is new, and when its number of instances has changed", async () => {
  const [made, folder] = [new Made(), newFolder()];
  made.add("1", "1.1");
  made.add("2", "2.1");
  const state = await openState(folder);
  const feed = new DicomWebFeed(made, state, { StudyDate: "20261127-" }, CHOICE);
  await feed.look(SIGNAL);
  expect(made.matches).toEqual([{ StudyDate: "20261127-" }]);
  expect(noted(state)).toEqual(["1", "2"]);
  await finish(feed, state);
  await feed.look(SIGNAL);
  expect(noted(state)).toEqual([]);
  made.add("2", "2.2");
  await feed.look(SIGNAL);
  expect(noted(state)).toEqual(["2"]);
  await finish(feed, state);
  await state.saved();
  await close(state);

  const later = await openState(folder);
  made.add("1", "1.2");
  const again = new DicomWebFeed(made, later, {}, CHOICE);
  await again.look(SIGNAL);
  expect(noted(later)).toEqual(["1"]);
});

test("more instances while a study is still open make it wait again", async () => {
  const made = new Made();
  let now = 1000;
  made.add("1", "1.1");
  const state = await openState(newFolder(), { now: () => now });
  const feed = new DicomWebFeed(made, state, {}, CHOICE);
  await feed.look(SIGNAL);
  const activity = () => [...state.openStudies()][0]!.activity;
  now += 5000;
  await feed.look(SIGNAL);
  expect(activity()).toBe(1000);
  made.add("1", "1.2");
  await feed.look(SIGNAL);
  expect(activity()).toBe(6000);
});

test("an archive that does not count has each study noted once", async () => {
  const made = new Made();
  made.counts = false;
  made.add("1", "1.1");
  const state = await openState(newFolder());
  const feed = new DicomWebFeed(made, state, {}, CHOICE);
  await feed.look(SIGNAL);
  await finish(feed, state);
  await feed.look(SIGNAL);
  expect(noted(state)).toEqual([]);
});

test("to read again, every study is noted, once", async () => {
  const made = new Made();
  made.add("1", "1.1");
  const state = await openState(newFolder());
  const first = new DicomWebFeed(made, state, {}, CHOICE);
  await first.look(SIGNAL);
  await finish(first, state);
  const feed = new DicomWebFeed(made, state, {}, { ...CHOICE, reprocess: true });
  await feed.look(SIGNAL);
  expect(noted(state)).toEqual(["1"]);
  await finish(feed, state);
  await feed.look(SIGNAL);
  expect(noted(state)).toEqual([]);
});
