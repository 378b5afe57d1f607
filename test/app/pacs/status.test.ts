import { chmodSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { pacsStatus } from "../../../src/app/pacs/state/status.ts";
import { pacsStatusText } from "../../../src/report/pacs/status-text.ts";
import { PACS_STATUS } from "../../../src/results/pacs-status.ts";
import { problemIn } from "../../../src/schema/schema.ts";
import { close, imageOf, newFolder, openState, resultsOf } from "./state-support.ts";

const ABOUT = { model: "m.safetensors", sha256: "ab".repeat(32), version: "0.1.0" };

/** A state folder with an image in each state, which is still in use. */
async function someWork() {
  const folder = newFolder();
  let time = Date.parse("2026-11-27T08:00:00Z");
  const state = await openState(folder, { about: ABOUT, now: () => time });
  for (let n = 1; n <= 30; n++) {
    const study = state.noteStudy(`1.${n}`);
    state.seeImage(study, imageOf(`1.${n}`, `1.${n}.1`));
    const image = [...state.openImages()].at(-1)!;
    if (n === 2) state.setAside(image, { code: "pacs/refused", message: "the archive refused it" });
    else state.refuse(image, "pacs/not-frontal", "lateral");
    state.closeStudy(study, n === 30 ? [{ code: "pacs/other-modality", count: 3 }] : []);
    time += 1000;
  }
  const study = state.noteStudy("2");
  for (const sop of ["2.1", "2.2", "2.3", "2.4"]) state.seeImage(study, imageOf("2", sop));
  const [stored, kept, failed] = [...state.openImages()] as [never, never, never, never];
  await state.keepResults(stored, resultsOf(stored));
  await state.accept(stored);
  await state.keepResults(kept, resultsOf(kept));
  state.fail(
    failed,
    "fetch",
    { code: "pacs/server-error", message: "the archive failed (500)" },
    time + 10_000,
  );
  state.moveCursor(4711);
  await state.saved();
  return folder;
}

test("an archive that is away is told, with the time and the reason, until it works or the program starts again", async () => {
  const folder = newFolder();
  let time = Date.parse("2026-11-27T08:00:00Z");
  const state = await openState(folder, { now: () => time });
  expect(pacsStatus(folder, false).away).toBeNull();
  state.noteAway({ code: "pacs/no-connection", message: "archive: nothing listens" });
  time += 60_000;
  state.noteAway({ code: "pacs/no-connection", message: "archive: nothing listens" });
  state.noteAway({ code: "pacs/unauthorised", message: "archive: it does not know this user" });
  await state.saved();
  const away = pacsStatus(folder, false);
  expect(problemIn(PACS_STATUS, away)).toBeUndefined();
  expect(away.away).toEqual({
    since: "2026-11-27T08:00:00.000Z",
    code: "pacs/unauthorised",
    message: "archive: it does not know this user",
  });
  expect(pacsStatusText(away)).toContain(
    "Away since : 2026-11-27T08:00:00.000Z: archive: it does not know this user (pacs/unauthorised)\n",
  );
  state.noteBack();
  await state.saved();
  expect(pacsStatus(folder, false).away).toBeNull();
  state.noteAway({ code: "pacs/timeout", message: "archive: no answer" });
  await state.saved();
  await close(state);
  expect(pacsStatus(folder, false).away).not.toBeNull();
  await openState(folder);
  expect(pacsStatus(folder, false).away).toBeNull();
});

test("what is done, waiting and set aside is told while the folder is in use", async () => {
  const folder = await someWork();
  const status = pacsStatus(folder, false);
  expect(problemIn(PACS_STATUS, status)).toBeUndefined();
  expect(status).toMatchObject({
    studies: { total: 31, done: 30 },
    images: { total: 34, stored: 1, passed_over: 29, set_aside: 1, waiting: 3 },
    cursor: 4711,
    readers: [{ name: "m.safetensors", sha256: ABOUT.sha256, version: "0.1.0" }],
  });
  // The one that was set aside, the last twenty, and the one that is not done.
  expect(status.listed.map(({ study }) => study)).toEqual([
    2,
    ...Array.from({ length: 21 }, (_, i) => i + 11),
  ]);
  expect(status.listed[0]!.images).toMatchObject([
    { state: "set-aside", reason: { code: "pacs/refused", message: "the archive refused it" } },
  ]);
  expect(status.listed.at(-2)!.not_fetched).toEqual([{ code: "pacs/other-modality", count: 3 }]);
  expect(status.listed.at(-1)!.images.map(({ state }) => state)).toEqual([
    "stored",
    "kept",
    "waiting",
    "waiting",
  ]);
  expect(
    status.listed.at(-1)!.images[0]!.results.map(({ kind, sop_instance_uid }) => [kind, sop_instance_uid]),
  ).toEqual([
    ["report", "2.1.A.0.0"],
    ["overlay", "2.1.A.1.0"],
  ]);
  expect(pacsStatus(folder, true).listed).toHaveLength(31);
});

test("as text, with when a failed one is tried again", async () => {
  const text = pacsStatusText(pacsStatus(await someWork(), false)).split("\n");
  expect(text.slice(0, 8)).toEqual([
    "Images from: Orthanc at http://127.0.0.1:8042",
    "Studies    : 31, 30 of them done",
    "Images     : 1 stored, 29 passed over, 1 set aside, 3 waiting",
    "Changes    : read up to number 4,711",
    `Read with  : m.safetensors (sha256 ${ABOUT.sha256}), version 0.1.0`,
    "",
    "study 2 1.2: done",
    "  image 1.2.1: set aside: the archive refused it (pacs/refused)",
  ]);
  expect(text.slice(-11)).toEqual(
    [
      "study 30 1.30: done",
      "  image 1.30.1: passed over: lateral (pacs/not-frontal)",
      "  3 objects not fetched",
      "study 31 2: not done",
      "  image 2.1: stored",
      "    report 2.1.A.0.0",
      "    overlay 2.1.A.1.0",
      "  image 2.2: read; its results wait to be stored",
      "  image 2.3: waiting to be read; failed 1 time, tried again at 2026-11-27T08:00:40.000Z: the archive failed (500) (pacs/server-error)",
      "  image 2.4: waiting to be read",
      "9 more studies done",
      "",
    ].slice(-11),
  );
});

test("a folder in which nothing has worked is named", () => {
  const folder = newFolder();
  expect(() => pacsStatus(folder, false)).toThrow(
    expect.objectContaining({
      code: "pacs/no-state",
      message: `${folder}: there is no journal in this folder; name the state folder of a watcher or a listener`,
    }),
  );
});

test("a journal that cannot be read is not taken for none", () => {
  const folder = newFolder();
  mkdirSync(join(folder, "journal.ndjson"), { recursive: true });
  expect(() => pacsStatus(folder, false)).toThrow(
    expect.objectContaining({
      code: "file/not-accessible",
      message: `${join(folder, "journal.ndjson")}: this is a folder, not a file`,
    }),
  );
});

test.skipIf(process.getuid?.() !== 0)(
  "a folder that may not be entered is not taken for an empty one (needs root)",
  async () => {
    const folder = newFolder();
    await openState(folder);
    chmodSync(dirname(folder), 0o755);
    const NOBODY = 65_534;
    process.seteuid!(NOBODY);
    try {
      expect(() => pacsStatus(folder, false)).toThrow(
        expect.objectContaining({
          code: "file/not-accessible",
          message: `${join(folder, "journal.ndjson")}: permission to access it is denied`,
        }),
      );
    } finally {
      process.seteuid!(0);
    }
  },
);
