/** What becomes of a study's images, whatever the archive and the images do. */

import { expect, test } from "vitest";
import { RADIOGRAPHS } from "../../../src/app/pacs/candidates.ts";
import type { ImageOutcome } from "../../../src/app/pacs/ports.ts";
import {
  type ImageReader,
  Study,
  type StudyArchive,
  type StudyOutcome,
} from "../../../src/app/pacs/study.ts";
import { type ErrorCode, XrayError } from "../../../src/errors.ts";
import type { ArchiveImage } from "../../../src/node/archive/ports.ts";
import { FinalError, ServerError } from "../../../src/node/retry.ts";
import type { ObjectKind, ResultObject } from "../../../src/report/dicom/result-object.ts";

const STUDY = "1.2.826.0.1.3680043.9.9999.1";
const CR = "1.2.840.10008.5.1.4.1.1.1";
const SR = "1.2.840.10008.5.1.4.1.1.88.33";
const never = new AbortController().signal;

const image = (number: number, more: Partial<ArchiveImage> = {}): ArchiveImage => ({
  studyInstanceUid: STUDY,
  seriesInstanceUid: `${STUDY}.1`,
  sopInstanceUid: `${STUDY}.1.${number}`,
  sopClassUid: CR,
  modality: "CR",
  ...more,
});

const made = (number: number, kind: ObjectKind): ResultObject => ({
  kind,
  studyInstanceUid: STUDY,
  seriesInstanceUid: `${STUDY}.${kind}`,
  sopClassUid: SR,
  sopInstanceUid: `${STUDY}.9.${kind === "overlay" ? 2 : 1}.${number}`,
  bytes: new Uint8Array([number]),
});

/** An archive that keeps what it is given; files are the images' numbers. */
class Kept implements StudyArchive {
  readonly shown = "http://archive";
  readonly all: ArchiveImage[];
  readonly fetched: number[] = [];
  readonly stores: string[][] = [];
  /** Thrown, one after the other, by what they are named for. */
  readonly failures: { readonly on: "instances" | "fetch" | "store"; readonly error: Error }[] = [];

  constructor(all: ArchiveImage[]) {
    this.all = all;
  }

  #fail(on: string): void {
    const at = this.failures.findIndex((failure) => failure.on === on);
    if (at >= 0) throw this.failures.splice(at, 1)[0]!.error;
  }

  async instances() {
    this.#fail("instances");
    return [...this.all];
  }

  async fetch({ sopInstanceUid }: ArchiveImage) {
    const number = Number(sopInstanceUid.split(".").at(-1));
    this.fetched.push(number);
    this.#fail("fetch");
    return new Uint8Array([number]);
  }

  async store(objects: readonly ResultObject[]) {
    this.#fail("store");
    this.stores.push(objects.map(({ kind, bytes }) => `${kind} ${bytes[0]}`));
    for (const { bytes: _, kind: __, ...object } of objects) this.all.push({ ...object, modality: "SR" });
  }
}

const reading = (...refusals: readonly (readonly [number, ErrorCode])[]): ImageReader => ({
  read: async (bytes): Promise<ImageOutcome> => {
    const number = bytes[0]!;
    const refusal = refusals.find(([refused]) => refused === number);
    if (refusal !== undefined) return { kind: "refused", code: refusal[1], reason: `refused ${number}` };
    return { kind: "made", objects: [made(number, "report"), made(number, "overlay")] };
  },
});

const request = { studyInstanceUid: STUDY, dryRun: false, modalities: RADIOGRAPHS, retries: { pauseMs: 1 } };

async function run(archive: Kept, reader = reading(), more: object = {}): Promise<StudyOutcome[]> {
  const study = await Study.list(archive, { ...request, ...more }, never);
  const outcomes: StudyOutcome[] = [];
  for await (const outcome of study.outcomes(reader, never)) outcomes.push(outcome);
  return outcomes;
}

async function failure(work: Promise<unknown>): Promise<XrayError> {
  return work.then(
    () => expect.fail("it did not fail"),
    (error: XrayError) => error,
  );
}

const server = (code: ErrorCode, words = "it failed") => new ServerError(code, words, {}, 0);
const ALL: StudyOutcome = { kind: "made", stored: ["report", "overlay"], there: [] };

test("each image's objects are stored, in the archive's order", async () => {
  const archive = new Kept(Array.from({ length: 9 }, (_, i) => image(i + 1)));
  expect(await run(archive)).toEqual(Array(9).fill(ALL));
  expect(archive.fetched).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(archive.stores.map(([first]) => first).sort()).toEqual(
    Array.from({ length: 9 }, (_, i) => `report ${i + 1}`),
  );
});

test("a second run stores nothing, and our own results are not fetched", async () => {
  const archive = new Kept([image(1)]);
  await run(archive);
  expect(await run(archive)).toEqual([{ kind: "made", stored: [], there: ["report", "overlay"] }]);
  expect(archive.stores).toHaveLength(1);
  expect(archive.fetched).toEqual([1, 1]);
});

test("of objects of which one is there, the other is stored", async () => {
  const archive = new Kept([image(1)]);
  const { bytes: _, kind: __, ...report } = made(1, "report");
  archive.all.push({ ...report, modality: "SR" });
  expect(await run(archive)).toEqual([{ kind: "made", stored: ["overlay"], there: ["report"] }]);
  expect(archive.stores).toEqual([["overlay 1"]]);
});

test("a dry run stores nothing", async () => {
  const archive = new Kept([image(1)]);
  expect(await run(archive, reading(), { dryRun: true })).toEqual([ALL]);
  expect(archive.stores).toEqual([]);
});

test("what is no image to read is not fetched", async () => {
  const archive = new Kept([
    image(1),
    image(2, { sopClassUid: SR, modality: "SR" }),
    image(3, { sopClassUid: "1.2.840.10008.5.1.4.1.1.2", modality: "CT" }),
    image(4, { modality: "DX", seriesDescription: "Medical-X overlay - research use only" }),
    image(5, { modality: undefined, sopClassUid: undefined }),
    image(6, { modality: "DX", seriesDescription: "Chest PA - research use only" }),
  ]);
  const study = await Study.list(archive, request, never);
  expect([study.images.length, study.others]).toEqual([3, 3]);
  expect(await run(archive)).toHaveLength(3);
  expect(archive.fetched).toEqual([1, 5, 6]);
});

test("with any modality allowed, other images are fetched, but neither reports nor our own results", async () => {
  const archive = new Kept([
    image(1, { modality: "OT" }),
    image(2, { sopClassUid: SR, modality: "SR" }),
    image(3, { seriesDescription: "Medical-X overlay - research use only" }),
  ]);
  await run(archive, reading(), { modalities: undefined });
  expect(archive.fetched).toEqual([1]);
});

test("a refused image is a failure of its own, a lateral is passed over, and the others are done", async () => {
  const archive = new Kept([image(1), image(2), image(3)]);
  const reader = reading([1, "input/not-frontal-chest"], [2, "pacs/not-frontal"]);
  const [first, second, third] = await run(archive, reader);
  expect(first).toMatchObject({
    kind: "failed",
    error: { code: "input/not-frontal-chest", message: "refused 1" },
  });
  expect(second).toEqual({ kind: "passed-over", reason: "refused 2" });
  expect(third).toEqual(ALL);
});

test("what may pass is tried again", async () => {
  const archive = new Kept([image(1)]);
  archive.failures.push(
    { on: "instances", error: new XrayError("pacs/no-connection", "refused") },
    { on: "fetch", error: server("pacs/server-error") },
    { on: "fetch", error: server("pacs/bad-answer") },
    { on: "store", error: server("pacs/busy") },
    { on: "store", error: server("pacs/store-failed") },
  );
  expect(await run(archive)).toEqual([ALL]);
});

test("an image that cannot be had is told, and the others are done", async () => {
  const archive = new Kept([image(1), image(2)]);
  archive.failures.push({ on: "fetch", error: new FinalError("pacs/not-found", "gone") });
  expect(await run(archive)).toEqual([
    { kind: "failed", error: expect.objectContaining({ code: "pacs/not-found" }) },
    ALL,
  ]);
});

test("an object that the archive never takes is told after a single attempt", async () => {
  const archive = new Kept([image(1)]);
  archive.failures.push({ on: "store", error: new FinalError("pacs/not-stored", "no such class") });
  expect(await run(archive)).toEqual([
    { kind: "failed", error: expect.objectContaining({ code: "pacs/not-stored" }) },
  ]);
  expect(archive.stores).toEqual([]);
});

test.each<ErrorCode>(["pacs/unauthorised", "pacs/forbidden", "pacs/no-interface", "pacs/tls"])(
  "%s ends the run at once: it would be the same for every image",
  async (code) => {
    const archive = new Kept([image(1), image(2)]);
    archive.failures.push({ on: "store", error: server(code) });
    expect((await failure(run(archive))).code).toBe(code);
    expect(archive.fetched.length).toBeLessThanOrEqual(2);
  },
);

test("an archive that stays away ends the run after some attempts", async () => {
  const archive = new Kept([image(1)]);
  for (let i = 0; i < 4; i++)
    archive.failures.push({ on: "fetch", error: new XrayError("pacs/no-connection", "refused") });
  expect((await failure(run(archive))).code).toBe("pacs/no-connection");
  expect(archive.fetched).toHaveLength(4);
});

test("a study that is not there", async () => {
  const error = await failure(run(new Kept([])));
  expect(error.code).toBe("pacs/no-study");
  expect(error.message).toBe(
    "http://archive: the archive has no study of this UID, or shows it to nobody with these credentials; check both",
  );
});

test("a failure of the machine ends the run", async () => {
  const reader: ImageReader = {
    read: async () => {
      throw new XrayError("runtime/no-session", "it could not start");
    },
  };
  expect((await failure(run(new Kept([image(1), image(2)]), reader))).code).toBe("runtime/no-session");
});
