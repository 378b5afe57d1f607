/** Which image a name means: in every command and option, the same name means the same image, or none. */

import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk, putSmallDemo, words } from "./run.ts";
import { phantomPng } from "./xrays.ts";

const desk = new Desk();
afterAll(() => desk.remove());

const NFC = "é.png".normalize("NFC");
const NFD = NFC.normalize("NFD");
const NAMES = ["images/00000004_000.png", "1/v.png", "2/v.png", "w.png", "w.jpg", `${NFC}`];
const BOX_HEADER = "Image Index,Finding Label,Bbox [x,y,w,h],,,\n";

beforeAll(async () => {
  putSmallDemo(desk, "m.safetensors");
  const rows = NAMES.map((name, i) => `${name},${i % 2 ? "Mass" : "No Finding"},${i}\n`);
  desk.put("data/Data_Entry_2017.csv", `Image Index,Finding Labels,Patient ID\n${rows.join("")}`);
  const png = await phantomPng(512, 512);
  for (const name of NAMES) desk.put(`data/${name === NFC ? NFD : name}`, png);
  for (const name of ["x/00000004_000.jpg", "3/v.png", "v.png", "w", "deep/2/v.png", `y/${NFD}`])
    desk.put(name, png);
});

/** What each command makes of a name: the image in the label file, or its message. */
async function ask(name: string, at: number) {
  const [list, boxes, predictions] = [`list${at}.txt`, `boxes${at}.csv`, `predictions${at}.csv`];
  desk.put(list, `${name}\n`);
  desk.put(boxes, `${BOX_HEADER}${name},Mass,10,20,300,300\n`);
  desk.put(predictions, `Image Index,prob_Mass\n${name},0.5\n1/v.png,0.25\n`);
  const evaluate = "evaluate --bootstrap 100 --format json --examples 0";
  const model = `${evaluate} --data data --model m.safetensors`;
  const [truth, listed, boxed, predicted] = await Promise.all([
    desk.run([...words("predict --model m.safetensors --truth data --format json --image"), name]),
    desk.run(words(`${model} --list ${list} --out out${at}`)),
    desk.run(words(`${model} --boxes ${boxes}`)),
    desk.run(words(`${evaluate} --predictions ${predictions} --labels-file data/Data_Entry_2017.csv`)),
  ]);
  // The small demo model sees images in a size that it was not measured in, so that its check of known images warns.
  const stderr = truth.stderr.replace(/^medical-x: .*: The distance of its features from .*\n/m, "");
  return { truth: { ...truth, stderr }, listed, boxed, predicted };
}

test("another folder and format of NIH's is one image at every door", async () => {
  const [name, image] = ["x/00000004_000.jpg", "images/00000004_000.png"];
  const { truth, listed, boxed, predicted } = await ask(name, NAMES.indexOf(image));
  const isMass = NAMES.indexOf(image) % 2;
  expect(truth.stderr).not.toContain("known");
  expect(JSON.parse(truth.stdout).truth.Mass).toBe(isMass);
  expect(listed.code).toBe(0);
  const table = readFileSync(desk.path(`out${NAMES.indexOf(image)}`, "predictions.csv"), "utf8");
  expect(table.split("\n")[1]!.split(",")[0]).toBe(image);
  expect(JSON.parse(boxed.stdout).localisation.overall).toMatchObject({ n_images: 1, n_pairs: 1 });
  expect(JSON.parse(predicted.stdout)).toMatchObject({ n_images: 2 });
  expect(predicted.stderr).not.toContain("left out");
});

test("a name that may mean several images means none at any door, and they are named", async () => {
  const [name, meant] = ["v.png", "1/v.png or 2/v.png"];
  const { truth, listed, boxed, predicted } = await ask(name, 10 + name.length);
  expect(JSON.parse(truth.stdout)).not.toHaveProperty("truth");
  expect(truth.stderr).toBe(
    `medical-x: data: nothing is shown for 1 image whose name may mean several images there: ${name} (${meant})\n`,
  );
  expect(listed).toMatchObject({ code: 1, stdout: "" });
  expect(listed.stderr).toContain(
    `1 name in the list may mean several images, the first ${name} (${meant}); write`,
  );
  expect(JSON.parse(boxed.stdout).localisation).toBeNull();
  expect(boxed.stderr).toContain(
    `1 box of names that may mean several images (${name}: ${meant}) is left out\n`,
  );
  expect(predicted.stderr).toContain(
    `1 prediction whose name may mean several images is left out: line 2 (${name}: ${meant})\n`,
  );
});

test("a folder that contradicts the label file's makes another image at every door", async () => {
  const { truth, listed, boxed, predicted } = await ask("3/v.png", 20);
  expect(truth.stderr).toBe(
    "medical-x: data: it says nothing about 1 image: 3/v.png\n" +
      "medical-x: data: it has 1/v.png, 2/v.png in other folders than 3/v.png, and images in different folders count as different; if one of them is this image, name it 3/v.png in its row\n",
  );
  expect(listed.stderr).toContain("the list names none of the images (1 name, the first 3/v.png)");
  expect(boxed.stderr).toContain("1 box of images that are not evaluated is left out\n");
  expect(predicted.stderr).toContain("1 prediction of images without labels is left out: line 2 (3/v.png)\n");
});

test("an image that is predicted by its path in the data folder is the one that lies there", async () => {
  const { stdout, stderr } = await desk.run(
    words(
      "predict --model m.safetensors --truth data --format ndjson --image data/1/v.png data/2/v.png data/w.jpg",
    ),
  );
  expect(stderr).not.toContain("known");
  const truths = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).truth.Mass);
  expect(truths).toEqual([1, 0, 0]);
});

test("one image under two names is predicted once, and kept once", async () => {
  const put = (name: string, image: string) =>
    desk.put(name, `Image Index,Mass,Patient ID\n${image},1,1\n1/v.png,0,2\n`);
  put("data/short.csv", "00000004_000.png");
  put("data/long.csv", "data/images/00000004_000.jpg");
  const env = { MEDICAL_X_CACHE: desk.path("own") };
  const evaluate = (labels: string) =>
    desk.run(
      words(
        `evaluate --data data --model m.safetensors --labels-file data/${labels} --bootstrap 100 --format json`,
      ),
      { env },
    );
  const records = () => {
    const folder = desk.path("own/predictions");
    const files = readdirSync(folder).flatMap((key) =>
      readdirSync(join(folder, key)).map((name) => join(folder, key, name)),
    );
    return files
      .filter((name) => basename(name).startsWith("index"))
      .reduce((sum, name) => sum + readFileSync(name, "utf8").split("\n").length - 1, 0);
  };
  const first = await evaluate("short.csv");
  expect([first.code, records()]).toEqual([0, 2]);
  const second = await evaluate("long.csv");
  expect([second.code, records()]).toEqual([0, 2]);
  expect(JSON.parse(second.stdout).findings).toEqual(JSON.parse(first.stdout).findings);
});
