import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findImages, openDataFolder, readText } from "../../src/node/data-folder.ts";
import { empty, TemporaryFolder } from "../dataset/folder.ts";

let folder: TemporaryFolder;
beforeEach(() => {
  folder = new TemporaryFolder();
});
afterEach(() => folder.remove());

const find = async (names: readonly string[], labelFile = folder.at("labels.csv")) =>
  (await findImages(folder.path, labelFile, names)).paths;

test("label files and lists are told by their names", async () => {
  folder.put({
    ...empty([
      "Data_Entry_2017_v2020.csv",
      "Data_Entry_2017.csv",
      "BBox_List_2017.csv",
      "own.CSV",
      "notes.md",
    ]),
    "train_val_list.txt": "a.png\n",
    "test_list.txt": "b.png\n",
  });
  const { entryFiles, otherTables, lists } = await openDataFolder(folder.path);
  expect(entryFiles).toEqual([folder.at("Data_Entry_2017.csv"), folder.at("Data_Entry_2017_v2020.csv")]);
  expect(otherTables).toEqual([folder.at("own.CSV")]);
  expect(lists.trainVal?.text).toBe("a.png\n");
  expect(lists.test?.text).toBe("b.png\n");
});

test("lists that are not there are not there", async () => {
  expect((await openDataFolder(folder.path)).lists).toEqual({});
});

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
  const names = ["top.png", "train/p1/a.png", "set/train/p1/a.png", "x.png", "train/p2/a.png"];
  const { paths, places } = await findImages(set, folder.at("elsewhere", "labels.csv"), names);
  expect(paths).toEqual([
    folder.at("set", "top.png"),
    folder.at("set", "train/p1/a.png"),
    folder.at("set", "train/p1/a.png"),
    folder.at("elsewhere", "x.png"),
    undefined,
  ]);
  expect(places).toContain(folder.at("elsewhere"));
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

test("a file's hash is that of its bytes, byte order mark included", async () => {
  const bytes = new TextEncoder().encode("\ufeffImage Index,Müller\r\n");
  folder.put({ "labels.csv": bytes });
  const { text, sha256 } = await readText(folder.at("labels.csv"));
  expect(text).toContain("Müller");
  expect(sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
});

test("what is no UTF-8, no folder or not there is refused by name", async () => {
  folder.put({ "latin1.csv": Uint8Array.of(0x4d, 0xfc, 0x6c), "x.csv": "" });
  await expect(readText(folder.at("latin1.csv"))).rejects.toMatchObject({
    code: "labels/not-utf8",
    message: expect.stringContaining("latin1.csv"),
  });
  await expect(openDataFolder(folder.at("x.csv"))).rejects.toMatchObject({ code: "file/not-regular" });
  await expect(openDataFolder(folder.at("gone"))).rejects.toMatchObject({ code: "file/not-found" });
});
