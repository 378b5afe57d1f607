import { expect, test } from "vitest";
import { makeResultObjects } from "../../../src/report/dicom/make-objects.ts";
import { dicomFile, pictureAttributes } from "../../support/dicom-file.ts";
import { resultOfLabels } from "../../support/results.ts";
import { objectsOf, reportOf, requestFor } from "./read-back.ts";

const OVERLAY = { width: 5, height: 3, data: Uint8Array.from({ length: 45 }, (_, i) => i * 5) };

test("a result becomes a report and an overlay, each in a series of its own in the image's study", async () => {
  const source = dicomFile({
    attributes: { ...pictureAttributes(), "0020000d": ["UI", "1.2.3"], "0020000e": ["UI", "1.2.3.4"] },
  });
  const objects = await objectsOf({ overlay: OVERLAY }, source);
  expect(objects.map(({ object }) => [object.kind, object.sopClassUid])).toEqual([
    ["report", "1.2.840.10008.5.1.4.1.1.88.33"],
    ["overlay", "1.2.840.10008.5.1.4.1.1.7"],
  ]);
  for (const { object, file, elements } of objects) {
    expect(file.transferSyntaxUid).toBe("1.2.840.10008.1.2.1");
    expect(file.notes).toEqual([]);
    expect(file.missing).toBe(0);
    expect(elements.text("x0020000d")).toBe("1.2.3");
    expect(elements.text("x0020000e")).toBe(object.seriesInstanceUid);
    expect(elements.text("x00080016")).toBe(object.sopClassUid);
    expect(elements.text("x00080018")).toBe(object.sopInstanceUid);
    expect(file.meta.text("x00020003")).toBe(object.sopInstanceUid);
  }
  expect(
    new Set(objects.flatMap(({ object }) => [object.seriesInstanceUid, object.sopInstanceUid])).size,
  ).toBe(4);
});

test("the descriptions of the series are those that archives search for", async () => {
  const objects = await objectsOf({ overlay: OVERLAY });
  expect(objects.map(({ elements }) => elements.text("x0008103e"))).toEqual([
    "Medical-X report - research use only",
    "Medical-X overlay - research use only",
  ]);
});

test("an archive can be searched for the results of one model", async () => {
  const sha256 = "fedcba9876543210".repeat(4);
  const { model } = resultOfLabels();
  const objects = await objectsOf({
    overlay: OVERLAY,
    result: resultOfLabels(undefined, { model: { ...model, sha256 } }),
  });
  for (const { elements } of objects) {
    expect(elements.text("x00081090")).toBe("Medical-X");
    expect(elements.text("x00181000")).toBe(sha256);
  }
});

test("the overlay holds the pixels that were drawn, in RGB", async () => {
  const { elements } = (await objectsOf({ overlay: OVERLAY }))[1]!;
  expect([...elements.bytes("x7fe00010")!]).toEqual([...OVERLAY.data, 0]);
  expect(elements.text("x00280004")).toBe("RGB");
  expect(["x00280010", "x00280011", "x00280002", "x00280100"].map((tag) => elements.integer(tag))).toEqual([
    3, 5, 3, 8,
  ]);
  expect(elements.text("x00080060")).toBe("DX");
  expect(elements.text("x00180015")).toBe("CHEST");
  expect(elements.raw("x00200060")).toBeUndefined();
});

test("a report is not verified, preliminary, and says what it is for", async () => {
  const { elements } = await reportOf();
  expect(["x0040a491", "x0040a493", "x0040a496"].map((tag) => elements.text(tag))).toEqual([
    "COMPLETE",
    "UNVERIFIED",
    "PRELIMINARY",
  ]);
});

test("the same call makes the same bytes, and another one other UIDs", async () => {
  const request = await requestFor();
  const uidsOf = async (changes: Partial<typeof request>): Promise<string> => {
    const [report] = await makeResultObjects({ ...request, ...changes });
    return `${report!.seriesInstanceUid} ${report!.sopInstanceUid}`;
  };
  const [first, second] = [await makeResultObjects(request), await makeResultObjects(request)];
  expect(Buffer.compare(first[0]!.bytes, second[0]!.bytes)).toBe(0);
  const { model } = request.result;
  const others = [
    {},
    { options: '{"findings":"all"}' },
    { style: "text" },
    { style: "tid1500" },
    { result: resultOfLabels(undefined, { model: { ...model, sha256: "f".repeat(64) } }) },
    { source: (await requestFor({}, dicomFile({ uid: "1.2.3.4.6" }))).source },
  ] as const;
  const uids = await Promise.all(others.map(uidsOf));
  expect(new Set(uids).size).toBe(others.length);
  for (const uid of uids.flatMap((both) => both.split(" "))) {
    expect(uid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
  }
  expect(await uidsOf({ madeAt: new Date(0) })).toBe(uids[0]);
});

test("an image without a SOP Instance UID is refused in words that say why", async () => {
  const source = dicomFile({ uid: "", hasPreamble: false });
  await expect(objectsOf({}, source)).rejects.toMatchObject({
    code: "dicom/no-uid",
    message:
      "the DICOM file has no valid SOP Instance UID (0008,0018), which a DICOM object about it must name; give it one, or take its result in another format",
  });
});
