/** Which files the names in a table mean. Images are empty files, because nothing reads them. */

import { readdirSync, symlinkSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findImages } from "../../src/node/find-images.ts";
import { empty, TemporaryFolder } from "../dataset/folder.ts";

let folder: TemporaryFolder;
beforeEach(() => {
  folder = new TemporaryFolder();
});
afterEach(() => folder.remove());

const search = (names: readonly string[], labelFile = folder.at("labels.csv")) =>
  findImages(folder.path, labelFile, names);
const find = async (names: readonly string[]) => (await search(names)).paths;

test("images lie in images/, as NIH's archives unpack", async () => {
  folder.put(empty(["a.png", "b.png"], "images"));
  expect(await find(["b.png", "gone.png", "a.png"])).toEqual([
    folder.at("images", "b.png"),
    undefined,
    folder.at("images", "a.png"),
  ]);
});

test("images lie in images_001/images/ to images_012/images/, as on Kaggle", async () => {
  folder.put({ ...empty(["a.png"], "images_001/images"), ...empty(["b.png", "c.png"], "images_012/images") });
  expect(await find(["a.png", "b.png", "c.png"])).toEqual([
    folder.at("images_001", "images", "a.png"),
    folder.at("images_012", "images", "b.png"),
    folder.at("images_012", "images", "c.png"),
  ]);
});

test("images lie in 0/ to 54/, as PadChest's archives unpack", async () => {
  folder.put({ ...empty(["a.png"], "0"), ...empty(["b.png"], "54"), ...empty(["c.png"], "2023") });
  expect(await find(["a.png", "b.png", "c.png"])).toEqual([
    folder.at("0", "a.png"),
    folder.at("54", "b.png"),
    undefined,
  ]);
});

test("images lie in the folder itself, at relative paths, beside the label file, or below the folder's parent", async () => {
  folder.put({
    ...empty(["top.png", "train/p1/a.png"], "set"),
    ...empty(["x.png"], "elsewhere"),
  });
  const set = folder.at("set");
  const labelFile = folder.at("elsewhere", "labels.csv");
  const names = ["top.png", "train/p1/a.png", "x.png", "train/p2/a.png"];
  const { paths, places } = await findImages(set, labelFile, names);
  expect(paths).toEqual([
    folder.at("set", "top.png"),
    folder.at("set", "train/p1/a.png"),
    folder.at("elsewhere", "x.png"),
    undefined,
  ]);
  expect(places).toContain(folder.at("elsewhere"));
  const above = await findImages(set, labelFile, ["set/train/p1/a.png"]);
  expect(above.paths).toEqual([folder.at("set", "train/p1/a.png")]);
});

test("paths are absolute, whatever the folder is called by", async () => {
  folder.put(empty(["a.png"], "images"));
  const here = process.cwd();
  process.chdir(folder.path);
  try {
    const { paths } = await findImages(".", "labels.csv", ["a.png"]);
    expect(paths).toEqual([`${process.cwd()}/images/a.png`]);
  } finally {
    process.chdir(here);
  }
});

test("many folders of one image each are all found", async () => {
  const names = Array.from({ length: 300 }, (_, i) => `train/patient${i}/view.png`);
  folder.put(empty(names));
  expect(await find([...names, "train/patient300/view.png"])).toEqual([
    ...names.map((name) => folder.at(name)),
    undefined,
  ]);
});

test("letters are composed in the table and decomposed on disk, as macOS writes them, in files and folders", async () => {
  const [table, disk] = (["NFC", "NFD"] as const).map((form) =>
    ["Müller/Größe é.png", "Größe.png", "images/Å.jpg"].map((name) => name.normalize(form)),
  );
  folder.put(empty(disk!));
  // If not, this disk composes letters itself, and the test proves nothing.
  const isKept = readdirSync(folder.path).includes(disk![1]!);
  expect(await find(table!)).toEqual((isKept ? disk : table)!.map((name) => folder.at(name)));
});

test("folders that are not here are left aside: Kaggle's, those of Windows, and a data set under another name", async () => {
  folder.put({
    ...empty(["00000001_000.png"], "images_001/images"),
    ...empty(["train/p1/view1.png", "train/p2/view1.png"], "renamed"),
    ...empty(["b.png"], "images"),
  });
  const names = [
    "/kaggle/input/data/images_001/images/00000001_000.png",
    "C:/data/images/b.png",
    "gone/c.png",
  ];
  expect(await find(names)).toEqual([
    folder.at("images_001/images/00000001_000.png"),
    folder.at("images/b.png"),
    undefined,
  ]);
  const views = ["CheXpert-v1.0/train/p1/view1.png", "CheXpert-v1.0/train/p3/view1.png"];
  expect((await findImages(folder.at("renamed"), folder.at("labels.csv"), views)).paths).toEqual([
    folder.at("renamed/train/p1/view1.png"),
    undefined,
  ]);
});

test("names without an ending, or with another, find their files; files that are no pictures are not taken", async () => {
  folder.put(empty(["abc.jpeg", "1.2.840.png", "d.png", "e", "f.csv", "g.PNG", "i.dcm", "j.png"]));
  folder.put(empty(["inside.png"], "h"));
  const names = ["abc", "1.2.840", "d.dcm", "e.png", "f", "g.png", "h", "i", "i.dcm", "j.jpg"];
  const files = [
    "abc.jpeg",
    "1.2.840.png",
    "d.png",
    "e",
    undefined,
    "g.PNG",
    undefined,
    undefined,
    "i.dcm",
    "j.png",
  ];
  expect(await find(names)).toEqual(files.map((name) => name && folder.at(name)));
});

test("as it stands, a name means its own file, whatever other names mean", async () => {
  folder.put(empty(["a.png", "b.jpg", "b.png"]));
  const { paths, unclear, shared } = await search(["a.png", "a.jpg", "b.png", "b.jpg"]);
  expect(paths).toEqual(["a.png", undefined, "b.png", "b.jpg"].map((name) => name && folder.at(name)));
  expect({ unclear, shared }).toEqual({ unclear: [], shared: [] });
});

test("a name that may mean several files means none, and they are told", async () => {
  folder.put({
    ...empty(["a.png", "a.jpg", "c.png"]),
    ...empty(["b.png"], "images_001/images"),
    ...empty(["b.png"], "images_002/images"),
  });
  const { paths, unclear } = await search(["a", "b.png", "c"]);
  expect(paths).toEqual([undefined, undefined, folder.at("c.png")]);
  expect(unclear).toEqual([
    { index: 1, files: [folder.at("images_001/images/b.png"), folder.at("images_002/images/b.png")] },
    { index: 0, files: [folder.at("a.jpg"), folder.at("a.png")] },
  ]);
});

test("one base name in two folders is told apart by the folder", async () => {
  folder.put(empty(["1/v.png", "2/v.png"], "images"));
  expect(await find(["1/v.png", "data/images/2/v.png"])).toEqual([
    folder.at("images/1/v.png"),
    folder.at("images/2/v.png"),
  ]);
});

test("a file that several names mean is nobody's, and that is told", async () => {
  folder.put({ ...empty(["a.png", "c.png"], "images"), ...empty(["view.png"]) });
  const { paths, shared } = await search([
    ...["a.png", "images/a.png", "p1/view.png", "p2/view.png", "c.png"],
  ]);
  expect(paths).toEqual([undefined, undefined, undefined, undefined, folder.at("images/c.png")]);
  expect(shared).toEqual([
    { file: folder.at("images/a.png"), indices: [0, 1] },
    { file: folder.at("view.png"), indices: [2, 3] },
  ]);
});

test("an earlier place counts before a later one, and links are followed", async () => {
  folder.put({ ...empty(["a.png", "b.png"], "images"), ...empty(["a.png"]), ...empty(["x.png"], "far") });
  symlinkSync(folder.at("far"), folder.at("near"));
  symlinkSync(folder.at("far/x.png"), folder.at("y.png"));
  expect(await find(["a.png", "b.jpg", "old/near/x.png", "y"])).toEqual([
    folder.at("a.png"),
    folder.at("images/b.png"),
    folder.at("near/x.png"),
    folder.at("y.png"),
  ]);
});

test("names that no file can have are names without a file", async () => {
  folder.put(empty(["a.png", "my scan%20 🩻.png"]));
  const long = "n".repeat(5000);
  const names = [`${long}/a`, long, "a\u0000/b.png", "///", "a.png/b.png", "my scan%20 🩻.jpg"];
  expect(await find(names)).toEqual([
    folder.at("a.png"),
    ...Array(4).fill(undefined),
    folder.at(names[5]!.replace("jpg", "png")),
  ]);
});
