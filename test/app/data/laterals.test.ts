/** Lateral images are used only if they are asked for, and a note says what is left out. */

import { afterEach, beforeEach, expect, test } from "vitest";
import { summariseData } from "../../../src/app/data/data-summary.ts";
import { type Dataset, openDataset } from "../../../src/app/data/open-dataset.ts";
import { splitDataset } from "../../../src/app/data/split-dataset.ts";
import { chosenImages } from "../../../src/app/evaluation/chosen-images.ts";
import { inputFromPredictions } from "../../../src/app/evaluation/predictions.ts";
import { XrayError } from "../../../src/errors.ts";
import type { DataSummary } from "../../../src/results/data-summary.ts";
import { empty, TemporaryFolder } from "../../dataset/folder.ts";

/** CheXpert's columns. Each patient has a frontal and a lateral image; one of the frontal ones is LL. */
const HEADER = "Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Edema,Cardiomegaly\n";
const ROWS = ["1", "2", "3", "4"].flatMap((patient) => [
  { name: `patient${patient}/study1/view1_frontal.jpg`, rest: "Frontal,AP,,1.0,0.0" },
  { name: `patient${patient}/study1/view2_lateral.jpg`, rest: "Lateral,,1.0,," },
]);
const ODD = { name: "patient5/study1/view1_frontal.jpg", rest: "Frontal,LL,1.0,," };
const ALL = [...ROWS, ODD];
const FRONTAL = ROWS.filter((_, i) => i % 2 === 0).map(({ name }) => name);
const LEFT_OUT =
  "5 of the 9 images have a lateral view and are left out, because the models here are made for frontal views; the option to include laterals keeps them";
const KEPT =
  "5 of the 9 images have a lateral view and are kept, as asked; the models here are made for frontal views";

let folder: TemporaryFolder;
beforeEach(() => {
  folder = new TemporaryFolder();
  const rows = ALL.map(({ name, rest }) => `${name},Male,50,${rest}\n`).join("");
  folder.put({ "labels.csv": HEADER + rows, ...empty(ALL.map(({ name }) => name)) });
});
afterEach(() => folder.remove());

const namesOf = ({ table }: Dataset, indices: Iterable<number>) =>
  Array.from(indices, (i) => table.images[i]!.image).sort();
const open = (includeLaterals?: boolean) =>
  openDataset(folder.path, includeLaterals === undefined ? {} : { includeLaterals });

test("a data set says how many are left out, or take part", async () => {
  expect((await open()).notes).toContain(LEFT_OUT);
  expect((await open(true)).notes).toContain(KEPT);
});

test("neither training nor validation has them, by patient or by lists", async () => {
  const split = async (includeLaterals: boolean, options: { valList?: string; trainList?: string } = {}) => {
    const dataset = await open(includeLaterals);
    const { train, val } = await splitDataset(dataset, { valFraction: 0.5, seed: 0, ...options });
    return { train: namesOf(dataset, train), val: namesOf(dataset, val) };
  };
  const { train, val } = await split(false);
  expect([...train, ...val].sort()).toEqual(FRONTAL);
  const kept = await split(true);
  expect([...kept.train, ...kept.val].sort()).toEqual(ALL.map(({ name }) => name).sort());
  folder.put({
    "val.txt": "patient1/study1/view1_frontal.jpg\npatient1/study1/view2_lateral.jpg\n",
    "train.txt": "patient2/study1/view2_lateral.jpg\npatient3/study1/view1_frontal.jpg\n",
  });
  const lists = { valList: folder.at("val.txt"), trainList: folder.at("train.txt") };
  expect(await split(false, lists)).toEqual({ train: [FRONTAL[2]], val: [FRONTAL[0]] });
  expect((await split(true, lists)).val).toHaveLength(2);
});

test("an evaluation chooses none of them, whether of all images or of a list", async () => {
  const choose = async (includeLaterals: boolean, list?: string) => {
    const dataset = await open(includeLaterals);
    const { indices } = await chosenImages(dataset, list === undefined ? {} : { list });
    return namesOf(dataset, indices);
  };
  expect(await choose(false)).toEqual(FRONTAL);
  expect(await choose(true)).toHaveLength(9);
  folder.put({ "laterals.txt": "patient1/study1/view2_lateral.jpg\n" });
  await expect(choose(false, folder.at("laterals.txt"))).rejects.toMatchObject({
    code: "evaluation/no-images",
    message: expect.stringMatching(/have a lateral view.*; include lateral views to keep them/),
  });
  expect(await choose(true, folder.at("laterals.txt"))).toHaveLength(1);
});

test("predictions of a file are evaluated on frontal images alone", async () => {
  const rows = ALL.map(({ name }, i) => `${name},0.${i + 1},0.5\n`).join("");
  folder.put({ "predictions.csv": `Path,prob_Edema,prob_Cardiomegaly\n${rows}` });
  const input = (includeLaterals: boolean) =>
    inputFromPredictions({
      predictions: folder.at("predictions.csv"),
      labelsFile: folder.at("labels.csv"),
      includeLaterals,
    });
  const frontal = await input(false);
  expect(frontal.images.map(({ image }) => image)).toEqual(FRONTAL);
  // Every second of the first eight rows.
  expect(Array.from(frontal.probabilities[1]!)).toEqual([0.1, 0.3, 0.5, 0.7]);
  expect(frontal.notes).toContain(LEFT_OUT);
  const all = await input(true);
  expect(all.images).toHaveLength(9);
  expect(all.notes).toContain(KEPT);
});

test("a summary counts them among its views, and not in the parts of its split", async () => {
  const summary = (includeLaterals: boolean) =>
    summariseData(folder.path, { valFraction: 0, seed: 0, includeLaterals }) as Promise<DataSummary>;
  const { all, splits, notes } = await summary(false);
  expect(Object.fromEntries(all.views)).toEqual({ AP: 4, Lateral: 4, LL: 1 });
  expect(splits.map(({ summary: { images } }) => images)).toEqual([4, 0]);
  expect(notes).toContain(LEFT_OUT);
  expect((await summary(true)).splits[0]!.summary.images).toBe(9);
});

test("lateral images without a file are not missed, and a set of laterals alone cannot be trained on", async () => {
  folder.remove();
  folder = new TemporaryFolder();
  folder.put({
    "labels.csv": `${HEADER}a.jpg,Male,50,Lateral,,1.0,,\nb.jpg,Male,50,Lateral,,1.0,,\nc.jpg,Male,50,Frontal,PA,1.0,,\n`,
    "c.jpg": "",
  });
  expect((await open()).notes.filter((note) => note.includes("not found"))).toEqual([]);
  await expect(open(true)).rejects.toMatchObject({ code: "data/most-missing" });
  folder.put({ "labels.csv": `${HEADER}a.jpg,Male,50,Lateral,,1.0,,\n`, "a.jpg": "" });
  const failure = await splitDataset(await open(), { valFraction: 0, seed: 0 }).catch((error) => error);
  expect(failure).toBeInstanceOf(XrayError);
  expect(failure.message).toMatch(/1 left out because their view is lateral.*, or include lateral views$/);
});

test("of images that are missing, those without a lateral view are counted among their like", async () => {
  folder.remove();
  folder = new TemporaryFolder();
  const row = (name: string, side: string) => `${name},Male,50,${side},,1.0,,\n`;
  const frontal = Array.from({ length: 12 }, (_, i) => row(`f${i}.jpg`, "Frontal")).join("");
  const lateral = Array.from({ length: 12 }, (_, i) => row(`l${i}.jpg`, "Lateral")).join("");
  folder.put({ "labels.csv": HEADER + frontal + lateral });
  await expect(open()).rejects.toThrow(
    /: 12 of the 12 images without a lateral view in the label file were not found \(f0\.jpg/,
  );
  await expect(open(true)).rejects.toThrow(/: 24 of the 24 images in the label file were not found/);
  folder.put(empty(Array.from({ length: 9 }, (_, i) => `f${i}.jpg`)));
  expect((await open()).notes).toContain(
    "3 of the 12 images without a lateral view in the label file were not found and are left out: f9.jpg, f10.jpg, f11.jpg",
  );
});

test.each([
  [
    ["PA", "LLAT", "0", "PA/LAT", "0", ""],
    1,
    '3 images with a view that is neither clearly frontal nor clearly lateral ("0", "PA/LAT") are taken to be frontal',
  ],
  [
    ["AP", "LLO", "RLAT"],
    1,
    '1 image with a view that is neither clearly frontal nor clearly lateral ("LLO") is taken to be frontal',
  ],
  [
    ["a", "b", "c", "d", "e", "L-LAT"],
    1,
    '5 images with a view that is neither clearly frontal nor clearly lateral ("a", "b", "c", "d", …) are taken to be frontal',
  ],
])("views %j: what cannot be read is taken as frontal, and said", async (views, laterals, note) => {
  folder.remove();
  folder = new TemporaryFolder();
  const names = views.map((_, i) => `${i}.png`);
  const rows = views.map((view, i) => `${names[i]},1,${view}\n`).join("");
  folder.put({ "labels.csv": `Image,Mass,View\n${rows}`, ...empty(names) });
  const { leftOut, notes } = await open();
  expect(leftOut.size).toBe(laterals);
  expect(notes).toContain(note);
  expect((await open(true)).notes).toContain(note);
});

test("Frontal/Lateral as 0 and 1 is not guessed: CheXpert's names say it, and where there are none, a note does", async () => {
  folder.remove();
  folder = new TemporaryFolder();
  const table = (names: readonly string[]) =>
    HEADER + names.map((name, i) => `${name},Male,50,${i % 2},${i % 2 === 0 ? "0" : ""},1.0,,\n`).join("");
  const named = ROWS.map(({ name }) => name);
  folder.put({ "labels.csv": table(named), ...empty(named) });
  const told = await open();
  expect(namesOf(told, told.leftOut)).toEqual(named.filter((name) => name.includes("lateral")));
  expect(told.notes).toContain(
    "no column says in words whether a view is frontal; views are taken from the images' names, as CheXpert names files: view1_frontal.jpg",
  );
  folder.put({ "labels.csv": table(["a.png", "b.png"]), ...empty(["a.png", "b.png"]) });
  const untold = await open();
  expect(untold.leftOut.size).toBe(0);
  expect(untold.notes).toContain(
    '2 images with a view that is neither clearly frontal nor clearly lateral ("0", "1") are taken to be frontal',
  );
});

test("names without an ending find their files", async () => {
  folder.put({ "labels.csv": "image_id,Mass,View\nabc,1,PA\n1.2.840,0,PA\nb.png,1,PA\n" });
  folder.put(empty(["abc.tif", "abc.txt", "1.2.840.jpeg", "b.png", "b.png.png"]));
  const { paths } = await open();
  expect(paths).toEqual(["abc.tif", "1.2.840.jpeg", "b.png"].map((name) => folder.at(name)));
});
