import {
  appendFileSync,
  chmodSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Journal } from "../../../src/app/pacs/state/journal.ts";
import { readJournal } from "../../../src/app/pacs/state/open-journal.ts";
import { MOST_DEATHS } from "../../../src/app/pacs/state/pacs-state.ts";
import { close, imageOf, newFolder, onlyImage, openState, resultsOf } from "./state-support.ts";

const journalOf = (folder: string): string => join(folder, "journal.ndjson");
const eventsOf = (folder: string) =>
  readFileSync(journalOf(folder), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: string } & Record<string, unknown>);

test("an image is known from when it is seen until its study is done, and ever after", async () => {
  const folder = newFolder();
  const state = await openState(folder);
  const study = state.noteStudy("1.2", "orthanc-id");
  expect(study).toBe(1);
  expect(state.seeImage(study, imageOf("1.2", "1.2.3"))).toBe("new");
  expect(state.seeImage(study, imageOf("1.2", "1.2.3"))).toBe("open");
  const image = onlyImage(state);
  state.beginAttempt(image, true);
  await state.keepResults(image, resultsOf(image));
  expect(readdirSync(join(folder, "kept")).sort()).toEqual(["1.overlay.dcm", "1.report.dcm"]);
  await close(state);

  const second = await openState(folder);
  expect(second.studyAt(1)).toEqual({ uid: "1.2", at: "orthanc-id" });
  const kept = onlyImage(second);
  expect(kept).toMatchObject({ step: "store", deaths: 0, isSuspect: false, at: "at-1.2.3", modality: "DX" });
  const results = await second.keptResults(kept);
  expect(results.map(({ kind, sopInstanceUid }) => [kind, sopInstanceUid])).toEqual([
    ["report", "1.2.3.A.0.0"],
    ["overlay", "1.2.3.A.1.0"],
  ]);
  expect(results.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([
    "report A of 1.2.3",
    "overlay A of 1.2.3",
  ]);
  expect(results[0]!.studyInstanceUid).toBe("1.2");
  await second.accept(kept);
  expect(readdirSync(join(folder, "kept"))).toEqual([]);
  second.closeStudy(1, [], "stamp 1");
  await second.saved();
  await close(second);

  const third = await openState(folder);
  expect([...third.openStudies()]).toEqual([]);
  expect(third.stampOf(1)).toBe("stamp 1");
  expect(third.noteStudy("1.2")).toBe(1);
  expect(third.seeImage(1, imageOf("1.2", "1.2.3"))).toBe("known");
  expect(third.seeImage(1, imageOf("1.2", "1.2.4"))).toBe("new");
  expect(third.noteStudy("1.3")).toBe(2);
});

test("a journal that was cut at any byte has a beginning of what was said, and goes on", async () => {
  const folder = newFolder();
  const state = await openState(folder);
  const study = state.noteStudy("1.2", "ü");
  state.seeImage(study, imageOf("1.2", "1.2.3"));
  const image = onlyImage(state);
  state.beginAttempt(image, false);
  await state.keepResults(image, resultsOf(image));
  state.moveCursor(7);
  await state.accept(image);
  state.closeStudy(study, [{ code: "pacs/other-modality", count: 2 }]);
  await state.saved();
  await close(state);
  const whole = readFileSync(journalOf(folder));
  const said = eventsOf(folder).map(({ event }) => event);
  expect(said).toEqual([
    "state",
    "identity",
    "archive",
    "study",
    "image",
    "try",
    "kept",
    "cursor",
    "accepted",
    "done",
  ]);
  const ends = [...whole.toString("latin1").matchAll(/\n/g)].map(({ index }) => index + 1);
  const linesAt = (length: number): number => ends.filter((end) => end <= length).length;
  const cut = newFolder();
  await close(await openState(cut));
  for (let length = 0; length <= whole.length; length++) {
    writeFileSync(journalOf(cut), whole.subarray(0, length));
    const events: string[] = [];
    const journal = await Journal.open(journalOf(cut), ({ event }) => events.push(event));
    expect(events).toEqual(said.slice(0, linesAt(length)));
    expect(statSync(journalOf(cut)).size).toBe(ends[linesAt(length) - 1] ?? 0);
    journal.add({ event: "cursor", since: 8 });
    await journal.saved();
    await journal.close();
    expect(eventsOf(cut).map(({ event }) => event)).toEqual([...events, "cursor"]);
  }
  // A whole state, where each line begins, ends, and in its middle.
  for (const end of [0, ...ends])
    for (const length of [end - 1, end, end + 1, end + 20]) {
      if (length < 0 || length > whole.length) continue;
      writeFileSync(journalOf(cut), whole.subarray(0, length));
      await close(await openState(cut));
      const events = eventsOf(cut).map(({ event }) => event);
      const lines = linesAt(length);
      // What an opening adds: the beginning of a journal that has none, and the end of an attempt that had none.
      const isTrying = lines === said.indexOf("try") + 1;
      expect(events.slice(0, lines)).toEqual(said.slice(0, lines));
      expect(events.slice(Math.max(lines, 3))).toEqual(isTrying ? ["died"] : []);
    }
});

test("a line that is damaged before the last one is reported with its number", async () => {
  const folder = newFolder();
  const state = await openState(folder);
  state.noteStudy("1.2");
  await state.saved();
  await close(state);
  const lines = readFileSync(journalOf(folder), "utf8").split("\n");
  lines[1] = lines[1]!.slice(0, 10);
  writeFileSync(journalOf(folder), lines.join("\n"));
  await expect(openState(folder)).rejects.toMatchObject({
    code: "pacs/bad-state",
    message: `${journalOf(folder)}: line 2 is damaged; restore the folder from a backup, or name a new one: results that the archive has are then made again under the same UIDs`,
  });
  // The claim was given back.
  writeFileSync(journalOf(folder), "");
  await openState(folder);
});

test("a last line of zeros, as a power failure leaves, is cut off", async () => {
  const folder = newFolder();
  await close(await openState(folder));
  const { size } = statSync(journalOf(folder));
  appendFileSync(journalOf(folder), Buffer.alloc(300));
  const state = await openState(folder);
  expect(statSync(journalOf(folder)).size).toBe(size);
  state.noteStudy("1.2");
  await state.saved();
  await close(state);
  expect([...(await openState(folder)).openStudies()]).toHaveLength(1);
});

test.for([
  ["one line of something else", "patients\n"],
  ["something else without a line's end", "\u007fELF and so on"],
  ["a line of JSON that is no event", '{"other":1}\n'],
])("a file that is no journal is neither cut nor taken for an empty one: %s", async ([, text]) => {
  const folder = newFolder();
  await close(await openState(folder));
  writeFileSync(journalOf(folder), text!);
  await expect(openState(folder)).rejects.toMatchObject({
    code: "pacs/bad-state",
    message: `${journalOf(folder)}: this is not the journal of a state folder; restore the folder from a backup, or name a new one`,
  });
  expect(() => readJournal(journalOf(folder))).toThrow("this is not the journal of a state folder");
  expect(readFileSync(journalOf(folder), "utf8")).toBe(text);
});

test("folders with images and results are closed to others, however they were left", async () => {
  const folder = newFolder();
  await close(await openState(folder));
  for (const name of ["kept", "received"]) chmodSync(join(folder, name), 0o755);
  await openState(folder);
  for (const name of ["kept", "received"]) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o700);
});

test("a folder of a later version is not touched", async () => {
  const folder = newFolder();
  await close(await openState(folder));
  truncateSync(journalOf(folder), 0);
  writeFileSync(journalOf(folder), '{"event":"state","version":2}\n');
  await expect(openState(folder)).rejects.toMatchObject({ code: "pacs/bad-state" });
  expect(readFileSync(journalOf(folder), "utf8")).toBe('{"event":"state","version":2}\n');
});

test("two processes never share a folder", async () => {
  const folder = newFolder();
  const state = await openState(folder);
  await expect(openState(folder)).rejects.toMatchObject({ code: "file/in-use" });
  await close(state);
  await openState(folder);
});

test("an image that kills the process while it is read alone is set aside after a few deaths", async () => {
  const folder = newFolder();
  let state = await openState(folder);
  state.seeImage(state.noteStudy("1.2"), imageOf("1.2", "1.2.3"));
  // Deaths in company make it suspect, and no more.
  for (let death = 0; death < MOST_DEATHS + 1; death++) {
    state.beginAttempt(onlyImage(state), false);
    await state.saved();
    await close(state);
    state = await openState(folder);
    expect(onlyImage(state)).toMatchObject({ isSuspect: true, deaths: 0 });
  }
  for (let death = 1; death <= MOST_DEATHS; death++) {
    state.beginAttempt(onlyImage(state), true);
    await state.saved();
    await close(state);
    state = await openState(folder);
    if (death < MOST_DEATHS) expect(onlyImage(state).deaths).toBe(death);
  }
  expect([...state.openImages()].map(({ step, outcome }) => [step, outcome?.event])).toEqual([
    ["none", "aside"],
  ]);
  expect([...state.openImages()][0]!.outcome).toMatchObject({
    code: "pacs/deadly",
    reason: "the program was ended 5 times while it read this image alone",
  });
  expect(state.retryAside()).toBe(1);
  expect(onlyImage(state)).toMatchObject({ step: "read", deaths: 0, uid: "1.2.3" });
});

test("an attempt that ended with the program in an orderly way is no death", async () => {
  const folder = newFolder();
  const state = await openState(folder);
  state.seeImage(state.noteStudy("1.2"), imageOf("1.2", "1.2.3"));
  state.beginAttempt(onlyImage(state), true);
  state.stopAttempt(onlyImage(state));
  await state.saved();
  await close(state);
  expect(onlyImage(await openState(folder))).toMatchObject({ isSuspect: false, deaths: 0 });
});

test("what another model did is left alone, and done again when asked, with the reports it replaces", async () => {
  const folder = newFolder();
  const first = await openState(folder, { identity: "model A" });
  const image = imageOf("1.2", "1.2.3");
  first.seeImage(first.noteStudy("1.2"), image);
  await first.keepResults(onlyImage(first), resultsOf(onlyImage(first)));
  await first.accept(onlyImage(first));
  first.closeStudy(1, []);
  await first.saved();
  await close(first);

  const second = await openState(folder, { identity: "model B" });
  second.noteStudy("1.2");
  expect(second.seeImage(1, image)).toBe("known");
  expect(second.seeImage(1, image, { reprocess: true })).toBe("again");
  expect(onlyImage(second).predecessors).toEqual([
    { kind: "report", series: "1.2.3.A.0", class: "class-0", uid: "1.2.3.A.0.0" },
  ]);
  await second.saved();
  await close(second);

  const third = await openState(folder, { identity: "model B" });
  expect(onlyImage(third).predecessors.map(({ uid }) => uid)).toEqual(["1.2.3.A.0.0"]);
  await third.keepResults(onlyImage(third), resultsOf(onlyImage(third), "B"));
  await third.accept(onlyImage(third));
  third.closeStudy(1, []);
  third.noteStudy("1.2");
  expect(third.seeImage(1, image, { reprocess: true })).toBe("known");
  await third.saved();
  await close(third);
  const back = await openState(folder, { identity: "model A" });
  expect(back.seeImage(1, image, { reprocess: true })).toBe("again");
  expect(onlyImage(back).predecessors.map(({ uid }) => uid)).toEqual(["1.2.3.B.0.0"]);
});

test("results that were set aside are kept, and stored when put back", async () => {
  const folder = newFolder();
  const first = await openState(folder, { identity: "model A" });
  first.seeImage(first.noteStudy("1.2"), imageOf("1.2", "1.2.3"));
  const image = onlyImage(first);
  await first.keepResults(image, resultsOf(image));
  first.setAside(image, { code: "file/not-found", message: "never there" });
  first.closeStudy(1, []);
  await first.saved();
  await close(first);
  const second = await openState(folder, { identity: "model B" });
  expect(second.retryAside()).toBe(1);
  expect(onlyImage(second)).toMatchObject({ step: "store", failures: 0 });
  expect((await second.keptResults(onlyImage(second))).map(({ bytes }) => bytes.length)).toEqual([17, 18]);
  await second.accept(onlyImage(second));
  expect(eventsOf(folder).at(-1)).toMatchObject({ event: "accepted", identity: 1 });
});

test("files that no image needs are removed at the start", async () => {
  const folder = newFolder();
  await close(await openState(folder));
  writeFileSync(join(folder, "kept", "9.report.dcm"), "left");
  writeFileSync(join(folder, "kept", ".9.report.dcm.0123456789ab.part"), "left");
  await openState(folder);
  expect(readdirSync(join(folder, "kept"))).toEqual([]);
});

test("where the archive finds a study and its images now is known after a restart, also from a shorter journal", async () => {
  const folder = newFolder();
  const state = await openState(folder);
  const done = async (at: string): Promise<string> => {
    const study = state.noteStudy("1.2", at);
    const seen = state.seeImage(study, { ...imageOf("1.2", "1.2.3"), at: `${at} image` });
    const open = state.openImage(1);
    if (open?.step === "read") {
      await state.keepResults(open, resultsOf(open));
      await state.accept(open);
    }
    state.closeStudy(study, []);
    return seen;
  };
  expect([await done("here"), await done("here"), await done("there"), await done("there")]).toEqual([
    "new",
    "known",
    "again",
    "known",
  ]);
  for (let n = 0; n < 20; n++) await done("there");
  await state.saved();
  await close(state);
  for (const mostUseless of [1000, 1, 1]) {
    const next = await openState(folder, { mostUseless });
    expect(next.studyAt(1)).toEqual({ uid: "1.2", at: "there" });
    next.noteStudy("1.2", "there");
    expect(next.seeImage(1, { ...imageOf("1.2", "1.2.3"), at: "there image" })).toBe("known");
    await close(next);
  }
  // The study, its image and where they are now, how that ended, that it is done, and three for the whole.
  expect(eventsOf(folder).map(({ event }) => event)).toEqual([
    ...["state", "identity", "archive", "study", "image", "noted", "again", "accepted", "done"],
  ]);
});

test("a journal is made shorter without changing what it says", async () => {
  const folder = newFolder();
  const state = await openState(folder);
  for (let n = 0; n < 40; n++) {
    const study = state.noteStudy(`1.${n}`);
    state.seeImage(study, imageOf(`1.${n}`, `1.${n}.1`));
    const image = onlyImage(state);
    for (let i = 0; i < 5; i++) {
      state.beginAttempt(image, true);
      state.fail(image, "read", { code: "internal/unexpected", message: "no" }, i);
    }
    state.moveCursor(n + 1);
    if (n % 3 === 0) state.refuse(image, "pacs/not-frontal", "lateral");
    else await state.accept(image);
    if (n < 39) state.closeStudy(study, [], `stamp ${n}`);
  }
  await state.saved();
  await close(state);
  const before = eventsOf(folder);
  const shorter = await openState(folder, { mostUseless: 10 });
  const after = eventsOf(folder);
  expect(before.length).toBeGreaterThan(500);
  // Four lines for each study that is done, all lines of the one that is not, and four for the whole.
  expect(after).toHaveLength(39 * 4 + 13 + 4);
  expect(shorter.cursor).toBe(40);
  expect([...shorter.openStudies()].map(({ study }) => study)).toEqual([40]);
  expect(shorter.stampOf(17)).toBe("stamp 16");
  expect(shorter.studyAt(17)).toEqual({ uid: "1.16" });
  shorter.noteStudy("1.16");
  expect(shorter.seeImage(17, imageOf("1.16", "1.16.1"))).toBe("known");
  expect(readdirSync(folder).sort()).toEqual(["claim", "journal.ndjson", "kept", "received"]);
});
