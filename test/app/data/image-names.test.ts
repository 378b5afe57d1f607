/** Which image a name means, for each use of the rule: lists, truth, boxes, predictions, and the names in a card. */

import { existsSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ImageFile, keyIn, stampOf } from "../../../src/app/data/image-file.ts";
import { assignBoxes, openBoxes } from "../../../src/app/data/known-boxes.ts";
import { readListed } from "../../../src/app/data/label-file.ts";
import { openDataset } from "../../../src/app/data/open-dataset.ts";
import { rememberedImages, seenName } from "../../../src/app/data/seen-names.ts";
import { Truth } from "../../../src/app/data/truth.ts";
import { inputFromPredictions } from "../../../src/app/evaluation/predictions.ts";
import { PackedNames, packNames } from "../../../src/dataset/image-hashes.ts";
import { parseLabelTable } from "../../../src/dataset/label-table.ts";
import { phantomImages } from "../../../src/dataset/phantom/patients/patients.ts";
import { parsePredictionTable } from "../../../src/dataset/prediction-table.ts";
import { readText } from "../../../src/node/data-folder.ts";
import { empty, TemporaryFolder } from "../../dataset/folder.ts";

let folder: TemporaryFolder;
beforeEach(() => {
  folder = new TemporaryFolder();
});
afterEach(() => folder.remove());

const NFC = "Größe.png".normalize("NFC");
const NFD = NFC.normalize("NFD");
const IMAGES = [
  "images/00000004_000.png",
  "1/v.png",
  "2/v.png",
  "w.png",
  "w.jpg",
  NFC,
  "1.2.840.113619",
  "a b%20.png",
];

/** The image that each use of the rule finds for a name, or `several`, or `none`. */
async function meanings(name: string): Promise<Record<string, string>> {
  const rows = IMAGES.map((image, i) => `${image},${i % 2},${i}\n`).join("");
  folder.put({
    "data/labels.csv": `Image,Mass,Patient\n${rows}`,
    "list.txt": `${name}\n`,
    "boxes.csv": `Image Index,Finding Label,Bbox [x,y,w,h],,,\n${name},Mass,1,2,3,4\n`,
    // The second row ensures that at least one row matches.
    "predictions.csv": `Image,Mass\n"${name}",0.5\n1/v.png,0.25\n`,
  });
  const labels = folder.at("data/labels.csv");
  const { images } = parseLabelTable((await readText(labels)).text);
  const names = images.map(({ image }) => image);

  const listed = await (async () => {
    try {
      const { indices } = readListed(images, await readText(folder.at("list.txt")));
      return names[indices[0]!] ?? "none";
    } catch (error) {
      return (error as { code?: string }).code === "split/unclear-name" ? "several" : "failed";
    }
  })();

  const truth = await Truth.open(labels, ["Mass"], [name]);
  const said = truth.unknownNotes([name]).join();
  const known = truth.of(name)?.labels["Mass"];

  const file = await openBoxes(folder.path, [folder.at("boxes.csv")]);
  const { of, unclear } = assignBoxes(file!, names);

  const input = await inputFromPredictions({ predictions: folder.at("predictions.csv"), labelsFile: labels });
  const notes = input.notes.join();
  return {
    list: listed,
    truth: said.includes("may mean several") ? "several" : known === undefined ? "none" : `Mass ${known}`,
    boxes: unclear.length > 0 ? "several" : ([...of.keys()][0] ?? "none"),
    predictions: notes.includes("may mean several")
      ? "several"
      : notes.includes("without labels")
        ? "none"
        : input.images[0]!.image,
  };
}

const found = (image: string) => ({
  list: image,
  truth: `Mass ${IMAGES.indexOf(image) % 2}`,
  boxes: image,
  predictions: image,
});
const all = (what: string) => ({ list: what, truth: what, boxes: what, predictions: what });

test("a row that may mean several of the images means none of them, and is named", async () => {
  folder.put({ "labels.csv": "Image,Mass\na.png,1\n00000001_000.png,1\n" });
  const images = ["one/a.png", "two/a.png", "one/00000001_000.png", "two/00000001_000.jpg"];
  const truth = await Truth.open(folder.at("labels.csv"), ["Mass"], images);
  // NIH's number is the same image in any folder and format.
  expect(images.map((image) => truth.of(image)?.labels["Mass"])).toEqual([undefined, undefined, 1, 1]);
  expect(truth.unknownNotes(["one/a.png", "two/a.png"])).toEqual([
    `${folder.at("labels.csv")}: 1 row may mean several of the images, for which nothing is shown: a.png (one/a.png or two/a.png); write the names in these rows with their folders`,
  ]);
});

describe("lists, truth, boxes and predictions", () => {
  test.each([
    ["x/00000004_000.jpg", "images/00000004_000.png"],
    ["00000004_000", "images/00000004_000.png"],
    ["/kaggle/input/data/images_001/images/00000004_000.png", "images/00000004_000.png"],
    ["C:\\data\\2\\v.png", "2/v.png"],
    ["2//./v.PNG", "2/v.png"],
    [`y/${NFD}`, NFC],
    ["1.2.840.113619.dcm", "1.2.840.113619"],
    ["x/a b%20.jpg", "a b%20.png"],
    ["x/w.jpg", "w.jpg"],
  ])("%s is %s", async (name, image) => {
    expect(await meanings(name)).toEqual(found(image));
  });

  test.each(["v.png", "v", "w", "w.tif"])("%s may be several", async (name) => {
    expect(await meanings(name)).toEqual(all("several"));
  });

  test.each(["3/v.png", "V/w.pn", "1.2.840", "a b .png", "images/00000005_000.png"])(
    "%s is none",
    async (name) => {
      expect(await meanings(name)).toEqual(all("none"));
    },
  );
});

test("an image of the data folder is known by its path in there, whatever the folder is called by", async () => {
  folder.put({
    "data/labels.csv": "Image,Mass\nC:\\set\\images\\a.png,1\nother/a.png,0\n",
    ...empty(["a.png"], "data/images"),
  });
  const image = folder.at("data/images/a.png");
  expect((await Truth.open(folder.at("data"), ["Mass"], [image])).of(image)?.labels).toEqual({ Mass: 1 });
});

test("two rows that spell one name differently name one image, in label and prediction files", () => {
  for (const other of ["./a/b.png", "a\\b.png", "a//b.png", "x/../a/b.png", " a/b.png "]) {
    const rows = `a/b.png,1\n${other},0\n`;
    expect(() => parseLabelTable(`Image,Mass\n${rows}`)).toThrow(
      expect.objectContaining({ code: "labels/duplicate-image" }),
    );
    expect(() => parsePredictionTable(`Image,Mass\n${rows}`, ["Mass"])).toThrow(
      expect.objectContaining({ code: "predictions/duplicate-image" }),
    );
  }
  const told = `Image,Mass\na.png,1\na.jpg,0\nb/a.png,1\nA.png,0\n`;
  expect(parseLabelTable(told).images).toHaveLength(4);
});

test("names that may mean several files, and files of several names, are left out and told", async () => {
  const names = ["a", "b.png", "images/b.png", "c", "d", "e", "f", "g", "h.png"];
  folder.put({
    "labels.csv": `Image,Mass\n${names.map((name) => `${name},1\n`).join("")}`,
    ...empty(["a.png", "a.jpg", "images/b.png", "c.png", "d.png", "e.png", "f.png", "g.png"]),
  });
  const { notes, paths } = await openDataset(folder.path);
  expect(paths.filter((path) => path === undefined)).toHaveLength(4);
  expect(notes).toEqual(
    expect.arrayContaining([
      "1 of the 9 images in the label file was not found and is left out: h.png",
      "1 name in the label file may mean several files and is left out: a (a.jpg or a.png)",
      "2 names in the label file stand for only 1 file and are left out: images/b.png (b.png, images/b.png)",
    ]),
  );
  folder.put(empty(["c.jpg"]));
  await expect(openDataset(folder.path)).rejects.toMatchObject({
    code: "data/most-missing",
    message: expect.stringMatching(/h\.png\); looked in .*2 names in the label file may mean several files/),
  });
});

describe("what a card remembers", () => {
  const remembered = (packed: readonly string[], images: readonly string[]) => [
    ...rememberedImages(new PackedNames(packNames(packed)), images, undefined),
  ];

  test.each([
    ["images/a.png", ["images/a.png"]],
    ["a.png", ["images/a.png"]],
    ["a.PNG", ["images/a.jpg"]],
    ["a", ["/data/a.dcm"]],
    [NFD, [`x/${NFC}`]],
    [NFC, [NFD]],
    ["../b/a.png", ["../b/a.png"]],
    ["b/a.png", ["../b/a.png"]],
    ["00000013_005.png", ["x/00000013_005.jpg"]],
  ])("%s is recognised in %j", (name, images) => {
    expect(remembered([name], [...images, "zzz/a_.png", "0.png"])).toEqual(images);
  });

  test("of two images that may be one that is remembered, nobody can tell; the one that is called so is it", () => {
    expect(remembered(["a.png"], ["1/a.png", "2/a.png"])).toEqual([]);
    expect(remembered(["a.png"], ["1/a.png", "a.png"])).toEqual(["a.png"]);
    expect(remembered(["1/a.png"], ["2/a.png", "a.png"])).toEqual([]);
  });

  test("the demo model's card, written before names were compared by this rule, still knows its phantoms", () => {
    const bytes = readFileSync(new URL("../../../models/demo.safetensors", import.meta.url));
    const header = JSON.parse(bytes.toString("utf8", 8, 8 + Number(bytes.readBigUInt64LE())));
    const { learnedFrom } = JSON.parse(header.__metadata__["medical-x/card@1"]);
    const { dataset, training, validation } = learnedFrom.at(-1);
    const seed = Number(/seed (\d+)/.exec(dataset)![1]);
    const [trained, validated] = [training, validation].map((packed: string) => new PackedNames(packed));
    const count = trained!.size + validated!.size;
    const names = phantomImages(seed, count).map(({ name }) => name);
    const phantom = { seed, size: 320 };
    const [inTraining, inValidation] = [trained!, validated!].map((packed) =>
      rememberedImages(
        packed,
        names.map((name) => `images/${name.replace("png", "jpg")}`),
        phantom,
      ),
    );
    expect([inTraining!.size, inValidation!.size]).toEqual([trained!.size, validated!.size]);
    expect(rememberedImages(trained!, names, { seed: seed + 1, size: 320 }).size).toBe(0);
    expect(trained!.has(seenName(names[0]!, phantom)) || validated!.has(seenName(names[0]!, phantom))).toBe(
      true,
    );
  });
});

describe("caches", () => {
  const file = (name: string, path: string): ImageFile => ({ name, path: folder.at(path) });

  test("one file under two names has one key, two files of one name have two", async () => {
    folder.put(empty(["a.png", "b.png"]));
    const [one, other, third] = await Promise.all(
      [file("a.png", "a.png"), file("images/a.png", "./a.png"), file("a.png", "b.png")].map(stampOf),
    );
    expect(one!.file).toBe(other!.file);
    expect(one!.named).not.toBe(other!.named);
    expect(one!.file).not.toBe(third!.file);
    const gone = await stampOf(file("a.png", "gone.png"));
    expect([one!.file, other!.file, third!.file]).not.toContain(gone.file);
  });

  test("what was kept before, by name and file, is still found; new entries are kept by the file", async () => {
    folder.put(empty(["a.png"]));
    const stamp = await stampOf(file("a.png", "a.png"));
    expect(stamp.named).toMatch(/^a\.png\|\/.*a\.png\|0\|[\d.]+\|[\d.]+$/);
    expect(keyIn(new Set([`${stamp.named}#0`]), stamp, "#0")).toBe(`${stamp.named}#0`);
    expect(keyIn(new Set([stamp.named]), stamp, "#0")).toBe(`${stamp.file}#0`);
    expect(keyIn(new Set([stamp.named, stamp.file]), stamp)).toBe(stamp.file);
  });
});

const SAMPLE = new URL("../../../../shared/data/nih-sample/", import.meta.url);
test.skipIf(!existsSync(SAMPLE))(
  "real X-rays are found under Kaggle's paths, without endings and with others (skipped without NIH's sample)",
  async () => {
    const sample = decodeURIComponent(SAMPLE.pathname);
    const { table, paths } = await openDataset(sample);
    const names = table.images.map(({ image }) => image);
    expect(paths.filter((path) => path !== undefined)).toHaveLength(124);
    for (const rename of [
      (name: string) => `/kaggle/input/data/images_001/images/${name}`,
      (name: string) => `C:\\xrays\\${name.replace("png", "dcm")}`,
      (name: string) => name.replace(".png", ""),
    ]) {
      const rows = names.map((name) => `${rename(name)},1\n`).join("");
      folder.put({
        "labels.csv": `Image,Mass\n${rows}`,
        "list.txt": names.map((name) => `x/${name}\n`).join(""),
      });
      const renamed = await openDataset(sample, { labelsFile: folder.at("labels.csv") });
      expect(renamed.paths).toEqual(paths);
      const { indices, lacking } = readListed(renamed.table.images, await readText(folder.at("list.txt")));
      expect([indices.length, lacking]).toEqual([124, 0]);
    }
  },
);
