import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { ArchiveImage, ImageOutcome } from "../../../src/app/pacs/ports.ts";
import type { PacsState } from "../../../src/app/pacs/state/pacs-state.ts";
import { pacsStatus } from "../../../src/app/pacs/state/status.ts";
import type { StudyFeed, StudyList } from "../../../src/app/pacs/work/study-feed.ts";
import type { StudySummary } from "../../../src/app/pacs/work/study-summary.ts";
import { WorkLoop } from "../../../src/app/pacs/work/work-loop.ts";
import { XrayError } from "../../../src/errors.ts";
import { FinalError } from "../../../src/node/retry.ts";
import type { Predecessor, ResultObject } from "../../../src/report/dicom/result-object.ts";
import { FakeClock } from "./fake-clock.ts";
import { close, imageOf, newFolder, openState } from "./state-support.ts";

const clocks: FakeClock[] = [];
afterEach(() => {
  for (const clock of clocks.splice(0)) clock.stop();
});

/** An archive in memory, which does what a test tells it to. */
class Archive implements StudyFeed {
  everyMs = 1000;
  readonly studies = new Map<string, ArchiveImage[]>();
  readonly stored = new Map<string, ResultObject>();
  readonly fetched: string[] = [];
  clock: FakeClock | undefined;
  /** When an image was last fetched. */
  fetchedAt = 0;
  sends = 0;
  lists = 0;
  state!: PacsState;
  isStable = true;
  /** What each way in throws. */
  fail: { fetch?: (image: ArchiveImage) => Error | undefined; store?: (n: number) => Error | undefined } = {};
  away: Error | undefined;
  /** Why a study cannot be listed. */
  unlisted = new Map<string, Error>();
  #noted = new Map<string, number>();

  add(study: string, ...sops: string[]): void {
    const images = this.studies.get(study) ?? [];
    this.studies.set(study, [...images, ...sops.map((sop) => imageOf(study, sop))]);
  }

  /** Have a study elsewhere, as Orthanc does when the patient's identifier is corrected. */
  move(study: string): void {
    const elsewhere = this.studies.get(study)!.map((image) => ({ ...image, at: `${image.at} moved` }));
    this.studies.set(study, elsewhere);
    this.#noted.delete(study);
  }

  async look(): Promise<void> {
    if (this.away !== undefined) throw this.away;
    for (const [uid, { length }] of this.studies) {
      if (this.#noted.get(uid) !== length) this.state.noteStudy(uid);
      this.#noted.set(uid, length);
    }
  }

  async list({ uid }: { readonly uid: string }): Promise<StudyList | undefined> {
    if (this.away !== undefined) throw this.away;
    this.lists += 1;
    const failure = this.unlisted.get(uid);
    if (failure !== undefined) throw failure;
    return this.isStable ? { images: this.studies.get(uid) ?? [], passedOver: [] } : undefined;
  }

  async fetch(image: ArchiveImage): Promise<Uint8Array> {
    const failure = this.away ?? this.fail.fetch?.(image);
    if (failure !== undefined) throw failure;
    const known = this.studies.get(image.studyInstanceUid)?.some(({ at }) => at === image.at);
    if (known === false) throw new FinalError("pacs/not-found", "archive: no such thing");
    this.fetched.push(image.sopInstanceUid);
    this.fetchedAt = this.clock?.now() ?? 0;
    return Buffer.from(image.sopInstanceUid);
  }

  async has({ studyInstanceUid, sopInstanceUid, at }: ArchiveImage): Promise<boolean> {
    if (this.away !== undefined) throw this.away;
    const images = this.studies.get(studyInstanceUid) ?? [];
    return images.some((image) => image.sopInstanceUid === sopInstanceUid && image.at === at);
  }

  async store(objects: readonly ResultObject[]): Promise<void> {
    this.sends += 1;
    const failure = this.away ?? this.fail.store?.(this.sends);
    if (failure !== undefined) throw failure;
    for (const object of objects) this.stored.set(object.sopInstanceUid, object);
  }
}

/** A reader whose results only say which image they are of. */
class Reader {
  readonly predecessors: (readonly Predecessor[])[] = [];
  readonly model: string;
  most = 0;
  /** Reading takes until this many images have been in it at once. */
  together = 1;
  #reading = 0;
  fail: (sop: string) => Error | undefined = () => undefined;

  constructor(model = "A") {
    this.model = model;
  }

  async read(
    bytes: Uint8Array,
    { predecessors = [] }: { readonly predecessors?: readonly Predecessor[] },
  ): Promise<ImageOutcome> {
    const sop = Buffer.from(bytes).toString();
    this.#reading += 1;
    this.most = Math.max(this.most, this.#reading);
    do await new Promise((resolve) => setTimeout(resolve, 2));
    while (this.most < this.together);
    this.#reading -= 1;
    const failure = this.fail(sop);
    if (failure !== undefined) throw failure;
    if (sop.includes(".9")) return { kind: "refused", code: "pacs/not-frontal", reason: "lateral" };
    this.predecessors.push(predecessors);
    const object = (kind: "report" | "overlay"): ResultObject => ({
      kind,
      studyInstanceUid: "1",
      seriesInstanceUid: `${sop}.${this.model}.${kind}`,
      sopClassUid: "1.2",
      sopInstanceUid: `${sop}.${this.model}.${kind}.1`,
      bytes: Buffer.from(`${kind} of ${sop}`),
    });
    return { kind: "made", objects: [object("report"), object("overlay")] };
  }
}

interface Running {
  readonly folder: string;
  readonly archive: Archive;
  readonly reader: Reader;
  readonly clock: FakeClock;
  readonly state: PacsState;
  readonly said: string[];
  readonly done: StudySummary[];
  readonly loop: WorkLoop;
  end(): Promise<void>;
  /** Wait until something holds, for at most some seconds. */
  until(holds: () => boolean): Promise<void>;
}

interface Options {
  readonly folder?: string;
  readonly archive?: Archive;
  readonly reader?: Reader;
  readonly reprocess?: boolean;
  readonly isRunning?: boolean;
}

async function start({
  folder = newFolder(),
  archive = new Archive(),
  reader = new Reader(),
  ...more
}: Options = {}): Promise<Running> {
  const clock = new FakeClock();
  clocks.push(clock);
  const state = await openState(folder, { identity: `model ${reader.model}`, now: clock.now });
  archive.state = state;
  archive.clock = clock;
  const said: string[] = [];
  const done: StudySummary[] = [];
  const loop = new WorkLoop({
    ...{ state, source: archive, target: archive, feed: archive, reader, clock },
    say: (line) => said.push(line),
    onDone: (summary) => done.push(summary),
    quietMs: 10_000,
    reprocess: more.reprocess ?? false,
  });
  const ending = new AbortController();
  void clock.passing();
  const running = more.isRunning === false ? Promise.resolve() : loop.run(ending.signal);
  running.catch(() => undefined);
  return {
    ...{ folder, archive, reader, clock, state, said, done, loop },
    end: async () => {
      ending.abort();
      await running;
      clock.stop();
      await close(state);
    },
    until: async (holds) => {
      for (let i = 0; i < 4000 && !holds(); i++)
        await Promise.race([new Promise((resolve) => setTimeout(resolve, 2)), running]);
      if (!holds()) throw new Error("it never came to hold");
    },
  };
}

const counts = ({ stored, passedOver, setAside }: StudySummary) => ({
  stored: Object.fromEntries(stored),
  passedOver: Object.fromEntries(passedOver),
  setAside: Object.fromEntries(setAside),
});

const away = (message = "archive: nothing listens at this address") =>
  new XrayError("pacs/no-connection", message, {});
const broken = (message: string) => new XrayError("pacs/server-error", message, {});

test("each image is read and stored once, and each study has one line", async () => {
  const archive = new Archive();
  archive.add("1", "1.1", "1.2");
  archive.add("2", "2.1", "2.9");
  const run = await start({ archive });
  await run.until(() => run.done.length === 2);
  archive.add("1", "1.3");
  await run.until(() => run.done.length === 3);
  await run.end();
  const lines = run.done.map((summary) => [summary.study, counts(summary)]);
  expect(lines.sort(([a], [b]) => Number(a) - Number(b))).toEqual([
    [1, { stored: { report: 2, overlay: 2 }, passedOver: {}, setAside: {} }],
    [1, { stored: { report: 1, overlay: 1 }, passedOver: {}, setAside: {} }],
    [2, { stored: { report: 1, overlay: 1 }, passedOver: { "pacs/not-frontal": 1 }, setAside: {} }],
  ]);
  expect([...archive.fetched].sort()).toEqual(["1.1", "1.2", "1.3", "2.1", "2.9"]);
  expect(archive.stored.size).toBe(8);
  expect(archive.sends).toBe(4);
  expect(run.said).toEqual([]);
  expect(readdirSync(join(run.folder, "kept"))).toEqual([]);

  const again = await start({ folder: run.folder, archive });
  await again.until(() => [...again.state.openStudies()].length === 0);
  await again.end();
  expect(archive.fetched).toHaveLength(5);
  expect(again.done).toEqual([]);
});

test("a study is read once it has been quiet by our own clock, and stable", async () => {
  const archive = new Archive();
  archive.isStable = false;
  archive.add("1", "1.1");
  const run = await start({ archive });
  const begin = run.clock.now();
  await run.until(() => run.clock.now() > begin + 30_000);
  expect(archive.fetched).toEqual([]);
  const stable = run.clock.now();
  archive.isStable = true;
  await run.until(() => run.done.length === 1);
  expect(archive.fetchedAt).toBeLessThan(stable + 5000);
  const before = run.clock.now();
  archive.add("2", "2.1");
  await run.until(() => archive.fetched.length === 2);
  expect(archive.fetchedAt).toBeGreaterThanOrEqual(before + 10_000);
  await run.end();
});

test("our own results are not read as images, and make no line", async () => {
  const archive = new Archive();
  archive.add("1", "1.1");
  const run = await start({ archive });
  await run.until(() => run.done.length === 1);
  archive.add("1", "1.1.A.report.1", "1.1.A.overlay.1");
  await run.until(() => archive.lists === 2 && [...run.state.openStudies()].length === 0);
  await run.end();
  expect(archive.fetched).toEqual(["1.1"]);
  expect(run.done).toHaveLength(1);
});

test("images are read several at once", async () => {
  const archive = new Archive();
  archive.add("1", ...Array.from({ length: 30 }, (_, i) => `1.${i + 100}`));
  const run = await start({ archive });
  run.reader.together = 16;
  await run.until(() => run.done.length === 1);
  await run.end();
  expect(run.reader.most).toBe(16);
});

test("an archive that is away is no fault of any image, is told once, and nothing is lost", async () => {
  const archive = new Archive();
  archive.add("1", "1.1", "1.2");
  archive.away = away();
  const run = await start({ archive });
  const begin = run.clock.now();
  await run.until(() => run.clock.now() > begin + 300_000);
  const since = Date.parse(pacsStatus(run.folder, false).away!.since);
  expect(since).toBeLessThan(begin + 60_000);
  archive.away = undefined;
  await run.until(() => run.done.length === 1);
  expect(pacsStatus(run.folder, false).away).toBeNull();
  archive.away = away("archive: the archive does not know this user");
  archive.add("1", "1.3");
  const second = run.clock.now();
  await run.until(() => run.clock.now() > second + 120_000);
  archive.away = undefined;
  await run.until(() => run.done.length === 2);
  await run.end();
  expect(run.said).toEqual([
    "archive: nothing listens at this address. Nothing is lost; it is tried again until it works",
    "the archive works again",
    "archive: the archive does not know this user. Nothing is lost; it is tried again until it works",
    "the archive works again",
  ]);
  expect(run.done.map(counts)).toMatchObject([{ setAside: {} }, { setAside: {} }]);
  expect(archive.stored.size).toBe(6);
});

test("an archive that goes away between reading and storing gets the results that were kept", async () => {
  const archive = new Archive();
  archive.add("1", "1.1", "1.2", "1.3", "1.4");
  archive.fail.store = () => away();
  const run = await start({ archive });
  await run.until(() => [...run.state.openImages()].filter(({ step }) => step === "store").length === 4);
  await run.end();
  expect(readdirSync(join(run.folder, "kept"))).toHaveLength(8);
  archive.fail = {};
  archive.fetched.length = 0;
  const again = await start({ folder: run.folder, archive });
  await again.until(() => again.done.length === 1);
  await again.end();
  expect(archive.fetched).toEqual([]);
  expect(archive.stored.size).toBe(8);
  expect(counts(again.done[0]!).stored).toEqual({ report: 4, overlay: 4 });
});

test("an image that cannot be fetched is tried with growing pauses and set aside; it stops nobody else", async () => {
  const archive = new Archive();
  archive.add("1", "1.1", "1.2");
  const attempts: number[] = [];
  archive.fail.fetch = ({ sopInstanceUid }) => {
    if (sopInstanceUid !== "1.1") return undefined;
    attempts.push(run.clock.now());
    return broken("archive: it failed");
  };
  const run = await start({ archive });
  await run.until(() => archive.stored.size === 2);
  archive.everyMs = 60_000;
  for (let n = 0; n < 3; n++) {
    archive.add(`2.${n}`, `2.${n}.1`);
    await run.until(() => run.done.length === n + 1);
  }
  await run.until(() => run.done.length === 4);
  // Ten seconds, twenty … and then an hour. The clock may move on while the disk is busy, so pauses may be longer.
  const pauses = attempts.slice(1).map((time, i) => (time - attempts[i]!) / 1000);
  const wanted = [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600];
  expect(pauses).toHaveLength(wanted.length);
  for (const [i, pause] of pauses.entries()) expect(pause).toBeGreaterThanOrEqual(wanted[i]!);
  await run.end();
  const withIt = run.done.map(counts).filter(({ setAside }) => Object.keys(setAside).length > 0);
  expect(withIt).toEqual([
    { stored: { report: 1, overlay: 1 }, passedOver: {}, setAside: { "pacs/server-error": 1 } },
  ]);
});

test("an image that is deleted before it is fetched is passed over, and read when it comes back", async () => {
  const archive = new Archive();
  archive.add("1", "1.1", "1.2");
  archive.fail.fetch = ({ sopInstanceUid }) =>
    sopInstanceUid === "1.1" ? new FinalError("pacs/not-found", "archive: no such thing") : undefined;
  const run = await start({ archive });
  await run.until(() => run.done.length === 1);
  archive.fail = {};
  archive.add("1", "1.3");
  await run.until(() => run.done.length === 2);
  await run.end();
  expect(run.done.map(counts)).toEqual([
    { stored: { report: 1, overlay: 1 }, passedOver: { "pacs/not-found": 1 }, setAside: {} },
    { stored: { report: 2, overlay: 2 }, passedOver: {}, setAside: {} },
  ]);
  expect(archive.fetched.toSorted()).toEqual(["1.1", "1.2", "1.3"]);
});

test.each([
  ["goes on", false],
  ["is started again", true],
])(
  "results that wait are not stored into a study that was deleted meanwhile, when the work %s",
  async (_, isEnded) => {
    const archive = new Archive();
    archive.add("1", "1.1", "1.2");
    archive.fail.store = () => broken("archive: it failed");
    const run = await start({ archive });
    await run.until(() => archive.sends >= 2);
    // Results that were kept a moment ago are stored without a look.
    const keptBefore = run.clock.now();
    await run.until(() => run.clock.now() > keptBefore + 60_000);
    if (isEnded) await run.end();
    archive.studies.set("1", [imageOf("1", "1.2")]);
    archive.fail = {};
    const then = isEnded ? await start({ folder: run.folder, archive }) : run;
    await then.until(() => then.done.length === 1);
    expect(counts(then.done[0]!)).toEqual({
      stored: { report: 1, overlay: 1 },
      passedOver: { "pacs/not-found": 1 },
      setAside: {},
    });
    expect([...archive.stored.keys()].every((uid) => uid.startsWith("1.2."))).toBe(true);
    // It comes back: it is read, and has its results.
    archive.add("1", "1.1");
    await then.until(() => then.done.length === 2);
    await then.end();
    expect([...archive.stored.keys()].filter((uid) => uid.startsWith("1.1."))).toHaveLength(2);
    expect(readdirSync(join(run.folder, "kept"))).toEqual([]);
  },
);

test("results that wait while the archive is away are not stored into a study that was deleted meanwhile", async () => {
  const archive = new Archive();
  archive.add("1", "1.1", "1.2");
  archive.fail.store = () => away();
  const run = await start({ archive });
  await run.until(() => archive.sends >= 2);
  const keptBefore = run.clock.now();
  await run.until(() => run.clock.now() > keptBefore + 3_600_000);
  archive.studies.set("1", [imageOf("1", "1.2")]);
  archive.fail = {};
  await run.until(() => run.done.length === 1);
  await run.end();
  expect(counts(run.done[0]!)).toEqual({
    stored: { report: 1, overlay: 1 },
    passedOver: { "pacs/not-found": 1 },
    setAside: {},
  });
  expect([...archive.stored.keys()].sort()).toEqual(["1.2.A.overlay.1", "1.2.A.report.1"]);
  expect(readdirSync(join(run.folder, "kept"))).toEqual([]);
});

describe("an image that the archive finds elsewhere now, since the patient's identifier was corrected", () => {
  const both = { stored: { report: 1, overlay: 1 }, passedOver: {}, setAside: {} };

  test("is read again if it was done", async () => {
    const archive = new Archive();
    archive.add("1", "1.1");
    const run = await start({ archive });
    await run.until(() => run.done.length === 1);
    archive.move("1");
    await run.until(() => run.done.length === 2);
    // Only once: it is known where it is now.
    archive.add("1", "1.2");
    await run.until(() => run.done.length === 3);
    await run.end();
    expect(archive.fetched).toEqual(["1.1", "1.1", "1.2"]);
    expect(run.done.map(counts)).toEqual([both, both, both]);
    expect(run.reader.predecessors).toEqual([[], [], []]);
  });

  test.each([
    ["goes on", false],
    ["is started again", true],
  ])(
    "is read again instead of having results stored that name the old one, when the work %s",
    async (_, isEnded) => {
      const archive = new Archive();
      archive.add("1", "1.1");
      archive.fail.store = () => broken("archive: it failed");
      const run = await start({ archive });
      await run.until(() => archive.sends >= 2);
      if (isEnded) await run.end();
      archive.move("1");
      const then = isEnded ? await start({ folder: run.folder, archive }) : run;
      await then.until(() => archive.fetched.length === 2);
      archive.fail = {};
      await then.until(() => then.done.length === 1);
      await then.end();
      expect(counts(then.done[0]!)).toEqual(both);
      expect(archive.fetched).toEqual(["1.1", "1.1"]);
      expect(readdirSync(join(run.folder, "kept"))).toEqual([]);
    },
  );

  test("is read there if it was being read or fetched", async () => {
    const archive = new Archive();
    archive.add("1", "1.1", "1.2");
    const reader = new Reader();
    reader.together = 3;
    let isFetching = false;
    const held = archive.fetch.bind(archive);
    let release: () => void = () => undefined;
    const moved = new Promise<void>((resolve) => {
      release = resolve;
    });
    archive.fetch = async (image) => {
      // The first fetch of 1.2 takes until it has moved.
      if (image.sopInstanceUid === "1.2" && !isFetching) {
        isFetching = true;
        await moved;
      }
      return held(image);
    };
    const run = await start({ archive, reader });
    await run.until(() => isFetching && archive.fetched.length === 1);
    archive.move("1");
    await run.until(() => archive.lists >= 2);
    reader.together = 1;
    release();
    await run.until(() => run.done.length === 1);
    await run.end();
    expect(archive.fetched.toSorted()).toEqual(["1.1", "1.1", "1.2"]);
    expect(run.done.map(counts)).toEqual([
      { stored: { report: 2, overlay: 2 }, passedOver: {}, setAside: {} },
    ]);
    expect([...archive.stored.keys()]).toHaveLength(4);
  });

  test("is read there if it was set aside and is to be tried again", async () => {
    const archive = new Archive();
    archive.add("1", "1.1");
    archive.fail.fetch = () => new FinalError("pacs/bad-answer", "archive: it is no image");
    const run = await start({ archive });
    await run.until(() => run.done.length === 1);
    await run.end();
    archive.fail = {};
    archive.move("1");
    const then = await start({ folder: run.folder, archive, isRunning: false });
    then.state.retryAside();
    await then.loop.runOnce(new AbortController().signal);
    await then.end();
    expect(archive.fetched).toEqual(["1.1"]);
    expect([...archive.stored.keys()].sort()).toEqual(["1.1.A.overlay.1", "1.1.A.report.1"]);
  });
});

test("a claim that cannot be read makes the work wait, and is told with what helps", async () => {
  const run = await start();
  const claim = join(run.folder, "claim");
  renameSync(claim, `${claim}.aside`);
  mkdirSync(claim);
  await run.until(() => run.said.length === 1);
  run.archive.add("1", "1.1");
  rmSync(claim, { recursive: true });
  renameSync(`${claim}.aside`, claim);
  await run.until(() => run.done.length === 1);
  await run.end();
  expect(run.said).toEqual([
    `${claim}: this is a folder, not a file. Nothing is lost; let this program read and write its state folder again, and the work goes on`,
    "the state folder can be written to again",
  ]);
});

test("a watcher whose state folder is removed ends and says so", async () => {
  const run = await start();
  rmSync(run.folder, { recursive: true });
  await expect(run.until(() => false)).rejects.toMatchObject({
    code: "file/in-use",
    message: "the state folder was removed, or another process has taken it over; this one ends",
  });
});

test("results are not stored at a second attempt either if their study was deleted after the first", async () => {
  const archive = new Archive();
  archive.add("1", "1.1");
  archive.fail.store = () => {
    archive.studies.set("1", []);
    archive.fail = {};
    return broken("archive: it failed");
  };
  const run = await start({ archive });
  await run.until(() => run.done.length === 1);
  await run.end();
  expect(counts(run.done[0]!)).toEqual({ stored: {}, passedOver: { "pacs/not-found": 1 }, setAside: {} });
  expect([archive.sends, archive.stored.size]).toEqual([1, 0]);
});

test("work that is done once ends in order if it was told to end before it began", async () => {
  const run = await start({ isRunning: false });
  await expect(run.loop.runOnce(AbortSignal.abort())).resolves.toBe(true);
  await run.end();
});

test("a pause that was noted under a wrong clock lasts an hour at most", async () => {
  const archive = new Archive();
  archive.add("1", "1.1");
  const before = await start({ archive, isRunning: false });
  before.state.seeImage(before.state.noteStudy("1"), imageOf("1", "1.1"));
  const [image] = before.state.openImages();
  const until = before.clock.now() + 30 * 86_400_000;
  before.state.fail(image!, "fetch", broken("archive: it failed"), until);
  await before.state.saved();
  await before.end();
  const again = await start({ folder: before.folder, archive });
  const begin = again.clock.now();
  await again.until(() => again.done.length === 1);
  expect(again.clock.now() - begin).toBeLessThan(86_400_000);
  await again.end();
});

test("an archive that fails with several images in a row is away", async () => {
  const archive = new Archive();
  archive.add("1", "1.1", "1.2", "1.3", "1.4", "1.5");
  archive.fail.store = () => broken("archive: storing an object: its disk is full");
  const run = await start({ archive });
  archive.everyMs = 60_000;
  const begin = run.clock.now();
  await run.until(() => run.clock.now() > begin + 12 * 3_600_000);
  expect([...run.state.openImages()].map(({ step }) => step)).toEqual(Array(5).fill("store"));
  archive.fail = {};
  await run.until(() => run.done.length === 1);
  await run.end();
  expect(archive.stored.size).toBe(10);
}, 60_000);

test("what can never be stored is set aside at once with the reason, and put back on demand", async () => {
  const archive = new Archive();
  archive.add("1", "1.1");
  archive.fail.store = () => new FinalError("pacs/not-stored", "archive: a filter keeps it out", {});
  const run = await start({ archive });
  await run.until(() => run.done.length === 1);
  await run.end();
  expect(counts(run.done[0]!).setAside).toEqual({ "pacs/not-stored": 1 });
  expect(archive.sends).toBe(1);
  archive.fail = {};
  const again = await start({ folder: run.folder, archive, isRunning: false });
  expect(again.state.retryAside()).toBe(1);
  expect(await again.loop.runOnce(new AbortController().signal)).toBe(true);
  await again.end();
  expect(archive.fetched).toEqual(["1.1"]);
  expect(archive.stored.size).toBe(2);
});

test("results whose files are gone are made again", async () => {
  const archive = new Archive();
  archive.add("1", "1.1");
  archive.fail.store = () => away();
  const run = await start({ archive });
  await run.until(() => [...run.state.openImages()].some(({ step }) => step === "store"));
  await run.end();
  const state = await openState(run.folder);
  const [image] = [...state.openImages()];
  await close(state);
  const { rmSync } = await import("node:fs");
  rmSync(join(run.folder, "kept", `${image!.image}.report.dcm`));
  archive.fail = {};
  const again = await start({ folder: run.folder, archive });
  await again.until(() => again.done.length === 1);
  await again.end();
  expect(archive.fetched).toEqual(["1.1", "1.1"]);
  expect(archive.stored.size).toBe(2);
});

test("with another model what was done is left alone, unless it is to be done again", async () => {
  const archive = new Archive();
  archive.add("1", "1.1");
  const first = await start({ archive });
  await first.until(() => first.done.length === 1);
  await first.end();
  const second = await start({ folder: first.folder, archive: copyOf(archive), reader: new Reader("B") });
  await second.until(() => [...second.state.openStudies()].length === 0 && second.state.cursor === undefined);
  await second.end();
  expect(second.archive.fetched).toEqual([]);
  const third = await start({
    folder: first.folder,
    archive: copyOf(archive),
    reader: new Reader("B"),
    reprocess: true,
  });
  await third.until(() => third.done.length === 1);
  await third.end();
  expect([...third.archive.stored.keys()].sort()).toEqual(["1.1.B.overlay.1", "1.1.B.report.1"]);
  expect(third.reader.predecessors).toEqual([
    [
      {
        studyInstanceUid: "1",
        seriesInstanceUid: "1.1.A.report",
        sopClassUid: "1.2",
        sopInstanceUid: "1.1.A.report.1",
      },
    ],
  ]);
});

/** An archive with the same images, which nobody has looked at yet. */
function copyOf({ studies }: Archive): Archive {
  const copy = new Archive();
  for (const [study, images] of studies)
    copy.add(study, ...images.map(({ sopInstanceUid }) => sopInstanceUid));
  return copy;
}

test("a suspect is read alone, before and beside no other image", async () => {
  const archive = new Archive();
  archive.add("1", "1.1", "1.2", "1.3");
  const folder = newFolder();
  const dying = await openState(folder, { identity: "model A" });
  const study = dying.noteStudy("1");
  for (const image of archive.studies.get("1")!) dying.seeImage(study, image);
  for (const image of dying.openImages()) if (image.uid !== "1.3") dying.beginAttempt(image, false);
  await dying.saved();
  await close(dying);
  const run = await start({ archive, folder });
  await run.until(() => run.done.length === 1);
  await run.end();
  expect(run.reader.most).toBe(1);
  expect(archive.stored.size).toBe(6);
});

test("work that is done once ends, and says whether something is left", async () => {
  const archive = new Archive();
  archive.add("1", "1.1", "1.2");
  archive.fail.fetch = ({ sopInstanceUid }) => (sopInstanceUid === "1.1" ? broken("no") : undefined);
  const run = await start({ archive, isRunning: false });
  expect(await run.loop.runOnce(new AbortController().signal)).toBe(false);
  expect(archive.stored.size).toBe(2);
  await run.end();
  archive.fail = {};
  const gone = copyOf(archive);
  gone.away = away();
  const other = await start({ folder: run.folder, archive: gone, isRunning: false });
  await expect(other.loop.runOnce(new AbortController().signal)).rejects.toMatchObject({
    code: "pacs/no-connection",
  });
  // Whoever called tells people.
  expect(other.said).toEqual([]);
  await other.end();
});

test("a study that cannot be listed stops no other, however many there are of them", async () => {
  const archive = new Archive();
  for (const study of ["1", "2", "3", "4", "5", "6"]) {
    archive.add(study, `${study}.1`);
    archive.unlisted.set(study, broken(`no list of ${study}`));
  }
  archive.add("7", "7.1");
  archive.add("8", "8.1");
  const run = await start({ archive });
  await run.until(() => run.done.length === 2);
  expect(run.done.map(({ study }) => study).sort()).toEqual([7, 8]);
  expect(archive.stored.size).toBe(4);
  archive.unlisted.clear();
  await run.until(() => archive.stored.size === 16);
  await run.end();
});

test("work that is done once does all studies but those that cannot be listed, and says that something is left", async () => {
  const archive = new Archive();
  archive.add("1", "1.1");
  archive.add("2", "2.1");
  archive.unlisted.set("1", broken("no list"));
  const run = await start({ archive, isRunning: false });
  expect(await run.loop.runOnce(new AbortController().signal)).toBe(false);
  expect(archive.stored.size).toBe(2);
  expect(run.said).toEqual(["study 1 cannot be listed now: no list"]);
  await run.end();
});
