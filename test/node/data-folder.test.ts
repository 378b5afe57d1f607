import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDataFolder, readText } from "../../src/node/data-folder.ts";
import { empty, TemporaryFolder } from "../dataset/folder.ts";

let folder: TemporaryFolder;
beforeEach(() => {
  folder = new TemporaryFolder();
});
afterEach(() => folder.remove());

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
