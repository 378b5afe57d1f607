import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Dataset, openDataset } from "../../../src/app/data/open-dataset.ts";
import { type SplitOptions, splitDataset } from "../../../src/app/data/split-dataset.ts";
import { empty, nihTable, TemporaryFolder } from "../../dataset/folder.ts";

let folder: TemporaryFolder;
beforeEach(() => {
  folder = new TemporaryFolder();
});
afterEach(() => folder.remove());

/** Twenty patients with two images each: `00.0.png`, `00.1.png`, `01.0.png`, … */
const PATIENTS = Array.from({ length: 20 }, (_, i) => String(i).padStart(2, "0"));
const ROWS = PATIENTS.flatMap((patient) =>
  ["0", "1"].map((k) => [`${patient}.${k}.png`, "Mass", patient] as const),
);
const NAMES = ROWS.map(([image]) => image);

function putAll(without: readonly string[] = []): void {
  folder.put({
    "Data_Entry_2017.csv": nihTable(ROWS),
    ...empty(
      NAMES.filter((name) => !without.includes(name)),
      "images",
    ),
  });
}

/** `nihTable` has no view, and a note says so. */
const FRONTAL = "nothing says from which side the images were taken; all are taken to be frontal";

const namesOf = ({ table }: Dataset, indices: Iterable<number>) =>
  Array.from(indices, (i) => table.images[i]!.image);

describe("opening", () => {
  test("a folder in NIH's layout", async () => {
    putAll();
    const dataset = await openDataset(folder.path);
    expect(dataset.folder).toBe(folder.path);
    expect(dataset.table.images.map(({ image }) => image)).toEqual(NAMES);
    expect(dataset.paths).toEqual(NAMES.map((name) => folder.at("images", name)));
    expect(dataset.labelFile).toEqual({
      path: folder.at("Data_Entry_2017.csv"),
      sha256: createHash("sha256").update(nihTable(ROWS)).digest("hex"),
    });
    expect(dataset.lists).toEqual({});
    expect(dataset.notes).toEqual([FRONTAL]);
  });

  test("the only table that can be read is the label file", async () => {
    folder.put({
      "own.csv": "path,patient,Mass\na.png,1,1\n",
      "remarks.csv": "date,remark\n1,2\n",
      "BBox_List_2017.csv": "",
      "a.png": "",
    });
    const { labelFile, table, paths } = await openDataset(folder.path);
    expect(labelFile.path).toBe(folder.at("own.csv"));
    expect(table.labels).toEqual(["Mass"]);
    expect(paths).toEqual([folder.at("a.png")]);
  });

  test("a label file can be named, by its path or by its name in the folder", async () => {
    putAll();
    folder.put({ "labels/own.csv": "path,patient,Mass,Fracture\n00.0.png,1,1,0\n" });
    for (const labelsFile of [folder.at("labels", "own.csv"), "labels/own.csv"]) {
      const { table, labelFile } = await openDataset(folder.path, { labelsFile, labels: ["fracture"] });
      expect(labelFile.path).toBe(folder.at("labels", "own.csv"));
      expect(table.labels).toEqual(["fracture"]);
      expect(table.images).toHaveLength(1);
    }
  });

  test("two of NIH's tables, or two that can be read, are a question", async () => {
    putAll();
    folder.put({ "Data_Entry_2017_v2020.csv": nihTable(ROWS) });
    await expect(openDataset(folder.path)).rejects.toMatchObject({
      code: "data/several-label-files",
      message: expect.stringMatching(
        /Data_Entry_2017\.csv and Data_Entry_2017_v2020\.csv, .*name the one to use$/,
      ),
    });
    const other = folder.at("other");
    folder.put({ "other/a.csv": nihTable(ROWS), "other/b.csv": nihTable(ROWS) });
    await expect(openDataset(other)).rejects.toMatchObject({ code: "data/several-label-files" });
  });

  test("no label file, one that cannot be read, and several that cannot, are named", async () => {
    await expect(openDataset(folder.path)).rejects.toMatchObject({
      code: "data/no-label-file",
      message: expect.stringContaining("no CSV file"),
    });
    folder.put({ "a.csv": "x,y\n1,2\n" });
    await expect(openDataset(folder.path)).rejects.toMatchObject({
      code: "labels/no-image-column",
      message: expect.stringMatching(/a\.csv: .*"x", "y"/),
      details: { file: folder.at("a.csv") },
    });
    folder.put({ "b.csv": "path,z\n1,2\n" });
    await expect(openDataset(folder.path)).rejects.toMatchObject({
      code: "data/no-label-file",
      message: expect.stringMatching(/a\.csv: .*b\.csv: /),
    });
  });

  test("missing images are counted and named, up to half of them", async () => {
    putAll(NAMES.slice(0, 20));
    const dataset = await openDataset(folder.path);
    expect(dataset.paths.filter((path) => path === undefined)).toHaveLength(20);
    expect(dataset.notes).toEqual([
      FRONTAL,
      "20 of the 40 images in the label file were not found and are left out: 00.0.png, 00.1.png, 01.0.png, …",
    ]);
    const { train, val } = await splitDataset(dataset, { valFraction: 0.3, seed: 0 });
    expect([...train, ...val].sort((a, b) => a - b).every((i) => dataset.paths[i] !== undefined)).toBe(true);
    expect(train.length + val.length).toBe(20);
  });

  test("more than half missing is refused, with where it looked and the way on", async () => {
    putAll(NAMES.slice(0, 21));
    await expect(openDataset(folder.path)).rejects.toMatchObject({
      code: "data/most-missing",
      message: expect.stringMatching(
        /21 of the 40 images.*00\.0\.png.*looked in .*images.*name a label file of the images that are there$/,
      ),
      details: { missing: 21, images: 40 },
    });
  });

  test("an image in both official lists is refused", async () => {
    putAll();
    folder.put({ "train_val_list.txt": "00.0.png\n01.0.png\n", "test_list.txt": "01.0.png\n" });
    await expect(openDataset(folder.path)).rejects.toMatchObject({ code: "split/lists-overlap" });
  });
});

describe("splitting", () => {
  const split = async (options: Partial<SplitOptions> = {}) => {
    const dataset = await openDataset(folder.path);
    const { train, val, notes, description } = await splitDataset(dataset, {
      valFraction: 0.2,
      seed: 0,
      ...options,
    });
    return { train: namesOf(dataset, train), val: namesOf(dataset, val), notes, description };
  };
  const patients = (names: readonly string[]) => new Set(names.map((name) => name.slice(0, 2)));

  test("by patient, where there are no lists", async () => {
    putAll();
    const { train, val, notes, description } = await split();
    expect([...train, ...val].sort()).toEqual(NAMES);
    expect(val.length).toBe(2 * patients(val).size);
    expect(val.length).toBeGreaterThan(0);
    expect(notes).toEqual([]);
    expect(description).toBe(
      `Split by patient, 20% of patients wanted for validation, seed 0. Training: ${train.length} images of ${train.length / 2} patients; validation: ${val.length} images of ${val.length / 2} patient${val.length === 2 ? "" : "s"}.`,
    );
  });

  test("a share of 0 trains on every image", async () => {
    putAll();
    const { train, val, notes, description } = await split({ valFraction: 0 });
    expect(train).toEqual(NAMES);
    expect(val).toEqual([]);
    expect(notes).toEqual([]);
    expect(description).toContain("No patient held out for validation.");
  });

  test("within the official list, whose test images are in neither part", async () => {
    putAll();
    folder.put({
      "train_val_list.txt": NAMES.slice(0, 24).join("\n"),
      "test_list.txt": [...NAMES.slice(24, 36), "lost.png"].join("\n"),
    });
    const { train, val, notes, description } = await split({ valFraction: 0.5 });
    expect([...train, ...val].sort()).toEqual(NAMES.slice(0, 24));
    expect(val.length).toBeGreaterThan(0);
    expect(notes).toEqual([
      "4 images are in neither official list and left out",
      "1 name of the official test_list.txt is not among the images",
    ]);
    expect(description).toContain(
      "within the official train_val_list.txt. Images of test_list.txt are in neither.",
    );
    // Each patient is in the same part as without the lists.
    const held = patients(val);
    folder.put({ "train_val_list.txt": NAMES.join("\n"), "test_list.txt": "lost.png\n" });
    const all = patients((await split({ valFraction: 0.5 })).val);
    expect(held.size).toBeGreaterThan(2);
    expect([...held].filter((patient) => !all.has(patient))).toEqual([]);
  });

  test("test images are kept out where only test_list.txt is there, and cannot be listed for training", async () => {
    putAll();
    folder.put({
      "test_list.txt": NAMES.slice(0, 30).join("\n"),
      "mine.txt": "29.0.png\n00.1.png\n15.0.png\n",
    });
    const { train, val } = await split();
    expect([...train, ...val].sort()).toEqual(NAMES.slice(30));
    for (const list of [{ trainList: folder.at("mine.txt") }, { valList: folder.at("mine.txt") }])
      await expect(split(list)).rejects.toMatchObject({ code: "split/test-images", details: { count: 1 } });
  });

  test("lists mean the same images, whether they write folders or not", async () => {
    const inFolder = ROWS.map(([name, ...rest]) => [`images/${name}`, ...rest] as const);
    folder.put({
      ...empty(NAMES, "images"),
      "Data_Entry_2017.csv": nihTable(inFolder),
      "test_list.txt": NAMES.slice(30).join("\n"),
      "val.txt": NAMES.slice(0, 2).join("\n"),
      "both.txt": `images/${NAMES[0]}\n${NAMES[5]}\n`,
      "held.txt": `${NAMES[31]}\n`,
    });
    const { train, val } = await split({ valList: folder.at("val.txt") });
    expect(val).toEqual(NAMES.slice(0, 2).map((name) => `images/${name}`));
    expect(train).toEqual(NAMES.slice(2, 30).map((name) => `images/${name}`));
    await expect(
      split({ valList: folder.at("val.txt"), trainList: folder.at("both.txt") }),
    ).rejects.toMatchObject({ code: "split/lists-overlap" });
    await expect(split({ trainList: folder.at("held.txt") })).rejects.toMatchObject({
      code: "split/test-images",
    });
    folder.put({ "train_val_list.txt": `images/${NAMES[35]}\n` });
    await expect(openDataset(folder.path)).rejects.toMatchObject({ code: "split/lists-overlap" });
  });

  test("a list with a name that may mean several images is refused, one with names that mean none is told of", async () => {
    putAll();
    folder.put({ "test_list.txt": `${NAMES[0]}\n${NAMES[0]!.toUpperCase()}\nlost.png\n` });
    expect((await split()).notes).toEqual(["1 name of the official test_list.txt is not among the images"]);
    const rows = [
      ["a/1.png", "Mass", "1"],
      ["b/1.png", "Mass", "2"],
      ["b/2.png", "Mass", "3"],
    ] as const;
    folder.put({
      ...empty(["a/1.png", "b/1.png", "b/2.png"]),
      "Data_Entry_2017.csv": nihTable(rows),
      "test_list.txt": "1.png\n",
    });
    await expect(split()).rejects.toMatchObject({
      code: "split/unclear-name",
      message: expect.stringMatching(
        /test_list\.txt: 1 name in the list may mean several images, the first 1\.png/,
      ),
    });
  });

  test("a validation list, without and with a training list", async () => {
    putAll();
    folder.put({
      "val.txt": "00.0.png\n01.0.png\n01.1.png\nlost.png\n",
      "train.txt": "00.1.png\n05.0.png\n",
    });
    const alone = await split({ valList: folder.at("val.txt") });
    expect(alone.val).toEqual(["00.0.png", "01.0.png", "01.1.png"]);
    expect(alone.train).toEqual(NAMES.slice(4));
    expect(alone.notes).toEqual([
      "1 name of the validation list is not among the images",
      "1 image is left out of training, because its patient has other images in the validation list",
    ]);
    const both = await split({ valList: folder.at("val.txt"), trainList: folder.at("train.txt") });
    expect(both.train).toEqual(["00.1.png", "05.0.png"]);
    expect(both.notes.join()).toContain("1 patient has images in both");
  });

  test("of a training list, validation is split off by patient", async () => {
    putAll();
    folder.put({ "train.txt": [...NAMES.slice(10, 30), "lost.png"].join("\n") });
    const { train, val, notes } = await split({ trainList: folder.at("train.txt"), valFraction: 0.5 });
    expect([...train, ...val].sort()).toEqual(NAMES.slice(10, 30));
    expect([...patients(val)].filter((patient) => patients(train).has(patient))).toEqual([]);
    expect(notes).toEqual(["1 name of the training list is not among the images"]);
  });

  test("a limit takes the first images that are there", async () => {
    putAll(["00.0.png", "02.1.png"]);
    const { train, val, description } = await split({ limit: 8 });
    expect([...train, ...val].sort()).toEqual([
      ...["00.1.png", "01.0.png", "01.1.png", "02.0.png", "03.0.png", "03.1.png", "04.0.png", "04.1.png"],
    ]);
    expect(val.length).toBeGreaterThan(0);
    expect(description).toContain("Only the first 8 images were used");
  });

  test("one patient leaves none for validation, and a note says so; no image to train on is refused", async () => {
    putAll();
    expect((await split({ limit: 2 })).notes).toEqual(["no image is left for validation"]);
    folder.put({ "train_val_list.txt": "lost.png\n" });
    await expect(split()).rejects.toMatchObject({
      code: "split/no-training",
      message: expect.stringContaining(folder.path),
    });
  });

  test("a list that is missing or empty is named", async () => {
    putAll();
    folder.put({ "none.txt": "\n" });
    await expect(split({ valList: folder.at("gone.txt") })).rejects.toMatchObject({ code: "file/not-found" });
    await expect(split({ trainList: folder.at("none.txt") })).rejects.toMatchObject({
      code: "split/empty-list",
      message: expect.stringContaining("none.txt"),
    });
  });
});
