/** Which files of a folder, a CD or a table are taken for DICOM images. The CD is made by pydicom. */

import { cpSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findImages } from "../../src/node/find-images.ts";
import { listImages } from "../../src/node/image-list.ts";
import { TemporaryFolder } from "../dataset/folder.ts";
import { fixtureBytes, fixtureJson } from "../fixtures.ts";
import { dicomFile } from "../support/dicom-file.ts";

const CD = fileURLToPath(new URL("../../fixtures/dicom-media/cd", import.meta.url));
const { images: LISTED, uids: UIDS } = fixtureJson<{ images: string[]; uids: Record<string, string> }>(
  "dicom-media/cd.json",
);
const CLASSES = "1.2.840.10008.5.1.4.1.1";

let folder: TemporaryFolder;
beforeEach(() => {
  folder = new TemporaryFolder();
});
afterEach(() => folder.remove());

const putAll = (files: Readonly<Record<string, Uint8Array | string>>) => folder.put(files);
const inFolder = async (path = folder.path) => {
  const { images, failures, notes } = await listImages([path]);
  return {
    images: images.map((image) => image.slice(path.length + 1)),
    codes: failures.map(({ code }) => code),
    notes: notes.map((note) => note.replaceAll(path, "F")),
  };
};

test("DICOM files are found whatever they are called, with and without a preamble; pictures by their names", async () => {
  const png = fixtureBytes("image/decode/grey8.png");
  putAll({
    "a.dcm": dicomFile(),
    "b.IMA": dicomFile(),
    "c.dic": dicomFile({ hasPreamble: false }),
    "d.of-jane-doe": dicomFile(),
    "1.2.840.5": dicomFile(),
    "sub/IM000001": dicomFile({ hasPreamble: false }),
    ".hidden.dcm": dicomFile(),
    "x.png": png,
    "y.png.bak": png,
    "labels.csv": "Image Index,Finding Labels\nx.png,Mass\n",
    "notes.txt": "DICM",
  });
  const found = await inFolder();
  expect(found.images).toEqual([
    "1.2.840.5",
    "a.dcm",
    "b.IMA",
    "c.dic",
    "d.of-jane-doe",
    "sub/IM000001",
    "x.png",
  ]);
  expect(found.notes).toEqual(["3 other files in F were skipped (.bak, .csv, .txt)"]);
  expect(found.codes).toEqual([]);
});

test("DICOM files without a picture are counted by kind, without names", async () => {
  const object = (sopClass: string) => dicomFile({ sopClass: `${CLASSES}.${sopClass}`, attributes: {} });
  putAll({
    "a.dcm": dicomFile(),
    "jane.dcm": object("88.33"),
    "doe.dcm": object("88.11"),
    "key.dcm": object("88.59"),
    state: object("11.1"),
  });
  expect(await inFolder()).toEqual({
    images: ["a.dcm"],
    codes: [],
    notes: [
      "4 DICOM files without a picture (1 key object selection, 1 presentation state, 2 structured reports) in F were skipped",
    ],
  });
});

test("a file that is called a DICOM file is read even if it does not look like one, so that its fault is told", async () => {
  putAll({ "empty.dcm": "", "page.dicom": "<html></html>", "words.dic": "48921\nA\n" });
  const found = await inFolder();
  expect(found.images).toEqual(["empty.dcm", "page.dicom"]);
  expect(found.notes).toEqual(["1 other file in F was skipped (.dic)"]);
});

test("a folder of reports alone says what it holds", async () => {
  putAll({ "a.dcm": dicomFile({ sopClass: `${CLASSES}.88.33`, attributes: {} }), "b.txt": "x" });
  const { failures } = await listImages([folder.path]);
  expect(failures.map(({ code, message }) => [code, message.split("), ")[1]])).toEqual([
    ["images/none", "but 1 other file (.txt) and 1 DICOM file without a picture (1 structured report)"],
  ]);
});

test("a DICOMDIR stands for the images that it lists, in its order", async () => {
  const { images, failures, notes } = await listImages([join(CD, "DICOMDIR")]);
  expect(images).toEqual(LISTED.map((path) => join(CD, path)));
  expect([failures, notes]).toEqual([[], []]);
});

test("a DICOMDIR's images are named as its path was given, and missing ones stay in the list", async () => {
  cpSync(CD, folder.at("cd"), { recursive: true });
  rmSync(folder.at("cd", LISTED[0]!));
  const before = process.cwd();
  try {
    process.chdir(folder.at("cd"));
    expect((await listImages(["DICOMDIR"])).images).toEqual(LISTED);
    process.chdir(folder.path);
    expect((await listImages(["cd/DICOM*"])).images).toEqual(LISTED.map((path) => `cd/${path}`));
  } finally {
    process.chdir(before);
  }
});

test("names in capitals are found in lower case, as a CD may be mounted", async () => {
  for (const path of LISTED) {
    mkdirSync(dirname(folder.at(path.toLowerCase())), { recursive: true });
    cpSync(join(CD, path), folder.at(path.toLowerCase()));
  }
  cpSync(join(CD, "DICOMDIR"), folder.at("dicomdir"));
  const { images } = await listImages([folder.at("dicomdir")]);
  expect(images).toEqual(LISTED.map((path) => folder.at(path.toLowerCase())));
});

test("in a folder, the DICOMDIR is neither an image nor skipped", async () => {
  const found = await inFolder(CD);
  expect(found.images).toEqual(LISTED);
  expect(found.notes).toEqual([
    "2 DICOM files without a picture (1 presentation state, 1 structured report) in F were skipped",
  ]);
});

const find = (names: readonly string[], at = folder.path) => findImages(at, join(at, "labels.csv"), names);

test("a table names DICOM files with any extension of theirs, or without one", async () => {
  putAll({
    "images/a.dcm": dicomFile(),
    "images/b.dicom": dicomFile(),
    "c.IMA": dicomFile(),
    "d.dcm": dicomFile(),
  });
  const { paths } = await find(["a", "b.dcm", "c.png", "d.dcm", "gone"]);
  expect(paths.map((path) => path?.slice(folder.path.length + 1))).toEqual([
    "images/a.dcm",
    "images/b.dicom",
    "c.IMA",
    "d.dcm",
    undefined,
  ]);
});

test("a picture of the name comes before a DICOM file of the name", async () => {
  putAll({ "a.dcm": dicomFile(), "a.jpg": "" });
  expect((await find(["a"])).paths).toEqual([folder.at("a.jpg")]);
});

test("a table names DICOM files by their SOP Instance UIDs, wherever they lie", async () => {
  const [first, second] = LISTED;
  const names = [UIDS[second!]!, `${UIDS[first!]}.dcm`, "1.2.3.4.5.6"];
  const { paths, unclear } = await find(names, CD);
  expect(paths).toEqual([join(CD, second!), join(CD, first!), undefined]);
  expect(unclear).toEqual([]);
});

test("two files of one UID are ambiguous, and two names of one file as well", async () => {
  putAll({
    "p/a.dcm": dicomFile({ uid: "1.2.3.4.1" }),
    "q/a.dcm": dicomFile({ uid: "1.2.3.4.1" }),
    "p/b.dcm": dicomFile({ uid: "1.2.3.4.2" }),
  });
  const { paths, unclear, shared } = await find(["1.2.3.4.1", "1.2.3.4.2", "x/1.2.3.4.2"]);
  expect(paths).toEqual([undefined, undefined, undefined]);
  expect(unclear).toEqual([{ index: 0, files: [folder.at("p", "a.dcm"), folder.at("q", "a.dcm")] }]);
  expect(shared).toEqual([{ file: folder.at("p", "b.dcm"), indices: [1, 2] }]);
});
