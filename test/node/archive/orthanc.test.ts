import { expect, onTestFinished, test } from "vitest";
import { failureKind } from "../../../src/app/pacs/passing.ts";
import { Orthanc } from "../../../src/node/archive/orthanc.ts";
import { dicomFile, pictureAttributes } from "../../support/dicom-file.ts";
import { type Answer, answering, failureOf, json, NOBODY, never, status } from "./answering.ts";

const id = (digit: string) => Array(5).fill(digit.repeat(8)).join("-");
const STUDY = "1.2.826.0.1.3680043.9.9999.1";

async function archive(answer: Answer) {
  const { url, seen } = await answering(answer);
  const orthanc = await Orthanc.open(url, NOBODY);
  onTestFinished(() => orthanc.close());
  return { orthanc, seen };
}

/** As Orthanc 1.10 says that it has no such thing: JSON without a type. */
const OWN_404 = status(
  404,
  {},
  '{ "HttpError" : "Not Found", "HttpStatus" : 404, "Message" : "Unknown resource", "OrthancStatus" : 17 }',
);
const PAGE_404 = status(404, { "content-type": "text/html" }, "<h1>default backend");
const SYSTEM = { Version: "1.12.1", ApiVersion: 20 };

const answers =
  (byPath: Readonly<Record<string, unknown>>): Answer =>
  (response, seen) =>
    seen.path in byPath
      ? json(byPath[seen.path], 200, "application/json; charset=utf-8")(response, seen)
      : OWN_404(response, seen);

const study = {
  ID: id("a"),
  IsStable: true,
  LastUpdate: "20261127T073000",
  MainDicomTags: { StudyInstanceUID: STUDY },
};
const known = { id: id("a"), studyInstanceUid: STUDY, isStable: true, lastUpdate: "20261127T073000" };

const object = { bytes: Buffer.from("file") } as never;

test("changes are read page by page, with what else there may be in them left out", async () => {
  const { orthanc, seen } = await archive(
    answers({
      "/changes": {
        Changes: [
          {
            Seq: 41,
            ChangeType: "NewInstance",
            ResourceType: "Instance",
            ID: id("b"),
            Path: "/x",
            Date: "d",
          },
          { Seq: 42, ChangeType: "SomethingNew", ResourceType: "Other", ID: "", Path: "/y", Date: "d" },
        ],
        Done: false,
        Last: 42,
      },
    }),
  );
  expect(await orthanc.changes(40, 100, never)).toEqual({
    changes: [
      { number: 41, type: "NewInstance", resource: "Instance", id: id("b") },
      { number: 42, type: "SomethingNew", resource: "Other", id: "" },
    ],
    done: false,
    last: 42,
  });
  expect(seen[0]!.query).toEqual({ since: "40", limit: "100" });
});

test.each(["Study", "Series", "Instance"])(
  "a change of a %s that has no id of Orthanc is a wrong answer",
  async (resource) => {
    const change = { Seq: 1, ChangeType: "NewInstance", ResourceType: resource, ID: "../system" };
    const { orthanc } = await archive(answers({ "/changes": { Changes: [change], Done: true, Last: 1 } }));
    const error = await failureOf(orthanc.changes(0, 100, never));
    expect([error.code, failureKind(error)]).toEqual(["pacs/bad-answer", "passing"]);
    expect(error.message).toMatch(
      /something else in its place \(Changes\[0\]\); check that this is the archive's address$/,
    );
  },
);

test("studies, alone, in pages, and by what is in them; those that are gone", async () => {
  const { orthanc, seen } = await archive(
    answers({
      "/studies": [study],
      [`/studies/${id("a")}`]: study,
      [`/instances/${id("b")}/study`]: study,
      [`/series/${id("c")}/study`]: study,
    }),
  );
  expect(await orthanc.studies(10, 5, never)).toEqual([known]);
  expect(seen[0]!.query).toEqual({ expand: "", since: "10", limit: "5" });
  expect(await orthanc.study(id("a"), never)).toEqual(known);
  expect(await orthanc.studyOf("Instance", id("b"), never)).toEqual(known);
  expect(await orthanc.studyOf("Series", id("c"), never)).toEqual(known);
  expect(await orthanc.study(id("d"), never)).toBeUndefined();
  expect(await orthanc.studyOf("Instance", id("d"), never)).toBeUndefined();
});

test("the instances of a study, with what their series say", async () => {
  const series = (digit: string, tags: object) => ({ ID: id(digit), MainDicomTags: tags });
  const instance = (digit: string, parent: string, uid: string) => ({
    ID: id(digit),
    ParentSeries: id(parent),
    MainDicomTags: { SOPInstanceUID: uid },
  });
  const { orthanc } = await archive(
    answers({
      [`/studies/${id("a")}/series`]: [
        series("1", { SeriesInstanceUID: `${STUDY}.1`, Modality: "DX " }),
        series("2", { SeriesInstanceUID: `${STUDY}.2`, SeriesDescription: "PA" }),
      ],
      [`/studies/${id("a")}/instances`]: [
        instance("3", "1", `${STUDY}.1.1`),
        instance("4", "2", `${STUDY}.2.1`),
        instance("5", "9", `${STUDY}.9.1`),
      ],
    }),
  );
  const common = { studyInstanceUid: STUDY, sopClassUid: undefined };
  expect(await orthanc.instances(known, never)).toEqual([
    {
      ...common,
      seriesInstanceUid: `${STUDY}.1`,
      sopInstanceUid: `${STUDY}.1.1`,
      modality: "DX",
      at: id("3"),
    },
    {
      ...common,
      seriesInstanceUid: `${STUDY}.2`,
      sopInstanceUid: `${STUDY}.2.1`,
      modality: undefined,
      seriesDescription: "PA",
      at: id("4"),
    },
  ]);
  expect(await orthanc.instances({ ...known, id: id("d") }, never)).toEqual([]);
});

test.each(["Success", "AlreadyStored"])("an object that is answered with %s is stored", async (Status) => {
  const { orthanc, seen } = await archive(answers({ "/instances": { Status, ID: id("a") } }));
  await orthanc.store([object], never);
  expect(seen[0]!.body.toString()).toBe("file");
  expect(seen[0]!.headers["content-type"]).toBe("application/dicom");
});

test.each([
  [
    "FilteredOut",
    "pacs/not-stored",
    "final",
    /a filter there keeps it out; change its ReceivedInstanceFilter$/,
  ],
  ["Failure", "pacs/store-failed", "passing", /look at its log and its disk$/],
])("an object that is answered with %s is not", async (Status, code, kind, words) => {
  const { orthanc } = await archive(answers({ "/instances": { Status } }));
  const error = await failureOf(orthanc.store([object], never));
  expect(error.code).toBe(code);
  expect(failureKind(error)).toBe(kind);
  expect(error.message).toMatch(words);
});

test.each<[string, Answer, string, string]>([
  [
    "its full disk",
    json({ OrthancStatus: 14, Message: "Cannot write to file" }, 500),
    "pacs/no-space",
    "archive",
  ],
  ["its full disk, without a type", status(500, {}, '{ "OrthancStatus": 14 }'), "pacs/no-space", "archive"],
  ["its full storage", json({ OrthancStatus: 19 }, 500), "pacs/no-space", "archive"],
  ["another failure", json({ OrthancStatus: -1 }, 500), "pacs/server-error", "passing"],
  [
    "what stands before it",
    status(500, { "content-type": "text/html" }, "<p>"),
    "pacs/server-error",
    "passing",
  ],
])("a failure to store: %s", async (_, answer, code, kind) => {
  const { orthanc } = await archive(answer);
  const error = await failureOf(orthanc.store([object], never));
  expect(error.code).toBe(code);
  expect(failureKind(error)).toBe(kind);
});

test.each<[string, unknown]>([
  ["another server", { name: "something else" }],
  ["no object", ["x"]],
  ["text for a number", { Version: "1.12", ApiVersion: "20" }],
])("%s is no Orthanc", async (_, answer) => {
  const { orthanc } = await archive(answers({ "/system": answer }));
  const error = await failureOf(orthanc.system(never));
  expect(error.code).toBe("pacs/bad-answer");
  expect(error.message).toMatch(
    /^http:\/\/127\.0\.0\.1:\d+: what it is: .* check that this is the archive's address$/,
  );
});

test("an id that would leave its place in an address is never asked for", async () => {
  const { orthanc, seen } = await archive(
    answers({ "/studies": [{ ...study, ID: "../../tools/shutdown" }] }),
  );
  expect((await failureOf(orthanc.studies(0, 1, never))).code).toBe("pacs/bad-answer");
  await expect(orthanc.study("../tools/shutdown", never)).rejects.toThrow(TypeError);
  expect(seen).toHaveLength(1);
});

test.each<[string, Answer, RegExp]>([
  [
    "a login page",
    (r) => r.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<h1>DOE"),
    /an image: the answer is a web page, perhaps for a login, and not DICOM; check that this is the archive's address$/,
  ],
  ["JSON", json({}), /an image: the answer is of the type application\/dicom\+json and not DICOM/],
  ["no type", (r) => r.writeHead(200).end("DICM"), /an image: the answer is of no type and not DICOM/],
  [
    "nothing",
    (r) => r.writeHead(200, { "content-type": "application/dicom" }).end(),
    /an image: the answer has no file in it/,
  ],
])("%s in place of an image is the archive's failure, and not the image's", async (_, answer, words) => {
  const { orthanc } = await archive(answer);
  const image = { studyInstanceUid: STUDY, seriesInstanceUid: "1.2", sopInstanceUid: "1.3", at: id("c") };
  const error = await failureOf(orthanc.fetch({ ...image, sopClassUid: undefined, modality: "DX" }, never));
  expect(error.code).toBe("pacs/bad-answer");
  expect(error.message).toMatch(words);
  expect(failureKind(error)).toBe("passing");
  expect(error.message).not.toContain("DOE");
});

test.each([
  ["another image", "1.4", STUDY],
  ["an image of another study", "1.3", `${STUDY}.8`],
])("%s in place of the one that was asked for is refused", async (_, uid, ofStudy) => {
  const bytes = dicomFile({ uid, attributes: { ...pictureAttributes(), "0020000d": ["UI", ofStudy] } });
  const { orthanc } = await archive((r) =>
    r.writeHead(200, { "content-type": "application/dicom" }).end(bytes),
  );
  const error = await failureOf(orthanc.fetch(IMAGE, never));
  expect(error.code).toBe("pacs/bad-answer");
  expect(error.message).toMatch(
    /: an image: the archive sent another image than the one that was asked for; check/,
  );
});

test("an image that is there, one that is gone, and an archive that cannot say", async () => {
  const image = { studyInstanceUid: STUDY, seriesInstanceUid: "1.2", sopInstanceUid: "1.3" };
  const at = (digit: string) => ({ ...image, sopClassUid: undefined, modality: "DX", at: id(digit) });
  const { orthanc } = await archive(answers({ [`/instances/${id("c")}`]: { ID: id("c") } }));
  expect(await orthanc.has(at("c"), never)).toBe(true);
  expect(await orthanc.has(at("d"), never)).toBe(false);
  const { orthanc: failing } = await archive(status(500));
  expect((await failureOf(failing.has(at("c"), never))).code).toBe("pacs/server-error");
});

const IMAGE = {
  studyInstanceUid: STUDY,
  seriesInstanceUid: "1.2",
  sopInstanceUid: "1.3",
  sopClassUid: undefined,
  modality: "DX",
  at: id("c"),
};
/** What may be gone, and what is said of it then. */
const THINGS: readonly [string, (orthanc: Orthanc) => Promise<unknown>, unknown][] = [
  ["a study", (orthanc) => orthanc.study(id("a"), never), undefined],
  ["the study of a series", (orthanc) => orthanc.studyOf("Series", id("a"), never), undefined],
  ["the images of a study", (orthanc) => orthanc.instances(known, never), []],
  ["whether an image is there", (orthanc) => orthanc.has(IMAGE, never), false],
  ["an image", async (orthanc) => (await failureOf(orthanc.fetch(IMAGE, never))).code, "pacs/not-found"],
];

test.each(THINGS)("%s is gone if Orthanc says so, and nothing else is asked", async (_, ask, gone) => {
  const { orthanc, seen } = await archive(OWN_404);
  expect(await ask(orthanc)).toEqual(gone);
  expect(seen.map(({ path }) => path)).not.toContain("/system");
});

test.each(THINGS)("%s is gone if an Orthanc that describes no errors says so", async (_, ask, gone) => {
  const { orthanc, seen } = await archive((response, one) =>
    one.path === "/system" ? json(SYSTEM)(response, one) : status(404)(response, one),
  );
  expect(await ask(orthanc)).toEqual(gone);
  expect(seen.map(({ path }) => path)).toContain("/system");
});

test.each(THINGS.slice(0, 4))("%s is not gone if a proxy answers while Orthanc is away", async (_, ask) => {
  const { orthanc } = await archive(PAGE_404);
  const error = await failureOf(ask(orthanc));
  expect([error.code, failureKind(error)]).toEqual(["pacs/no-interface", "archive"]);
});

test.each<[string, Answer]>([
  ["a page while Orthanc is away", PAGE_404],
  ["nothing while Orthanc is away", status(404)],
  [
    "a page for images alone",
    (response, one) => (one.path === "/system" ? json(SYSTEM) : PAGE_404)(response, one),
  ],
])("an image is not gone if a proxy answers %s", async (_, answer) => {
  const { orthanc } = await archive(answer);
  const error = await failureOf(orthanc.fetch(IMAGE, never));
  expect([error.code, failureKind(error)]).toEqual(["pacs/no-interface", "archive"]);
});

test("an image that seemed to be gone comes if the archive is back", async () => {
  let isBack = false;
  const { orthanc: back } = await archive((response, one) => {
    if (one.path === "/system") json(SYSTEM)(response, one);
    else if (!isBack) status(404)(response, one);
    else response.writeHead(200, { "content-type": "application/dicom" }).end("a file");
    isBack = true;
  });
  expect(Buffer.from(await back.fetch(IMAGE, never)).toString()).toBe("a file");
});

test.each<[string, (orthanc: Orthanc) => Promise<unknown>]>([
  ["what it is", (orthanc) => orthanc.system(never)],
  ["its list of changes", (orthanc) => orthanc.changes(0, 1, never)],
  ["its list of studies", (orthanc) => orthanc.studies(0, 1, never)],
  ["whether a study matches", (orthanc) => orthanc.matches(known, { PatientSex: "F" }, never)],
  ["storing an object", (orthanc) => orthanc.store([object], never)],
])("404 to %s is about the address, and held against no image", async (what, ask) => {
  const { orthanc, seen } = await archive(PAGE_404);
  const error = await failureOf(ask(orthanc));
  expect([error.code, failureKind(error)]).toEqual(["pacs/no-interface", "archive"]);
  expect(error.message).toBe(
    `${orthanc.shown}: ${what}: this address has no such interface (404); check the address, and whether the archive runs behind the proxy that may have answered`,
  );
  expect(seen).toHaveLength(1);
});

test("a login page does not say that an image is there", async () => {
  const { orthanc } = await archive(status(200, { "content-type": "text/html" }, "<h1>Log in"));
  expect((await failureOf(orthanc.has(IMAGE, never))).code).toBe("pacs/bad-answer");
});
