import { expect, onTestFinished, test } from "vitest";
import { hasUids } from "../../../src/app/pacs/candidates.ts";
import { failureKind } from "../../../src/app/pacs/passing.ts";
import { DicomWeb } from "../../../src/node/archive/dicom-web.ts";
import type { ArchiveImage } from "../../../src/node/archive/ports.ts";
import { dicomFile, pictureAttributes } from "../../support/dicom-file.ts";
import { type Answer, answering, failureOf, json, NOBODY, never, status } from "./answering.ts";

const STUDY = "1.2.826.0.1.3680043.9.9999.1";
const SERIES = `${STUDY}.2`;
const SOP = `${SERIES}.3`;
const CR = "1.2.840.10008.5.1.4.1.1.1";

const image: ArchiveImage = {
  studyInstanceUid: STUDY,
  seriesInstanceUid: SERIES,
  sopInstanceUid: SOP,
  sopClassUid: CR,
  modality: "CR",
};

async function archive(answer: Answer) {
  const { url, seen } = await answering(answer);
  const web = await DicomWeb.open(`${url}/dicom-web`, NOBODY);
  onTestFinished(() => web.close());
  return { web, seen, url };
}

const value = (vr: string, ...values: unknown[]) => ({ vr, Value: values });

const series = (uid: string, modality: string, description?: string) => ({
  "0020000E": value("UI", uid),
  "00080060": value("CS", modality),
  ...(description === undefined ? {} : { "0008103E": value("LO", description) }),
});

const instance = (sop: string, seriesUid: string, sopClass = CR) => ({
  "00080016": value("UI", sopClass),
  "00080018": value("UI", sop),
  "0020000E": value("UI", seriesUid),
  "00100010": value("PN", { Alphabetic: "DOE^JANE" }),
});

/** Pages as asked for, `most` at a time whatever is asked. */
const paged =
  (rows: readonly unknown[], most = Number.POSITIVE_INFINITY): Answer =>
  (response, seen) => {
    const offset = Number(seen.query["offset"] ?? 0);
    const page = rows.slice(offset, offset + Math.min(most, Number(seen.query["limit"])));
    if (page.length === 0) response.writeHead(204).end();
    else json(page)(response, seen);
  };

const listing =
  (ofSeries: Answer, ofInstances: Answer): Answer =>
  (response, seen) =>
    (seen.path.endsWith("/series") ? ofSeries : ofInstances)(response, seen);

test("the instances of a study, with what their series say", async () => {
  const { web, seen } = await archive(
    listing(
      paged([series(SERIES, "CR "), series(`${STUDY}.9`, "DX", "Medical-X overlay - research use only")]),
      paged([instance(SOP, SERIES), instance(`${STUDY}.9.1 `, `${STUDY}.9\u0000`)]),
    ),
  );
  expect(await web.instances(STUDY, never)).toEqual([
    image,
    {
      studyInstanceUid: STUDY,
      seriesInstanceUid: `${STUDY}.9`,
      sopInstanceUid: `${STUDY}.9.1`,
      sopClassUid: CR,
      modality: "DX",
      seriesDescription: "Medical-X overlay - research use only",
    },
  ]);
  expect(new Set(seen.map(({ path }) => path))).toEqual(
    new Set([`/dicom-web/studies/${STUDY}/series`, `/dicom-web/studies/${STUDY}/instances`]),
  );
  expect(seen[0]!.headers.accept).toBe("application/dicom+json");
});

test.each([
  ["as many as asked for", Number.POSITIVE_INFINITY],
  ["fewer than asked for", 7],
])("a study of 450 images, from an archive that gives %s", async (_, most) => {
  const rows = Array.from({ length: 450 }, (_, i) => instance(`${SERIES}.${i}`, SERIES));
  const { web } = await archive(listing(paged([series(SERIES, "CR")]), paged(rows, most)));
  const found = await web.instances(STUDY, never);
  expect(found.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(rows.map((_, i) => `${SERIES}.${i}`));
});

test("an archive that knows no pages is asked twice, and each image is listed once", async () => {
  const { web, seen } = await archive(
    listing(json([series(SERIES, "CR")]), json([instance(SOP, SERIES), instance(SOP, SERIES)])),
  );
  expect(await web.instances(STUDY, never)).toHaveLength(1);
  expect(seen).toHaveLength(4);
});

test("a study that is not there has no instances", async () => {
  const { web } = await archive(status(204));
  expect(await web.instances(STUDY, never)).toEqual([]);
  const { web: other } = await archive(json([]));
  expect(await other.instances(STUDY, never)).toEqual([]);
});

test("studies are searched by what they must match", async () => {
  const { web, seen } = await archive(
    paged([
      { "0020000D": value("UI", STUDY), "00201208": value("IS", 3) },
      { "0020000D": value("UI", `${STUDY}.5`), "00201208": value("IS", "many") },
    ]),
  );
  const found = [];
  for await (const study of web.studies({ ModalitiesInStudy: "DX", StudyDate: "20261127-" }, never))
    found.push(study);
  expect(found).toEqual([
    { studyInstanceUid: STUDY, instances: 3 },
    { studyInstanceUid: `${STUDY}.5`, instances: undefined },
  ]);
  expect(seen[0]!.query).toMatchObject({
    ModalitiesInStudy: "DX",
    StudyDate: "20261127-",
    includefield: "00201208",
  });
});

test("what has no valid UID is listed beside the others, and never becomes part of an address", async () => {
  const outside = "1.2/../../patients/DOE";
  const { web, seen } = await archive(
    listing(
      paged([series(SERIES, "CR"), series(outside, "DX")]),
      paged([instance(SOP, SERIES), instance(outside, outside)]),
    ),
  );
  const listed = await web.instances(STUDY, never);
  expect(listed.map(({ sopInstanceUid, modality }) => [sopInstanceUid, modality])).toEqual([
    [SOP, "CR"],
    [outside, "DX"],
  ]);
  expect(listed.map(hasUids)).toEqual([true, false]);
  const asked = seen.length;
  const error = await failureOf(web.fetch(listed[1]!, never));
  expect(error.code).toBe("pacs/bad-uid");
  expect(error.message).toBe("what an archive is asked for has a UID that is none");
  expect(failureKind(error)).toBe("final");
  expect(await failureOf(web.instances(outside, never))).toMatchObject({ code: "pacs/bad-uid" });
  expect(seen).toHaveLength(asked);
});

test.each<[string, Answer, RegExp]>([
  [
    "a login page",
    (r) => r.writeHead(200, { "content-type": "text/html" }).end("<h1>DOE"),
    /is a web page, perhaps for a login, and not JSON; check that this is the archive's address$/,
  ],
  [
    "XML",
    (r) => r.writeHead(200, { "content-type": "application/dicom+xml" }).end("<x>DOE"),
    /of the type application\/dicom\+xml and not JSON/,
  ],
  ["no type", (r) => r.writeHead(200).end("DOE"), /of no type/],
  [
    "a type that is none",
    (r) => r.writeHead(200, { "content-type": "DOE JANE" }).end("DOE"),
    /of an unknown type/,
  ],
  [
    "half of the JSON",
    (r) => r.writeHead(200, { "content-type": "application/json" }).end('[{"00100010":"DOE'),
    /no whole JSON/,
  ],
  ["no list", json({ "0020000E": value("UI", SERIES) }), /something else in its place/],
  ["no series UID", json([{ "00100010": value("PN", "DOE") }]), /\(\[0\]\.0020000E\)/],
  ["a number for a UID", json([{ "0020000E": value("UI", 12) }]), /\(\[0\]\.0020000E\.Value\[0\]\)/],
])("an answer that is %s is told without repeating it", async (_, answer, words) => {
  const { web } = await archive(answer);
  const error = await failureOf(web.instances(STUDY, never));
  expect(error.code).toBe("pacs/bad-answer");
  expect(error.message).toMatch(words);
  expect(error.message).not.toMatch(/DOE|1\.2/);
  expect(JSON.stringify(error.details)).not.toMatch(/DOE|1\.2\./);
  expect(failureKind(error)).toBe("passing");
});

const file = (sop = SOP, study = STUDY) =>
  dicomFile({ uid: sop, attributes: { ...pictureAttributes(), "0020000d": ["UI", study] } });

const related =
  (bytes: Uint8Array, type = "application/dicom"): Answer =>
  (response) =>
    response
      .writeHead(200, { "content-type": 'multipart/related; type="application/dicom"; boundary="b"' })
      .end(
        Buffer.concat([
          Buffer.from(`--b\r\nContent-Type: ${type}\r\n\r\n`),
          bytes,
          Buffer.from("\r\n--b--\r\n"),
        ]),
      );

test("an image's file is fetched as the archive keeps it", async () => {
  const { web, seen } = await archive(related(file()));
  expect(Buffer.from(await web.fetch(image, never))).toEqual(Buffer.from(file()));
  expect(seen[0]!.path).toBe(`/dicom-web/studies/${STUDY}/series/${SERIES}/instances/${SOP}`);
  expect(seen[0]!.headers.accept).toBe('multipart/related; type="application/dicom"; transfer-syntax=*');
});

test("a file that is sent alone is taken, too", async () => {
  const { web } = await archive((response) =>
    response.writeHead(200, { "content-type": "application/dicom" }).end(file()),
  );
  expect(await web.fetch(image, never)).toHaveLength(file().length);
});

test("a file that cannot be read is handed on: whoever reads it says what is wrong", async () => {
  const { web } = await archive(related(Buffer.from("no DICOM at all")));
  expect(Buffer.from(await web.fetch(image, never)).toString()).toBe("no DICOM at all");
});

test.each<[string, Answer, RegExp]>([
  ["another image", related(file(`${SOP}.4`)), /sent another image/],
  ["an image of another study", related(file(SOP, `${STUDY}.8`)), /sent another image/],
  ["a picture", related(file(), "image/jpeg"), /a part of the type image\/jpeg and not DICOM/],
  ["a web page", (r) => r.writeHead(200, { "content-type": "text/html" }).end("x"), /web page/],
  ["an empty file", related(Buffer.alloc(0)), /no file in it/],
  [
    "a body without delimiters",
    (r) => r.writeHead(200, { "content-type": "multipart/related; boundary=b" }).end("x"),
    /damaged: it has no parts/,
  ],
  [
    "a body whose end is missing",
    (r) => r.writeHead(200, { "content-type": "multipart/related; boundary=b" }).end("--b\r\n\r\nhalf"),
    /damaged: it ends before/,
  ],
  [
    "a hundred files",
    (r) =>
      r
        .writeHead(200, { "content-type": "multipart/related; boundary=b" })
        .end(`${"--b\r\n\r\nx\r\n".repeat(100)}--b--`),
    /more than 1 parts/,
  ],
])("%s is no image's file", async (_, answer, words) => {
  const { web } = await archive(answer);
  const error = await failureOf(web.fetch(image, never));
  expect(error.code).toBe("pacs/bad-answer");
  expect(error.message).toMatch(words);
  expect(error.message).not.toContain(STUDY);
});

const PAGE_404 = status(404, { "content-type": "text/html" }, "<h1>default backend");

/** An archive whose list of studies is there, or is not. */
const without =
  (studies: Answer): Answer =>
  (response, seen) =>
    (seen.path === "/dicom-web/studies" ? studies : PAGE_404)(response, seen);

test.each<[string, Answer]>([
  ["has studies", json([{ "0020000D": value("UI", STUDY) }])],
  ["has none", status(204)],
  ["refuses so wide a search", status(400)],
])("an image is gone if an archive that %s answers 404", async (_, studies) => {
  const { web, seen } = await archive(without(studies));
  const error = await failureOf(web.fetch(image, never));
  expect([error.code, failureKind(error)]).toEqual(["pacs/not-found", "final"]);
  expect(await web.has(image, never)).toBe(false);
  expect(seen.find(({ path }) => path === "/dicom-web/studies")!.query).toEqual({ limit: "1" });
});

test.each<[string, Answer, string]>([
  ["404 to everything", PAGE_404, "pacs/no-interface"],
  ["a login page", status(200, { "content-type": "text/html" }, "<h1>"), "pacs/bad-answer"],
])("no image is gone if a proxy answers %s", async (_, studies, code) => {
  const { web } = await archive(without(studies));
  for (const ask of [() => web.fetch(image, never), () => web.has(image, never)]) {
    const error = await failureOf(ask());
    expect(error.code).toBe(code);
    expect(failureKind(error)).not.toBe("final");
  }
});

test("404 to the list of studies or to a result is about the address, and held against no image", async () => {
  const { web } = await archive(PAGE_404);
  const result = { ...image, kind: "report", bytes: Buffer.from("x") } as never;
  for (const ask of [() => web.studies({}, never).next(), () => web.store([result], never)]) {
    const error = await failureOf(ask());
    expect([error.code, failureKind(error)]).toEqual(["pacs/no-interface", "archive"]);
    expect(error.message).toMatch(
      /: this address has no such interface \(404\); check the address, and whether/,
    );
  }
});
