/** In which order things reach the disk, and what a full disk does. */

import { type FileHandle, open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { Journal } from "../../../src/app/pacs/state/journal.ts";
import { Disk } from "../../../src/app/pacs/work/disk.ts";
import { Voice } from "../../../src/app/pacs/work/voice.ts";
import { XrayError } from "../../../src/errors.ts";
import { fileError } from "../../../src/node/files.ts";
import { imageOf, newFolder, onlyImage, openState, resultsOf } from "./state-support.ts";

afterEach(() => vi.restoreAllMocks());

/** The class of open files, whose calls can be watched. */
async function fileClass(): Promise<FileHandle> {
  const path = `${newFolder()}-probe`;
  await writeFile(path, "");
  const file = await open(path);
  await file.close();
  await rm(path);
  return Object.getPrototypeOf(file) as FileHandle;
}

/** Watch what is written and synced, in order. Files are told apart by what is in them. */
async function watched(): Promise<string[]> {
  const order: string[] = [];
  const calls = await fileClass();
  const { write, sync, datasync } = calls;
  vi.spyOn(calls, "write").mockImplementation(function (this: FileHandle, ...args: unknown[]) {
    const text = Buffer.from(args[0] as Uint8Array).toString();
    for (const [, event] of text.matchAll(/"event":"(\w+)"/g)) order.push(event!);
    if (!text.includes('"event"')) order.push(text);
    return Reflect.apply(write, this, args) as never;
  });
  vi.spyOn(calls, "sync").mockImplementation(function (this: FileHandle) {
    order.push("sync");
    return Reflect.apply(sync, this, []);
  });
  vi.spyOn(calls, "datasync").mockImplementation(function (this: FileHandle) {
    order.push("journal synced");
    return Reflect.apply(datasync, this, []);
  });
  return order;
}

test("an attempt is on the disk before it begins, results before they are announced, all before it is relied on", async () => {
  const state = await openState(newFolder());
  state.seeImage(state.noteStudy("1"), imageOf("1", "1.1"));
  await state.saved();
  const image = onlyImage(state);
  const order = await watched();
  state.beginAttempt(image, false);
  await state.saved();
  order.push("read");
  await state.keepResults(image, resultsOf(image));
  order.push("store");
  await state.accept(image);
  order.push("accepted by us");
  expect(order).toEqual([
    "try",
    "journal synced",
    "read",
    "report A of 1.1",
    "sync",
    "overlay A of 1.1",
    "sync",
    "kept",
    "journal synced",
    "store",
    "accepted",
    "journal synced",
    "accepted by us",
  ]);
});

test("events that could not be written wait, in order, and are written before later ones", async () => {
  const path = join(newFolder(), "..", "journal");
  const journal = await Journal.open(path, () => undefined);
  journal.add({ event: "cursor", since: 1 });
  await journal.saved();
  const calls = await fileClass();
  const full = vi
    .spyOn(calls, "write")
    .mockRejectedValue(Object.assign(new Error("no space"), { code: "ENOSPC" }));
  const offset = journal.add({ event: "cursor", since: 2 });
  await expect(journal.saved()).rejects.toMatchObject({
    code: "file/not-accessible",
    message: `${path}: the disk is full`,
  });
  expect(journal.at(offset)).toEqual({ event: "cursor", since: 2 });
  full.mockRestore();
  journal.add({ event: "cursor", since: 3 });
  await journal.saved();
  expect(journal.at(offset)).toEqual({ event: "cursor", since: 2 });
  await journal.close();
  const events: unknown[] = [];
  Journal.read(path, (event) => events.push(event));
  expect(events).toEqual([1, 2, 3].map((since) => ({ event: "cursor", since })));
});

test.each([
  ["ENOSPC", "the disk is full", "make room for the state folder"],
  ["EDQUOT", "the disk quota is used up", "make room for the state folder"],
  ["EROFS", "the disk is read-only", "let this program read and write its state folder again"],
  ["EACCES", "permission to access it is denied", "let this program read and write its state folder again"],
])(
  "a disk that fails (%s) makes the work wait, and is told once with what helps",
  async (code, why, helps) => {
    let now = 0;
    const said: string[] = [];
    const clock = {
      now: () => now,
      pause: async (ms: number) => {
        now += ms;
      },
    };
    const disk = new Disk(clock, new Voice((line) => said.push(line), clock.now));
    let tries = 0;
    const done = await disk.persist(async () => {
      tries += 1;
      if (tries < 10) throw fileError("journal.ndjson", Object.assign(new Error(), { code }));
      return "done";
    }, new AbortController().signal);
    expect([done, tries]).toEqual(["done", 10]);
    expect(now).toBeGreaterThan(100_000);
    expect(said).toEqual([
      `journal.ndjson: ${why}. Nothing is lost; ${helps}, and the work goes on`,
      "the state folder can be written to again",
    ]);
    const other = async () => {
      throw new XrayError("pacs/bad-state", "damaged");
    };
    await expect(disk.persist(other, new AbortController().signal)).rejects.toMatchObject({
      code: "pacs/bad-state",
    });
  },
);
