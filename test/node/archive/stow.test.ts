import { expect, onTestFinished, test } from "vitest";
import { failureKind } from "../../../src/app/pacs/passing.ts";
import { DicomWeb } from "../../../src/node/archive/dicom-web.ts";
import { partsOf } from "../../../src/node/archive/multipart.ts";
import type { ResultObject } from "../../../src/report/dicom/result-object.ts";
import { type Answer, answering, failureOf, json, NOBODY, never, status } from "./answering.ts";

const STUDY = "1.2.826.0.1.3680043.9.9999.1";

const made = (number: number, kind: ResultObject["kind"] = "report", size = 10): ResultObject => ({
  kind,
  studyInstanceUid: STUDY,
  seriesInstanceUid: `${STUDY}.${number}`,
  sopClassUid: "1.2.840.10008.5.1.4.1.1.88.33",
  sopInstanceUid: `${STUDY}.${number}.1`,
  bytes: Buffer.alloc(size, number),
});

const report = made(7);
const overlay = made(8, "overlay");

interface Item {
  readonly of: ResultObject;
  readonly reason?: number;
}

const items = (list: readonly Item[]) => ({
  vr: "SQ",
  Value: list.map(({ of, reason }) => ({
    "00081155": { vr: "UI", Value: [of.sopInstanceUid] },
    ...(reason === undefined ? {} : { "00081197": { vr: "US", Value: [reason] } }),
  })),
});

const said = (stored: readonly ResultObject[], failed: readonly Item[] = []) => ({
  ...(stored.length > 0 ? { "00081199": items(stored.map((of) => ({ of }))) } : {}),
  ...(failed.length > 0 ? { "00081198": items(failed) } : {}),
});

/** Answers to STOW, and which objects are found afterwards. */
async function archive(toStow: Answer, there: readonly ResultObject[] = []) {
  const { url, seen } = await answering((response, one) => {
    if (one.method === "POST") return toStow(response, one);
    const found = there.filter(({ sopInstanceUid }) => sopInstanceUid === one.query["SOPInstanceUID"]);
    json(found.map(({ sopInstanceUid }) => ({ "00080018": { vr: "UI", Value: [sopInstanceUid] } })))(
      response,
      one,
    );
  });
  const web = await DicomWeb.open(url, NOBODY);
  onTestFinished(() => web.close());
  return { web, seen };
}

test("objects are sent as parts of one request", async () => {
  const { web, seen } = await archive(json(said([report, overlay])));
  await web.store([report, overlay], never);
  expect(seen.map(({ method, path }) => [method, path])).toEqual([["POST", `/studies/${STUDY}`]]);
  const [{ headers, body }] = seen as [(typeof seen)[number]];
  expect(headers.accept).toBe("application/dicom+json");
  expect(headers["content-type"]).toMatch(/^multipart\/related; type="application\/dicom"; boundary=\w+$/);
  expect(headers["content-length"]).toBe(String(body.length));
  const parts = partsOf(body, headers["content-type"]!, 2);
  expect(parts.map(({ type }) => type)).toEqual(["application/dicom", "application/dicom"]);
  expect(parts.map(({ bytes }) => Buffer.from(bytes))).toEqual([report.bytes, overlay.bytes]);
});

test("large objects are sent one after the other", async () => {
  const large = [made(1, "overlay", 20_000_000), made(2, "overlay", 20_000_000), made(3, "report")];
  const { web, seen } = await archive(json(said(large)));
  await web.store(large, never);
  expect(seen.map(({ body }) => Math.round(body.length / 1e6))).toEqual([20, 20]);
});

test.each<[string, Answer, readonly ResultObject[]]>([
  ["says so in a list of one", json([said([report, overlay])]), []],
  ["says nothing with a 200, and has them", status(200), [report, overlay]],
  [
    "answers 200 in XML, and has them",
    status(200, { "content-type": "application/dicom+xml" }, "<x/>"),
    [report, overlay],
  ],
  ["answers 202 with warnings and has them", json(said([report, overlay]), 202), []],
  ["answers 202 without a word and has them", status(202), [report, overlay]],
  [
    "calls them duplicates and has them",
    json(
      said(
        [],
        [
          { of: report, reason: 0x0111 },
          { of: overlay, reason: 0x0111 },
        ],
      ),
      409,
    ),
    [report, overlay],
  ],
  [
    "refuses one that it has, in a way of its own",
    json(said([overlay], [{ of: report, reason: 0xb00e }]), 202),
    [report],
  ],
  ["answers 409 without a word and has them", status(409), [report, overlay]],
])("objects count as stored if the archive %s", async (_, answer, there) => {
  const { web } = await archive(answer, there);
  await web.store([report, overlay], never);
});

test.each<[string, Answer, string, string, RegExp]>([
  [
    "has no room",
    json(said([report], [{ of: overlay, reason: 0xa700 }]), 202),
    "pacs/no-space",
    "archive",
    /the overlay: .* disk is full or cannot be written to; make room there$/,
  ],
  ["has no room for a request", status(507), "pacs/no-space", "archive", /make room there$/],
  [
    "could not process it",
    json(said([report], [{ of: overlay, reason: 0x0110 }]), 202),
    "pacs/store-failed",
    "passing",
    /the overlay: the archive did not store it \(202, reason 0110H\); look at its log and its disk$/,
  ],
  [
    "does not know the SOP class",
    json(said([overlay], [{ of: report, reason: 0x0122 }]), 202),
    "pacs/not-stored",
    "final",
    /the report: the archive did not store it: it takes no objects of this kind \(SOP class not supported\); allow the SOP class there, reason 0122H$/,
  ],
  [
    "does not understand it",
    json(said([], [{ of: report, reason: 0xc122 }]), 409),
    "pacs/not-stored",
    "final",
    /cannot understand the object, reason C122H$/,
  ],
  [
    "says 200 without a word and has nothing",
    status(200),
    "pacs/store-failed",
    "passing",
    /did not store it \(200\)/,
  ],
  [
    "says 200 with empty lists, as Orthanc does on a full disk",
    json({ "00081198": { vr: "SQ" }, "00081199": { vr: "SQ" } }),
    "pacs/store-failed",
    "passing",
    /did not store it \(200\)/,
  ],
  ["says 409 and has nothing", status(409), "pacs/store-failed", "passing", /did not store it \(409\)/],
  ["says 202 and has nothing", status(202), "pacs/store-failed", "passing", /did not store it \(202\)/],
  [
    "lists one as stored and has only that",
    json(said([report])),
    "pacs/store-failed",
    "passing",
    /the overlay/,
  ],
  [
    "says 200 and lists one as failed",
    json(said([report], [{ of: overlay }])),
    "pacs/store-failed",
    "passing",
    /the overlay: .*\(200\)/,
  ],
  ["fails", status(500), "pacs/server-error", "passing", /storing 2 objects: the archive failed \(500\)/],
  ["knows no such user", status(401), "pacs/unauthorised", "archive", /\(401\)/],
  ["allows no storing", status(403), "pacs/forbidden", "archive", /\(403\)/],
  ["finds it too large", status(413), "pacs/too-large", "final", /\(413\)/],
  [
    "answers with half of a JSON",
    status(200, { "content-type": "application/dicom+json" }, '{"00081'),
    "pacs/bad-answer",
    "passing",
    /no whole JSON/,
  ],
])("an archive that %s has not stored it", async (_, answer, code, kind, words) => {
  const { web } = await archive(answer);
  const error = await failureOf(web.store([report, overlay], never));
  expect(error.code).toBe(code);
  expect(failureKind(error)).toBe(kind);
  expect(error.message).toMatch(words);
  expect(error.message + JSON.stringify(error.details)).not.toContain(STUDY);
});
