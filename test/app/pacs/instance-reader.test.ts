/** The built reader, for its threads are files of the build. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { InstanceReader } from "../../../src/app/pacs/instance-reader.ts";
import type { ImageOutcome } from "../../../src/app/pacs/ports.ts";
import type { ReaderRequest } from "../../../src/app/pacs/reader-request.ts";
import { readDicom } from "../../../src/formats/dicom/read-dicom.ts";
import { decodeImage } from "../../../src/node/decode.ts";
import { Desk, putSmallDemo } from "../../cli/run.ts";
import { type Attributes, dicomFile, pictureAttributes } from "../../support/dicom-file.ts";

const BUILT = new URL("../../../dist/app/pacs/instance-reader.js", import.meta.url).href;
const EXAMPLE = new URL("../../../examples/images/00000001_000.png", import.meta.url);

const desk = new Desk();
const opened: InstanceReader[] = [];
afterAll(async () => {
  for (const reader of opened) await reader.close();
  desk.remove();
});

async function open(changes: Partial<ReaderRequest> = {}): Promise<InstanceReader> {
  const { InstanceReader } = (await import(
    BUILT
  )) as typeof import("../../../src/app/pacs/instance-reader.ts");
  const request: ReaderRequest = {
    model: desk.path("m.safetensors"),
    threshold: 0.5,
    style: "report",
    gradcam: false,
    findings: ["top"],
    force: false,
    modalities: ["CR", "DX"],
    ...changes,
  };
  const reader = await InstanceReader.open(request, () => undefined);
  opened.push(reader);
  return reader;
}

let chest: Attributes;
let reader: InstanceReader;

beforeAll(async () => {
  putSmallDemo(desk, "m.safetensors");
  const { width, height, data } = await decodeImage(new Uint8Array(readFileSync(EXAMPLE)));
  chest = { ...pictureAttributes(width, height), "7fe00010": ["OB", data as Uint8Array] };
  reader = await open({ gradcam: true });
});

const image = (uid: string, more: Attributes = {}): Uint8Array =>
  dicomFile({ uid, attributes: { ...chest, "0020000d": ["UI", "1.2.3"], ...more } });

const uidsOf = (outcome: ImageOutcome): string[] =>
  outcome.kind === "made" ? outcome.objects.map(({ sopInstanceUid }) => sopInstanceUid) : [];

test("an image becomes a report and an overlay of its study, with its size, under the same UIDs every time", async () => {
  const outcome = await reader.read(image("1.2.3.4"));
  expect(outcome.kind === "made" && outcome.objects.map(({ kind }) => kind)).toEqual(["report", "overlay"]);
  if (outcome.kind !== "made") return;
  for (const { studyInstanceUid } of outcome.objects) expect(studyInstanceUid).toBe("1.2.3");
  const { elements } = await readDicom(outcome.objects[1]!.bytes);
  expect([elements.integer("x00280011"), elements.integer("x00280010")]).toEqual([
    chest["00280011"]![1],
    chest["00280010"]![1],
  ]);
  expect(uidsOf(await reader.read(image("1.2.3.4")))).toEqual(uidsOf(outcome));
});

test("images that are read at once get what each gets alone", async () => {
  const images = ["1.2.1", "1.2.2", "1.2.3"].map((uid) => image(uid));
  const together = await Promise.all(images.map((bytes) => reader.read(bytes)));
  for (const [i, outcome] of together.entries())
    expect(uidsOf(outcome)).toEqual(uidsOf(await reader.read(images[i]!)));
  expect(new Set(together.flatMap(uidsOf)).size).toBe(6);
});

test("other options, styles and models have another identity and other objects", async () => {
  const plain = await open();
  const text = await open({ style: "text" });
  const other = await open({ threshold: 0.3 });
  expect(new Set([reader, plain, text, other].map(({ identity }) => identity.key)).size).toBe(4);
  const made = await Promise.all([plain, text, other].map((one) => one.read(image("1.2.3.4"))));
  expect(new Set(made.flatMap(uidsOf)).size).toBe(3);
  expect((await open()).identity.key).toBe(plain.identity.key);
});

test.for([
  ["another modality", { "00080060": ["CS", "CT"] }, "pacs/other-modality"],
  ["a lateral view", { "00185101": ["CS", "LL"] }, "pacs/not-frontal"],
  ["pixels that are cut off", { "7fe00010": ["OB", new Uint8Array(100)] }, "dicom/damaged"],
] as const)("%s is refused with a reason that names no UID", async ([, more, code]) => {
  const outcome = await reader.read(image("1.2.3.4", more as Attributes));
  expect(outcome).toMatchObject({ kind: "refused" });
  if (outcome.kind !== "refused") return;
  expect(outcome.code).toBe(code);
  expect(outcome.reason).not.toMatch(/1\.2\.3/);
});

test("what no check would let through is read on request", async () => {
  const forced = await open({ force: true });
  const outcome = await forced.read(image("1.2.3.4", { "00080060": ["CS", "OT"], "00185101": ["CS", "LL"] }));
  expect(outcome.kind).toBe("made");
});

test("reports, results of ours and bytes that are no DICOM file are refused", async () => {
  const outcome = await reader.read(image("1.2.3.4"));
  if (outcome.kind !== "made") throw new Error("not made");
  const codes = await Promise.all(
    [
      ...outcome.objects.map(({ bytes }) => bytes),
      dicomFile({ sopClass: "1.2.840.10008.5.1.4.1.1.88.11" }),
    ].map(async (bytes) => {
      const again = await reader.read(bytes);
      return again.kind === "refused" && again.code;
    }),
  );
  expect(codes).toEqual(["pacs/own-result", "pacs/own-result", "pacs/no-image"]);
  const none = await reader.read(new Uint8Array(readFileSync(EXAMPLE)));
  expect(none).toMatchObject({ kind: "refused", code: "pacs/no-image" });
});

test("a report that replaces others names them", async () => {
  const predecessor = {
    studyInstanceUid: "1.2.3",
    seriesInstanceUid: "1.2.3.9",
    sopClassUid: "1.2.840.10008.5.1.4.1.1.88.33",
    sopInstanceUid: "1.2.3.9.1",
  };
  const outcome = await reader.read(image("1.2.3.4"), { predecessors: [predecessor] });
  if (outcome.kind !== "made") throw new Error("not made");
  const { elements } = await readDicom(outcome.objects[0]!.bytes);
  const [study] = elements.sequence("x0040a360");
  const [series] = study!.sequence("x00081115");
  const [named] = series!.sequence("x00081199");
  expect(named!.text("x00081155")).toBe("1.2.3.9.1");
});

test("a signal ends the wait", async () => {
  const stop = new AbortController();
  stop.abort(new Error("stopped"));
  await expect(reader.read(image("1.2.3.4"), { signal: stop.signal })).rejects.toThrow("stopped");
});
