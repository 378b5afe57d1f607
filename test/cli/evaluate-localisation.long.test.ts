import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseBoxTable } from "../../src/dataset/box-table.ts";
import { boxesAround, overlapOf } from "../../src/evaluation/localisation.ts";
import { FINDING_NAMES } from "../../src/findings.ts";
import { Random } from "../../src/random.ts";
import { boxesAnywhere } from "./boxes-anywhere.ts";
import { readNpy } from "./npy.ts";
import { Desk, modelFile, words } from "./run.ts";
import { greyPng } from "./xrays.ts";

const SIZE = 96;
const MODEL = "--model m.pth --bootstrap 100";

const desk = new Desk();
afterAll(() => desk.remove());
beforeAll(async () => {
  const weights = modelFile("pth", 7);
  desk.put("m.pth", weights);
  // Half as many pixels as usual, in half the time. The centres of 5 × 5 cells are not at whole pixels of the phantoms.
  const resized = [
    { step: "rgb" },
    { step: "resize", width: 160, height: 160, resample: "pil" },
    { step: "normalise", scheme: "imagenet" },
  ];
  desk.put("m.pth.json", JSON.stringify({ labels: FINDING_NAMES, preparation: resized }));
  desk.put("cropped.pth", weights);
  const preparation = [
    { step: "rgb" },
    { step: "resize-shorter", size: 320 },
    { step: "center-crop", size: 160 },
    { step: "normalise", scheme: "imagenet" },
  ];
  desk.put("cropped.pth.json", JSON.stringify({ labels: FINDING_NAMES, preparation }));
  await desk.run(words(`data phantom --out data --count 6 --size ${SIZE}`));
  desk.put("many.csv", boxesAnywhere(desk.path("data"), SIZE));
});

const evaluate = (line: string) => desk.run(words(`evaluate ${line}`));
const localisationIn = (stdout: string) => JSON.parse(stdout).localisation;
const boxText = () => readFileSync(desk.path("data/BBox_List_2017.csv"), "utf8");

/** Copy the phantoms that have boxes, but not the box file, to their own folder. */
function copyData(folder: string): void {
  for (const name of ["Data_Entry_2017.csv", "phantom.json"])
    desk.put(`${folder}/${name}`, readFileSync(desk.path("data", name)));
  for (const image of new Set(parseBoxTable(boxText()).map((box) => box.image)))
    desk.put(`${folder}/images/${image}`, readFileSync(desk.path("data/images", image)));
}

interface Figures {
  n: number;
  pointing: number;
  pointing_tolerance: number;
  iou: number;
  iobb: number;
  randomPointing: number;
  centrePointing: number;
  area: number;
}

/**
 * Figures from saved maps and the box file, by finding, in pixels of the phantoms.
 *
 * @param seen  Which part of each side the maps cover, in the middle.
 */
async function expectedFigures(model: string, seen: number, seed: number, options = "") {
  const npy = `${model}${seen}${options.replaceAll(" ", "")}.npy`;
  const { stdout } = await desk.run(
    words(`predict --force --model ${model} --image data/images --format csv --heatmaps ${npy}${options}`),
  );
  const images = stdout
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",")[0]!);
  const { shape, data } = readNpy(readFileSync(desk.path(npy)));
  const [, labels, height, width] = shape as [number, number, number, number];
  const start = ((1 - seen) / 2) * SIZE;
  const region = { x: start, y: start, width: seen * SIZE, height: seen * SIZE };
  const pointsInto = (cell: number, boxes: ReturnType<typeof parseBoxTable>, within: number) => {
    const x = start + (((cell % width) + 0.5) / width) * seen * SIZE;
    const y = start + ((Math.floor(cell / width) + 0.5) / height) * seen * SIZE;
    return boxes.some(
      (box) =>
        Math.max(box.x - x, x - box.x - box.width, box.y - y, y - box.y - box.height) <=
        (within * SIZE) / 512 + 1e-9,
    );
  };
  const highest = (values: ArrayLike<number>) => Array.from(values).indexOf(Math.max(...Array.from(values)));
  const all = parseBoxTable(readFileSync(desk.path("many.csv"), "utf8"));
  const figures = new Map<string, Figures>();
  for (const [k, finding] of FINDING_NAMES.entries()) {
    const sums = { n: 0, pointing: 0, pointing_tolerance: 0, iou: 0, iobb: 0 };
    const controls = { randomPointing: 0, centrePointing: 0, area: 0 };
    let boxCount = 0;
    for (const [i, image] of images.entries()) {
      const boxes = all.filter((box) => box.image === image && box.finding === finding);
      if (boxes.length === 0) continue;
      const values = data.subarray((i * labels + k) * height * width, (i * labels + k + 1) * height * width);
      const isFlat = values.every((value) => value === values[0]);
      const random = Random.of(seed, "localisation", image, finding);
      const drawn = Array.from(values, () => random.next());
      const centre = Math.floor((height - 1) / 2) * width + Math.floor((width - 1) / 2);
      const overlap = overlapOf(boxesAround({ values, height, width, region }, 180 / 255), boxes);
      sums.n += 1;
      if (!isFlat && pointsInto(highest(values), boxes, 0)) sums.pointing += 1;
      if (!isFlat && pointsInto(highest(values), boxes, 15)) sums.pointing_tolerance += 1;
      if (overlap.iou >= 0.1) sums.iou += 1;
      if (overlap.iobb >= 0.1) sums.iobb += 1;
      if (pointsInto(highest(drawn), boxes, 0)) controls.randomPointing += 1;
      if (pointsInto(centre, boxes, 0)) controls.centrePointing += 1;
      boxCount += boxes.length;
      for (const box of boxes) controls.area += (box.width * box.height) / SIZE ** 2;
    }
    const { n } = sums;
    if (n === 0) continue;
    figures.set(finding, {
      n,
      pointing: sums.pointing / n,
      pointing_tolerance: sums.pointing_tolerance / n,
      iou: sums.iou / n,
      iobb: sums.iobb / n,
      randomPointing: controls.randomPointing / n,
      centrePointing: controls.centrePointing / n,
      area: controls.area / boxCount,
    });
  }
  return { figures, cell: seen ** 2 / (height * width) };
}

test.each([
  ["norm5", "m.pth", 1, ""],
  ["a finer layer, by another method", "m.pth", 1, " --method layercam --gradcam-layer denseblock3"],
  ["a cropped image", "cropped.pth", 0.5, " --gradcam-layer denseblock3"],
])("figures are those of predict's maps and the box file: %s", async (_, model, seen, options) => {
  const { code, stdout, stderr } = await evaluate(
    `--data data --model ${model} --bootstrap 100 --seed 4 --boxes many.csv --format json${options}`,
  );
  expect({ code, stderr: stderr.match(/box/) }).toEqual({ code: 0, stderr: null });
  const found = localisationIn(stdout);
  const { figures, cell } = await expectedFigures(model, seen, 4, options);
  expect(Object.keys(found.findings)).toEqual([...figures.keys()]);
  expect(figures.size).toBe(14);
  for (const [finding, wanted] of figures) {
    const { n_images: n, mean_box_area: area, ...rest } = found.findings[finding];
    const flat = {
      n,
      pointing: rest.model.pointing,
      pointing_tolerance: rest.model.pointing_tolerance,
      iou: rest.model.iou["0.1"],
      iobb: rest.model.iobb["0.1"],
      randomPointing: rest.random.pointing,
      centrePointing: rest.centre.pointing,
    };
    const { area: wantedArea, ...hits } = wanted;
    expect(flat, finding).toEqual(hits);
    expect(area).toBeCloseTo(wantedArea, 12);
    expect(rest.smaller_than_cell, finding).toBe(wantedArea < cell);
  }
  const pairs = [...figures.values()].reduce((sum, { n }) => sum + n, 0);
  const pointing = [...figures.values()].reduce((sum, one) => sum + one.n * one.pointing_tolerance, 0);
  expect(found.overall).toMatchObject({ n_images: pairs / 14, n_pairs: pairs });
  expect(found.overall.model.pointing_tolerance).toBeCloseTo(pointing / pairs, 12);
  const [, method = "gradcam", layer = "norm5"] = /^(?: --method (\w+))?(?: --gradcam-layer (\w+))?$/.exec(
    options,
  )!;
  expect(found).toMatchObject({ method, layer, level: 180 / 255, tolerance: 15 / 512 });
  expect(found.box_file.name).toBe("many.csv");
  expect(Object.keys(found.overall.centre.iou)).toEqual(["0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7"]);
});

test("the text has a table, names what made the maps, and marks findings that are too small for them", async () => {
  const [{ stdout }, json] = await Promise.all([
    evaluate(`--data data ${MODEL}`),
    evaluate(`--data data ${MODEL} --format json`),
  ]);
  expect(stdout).toMatch(
    /^Heatmaps \(gradcam, norm5\) compared with BBox_List_2017\.csv \(sha256 [0-9a-f]{12}…\)/m,
  );
  expect(stdout).toMatch(
    /^ +pairs +box area +pointing +within 15\/512 +IoBB 0\.1 +IoU 0\.1 +random +centre$/m,
  );
  const { findings } = localisationIn(json.stdout);
  const marked = Object.keys(findings).filter((name) => findings[name].smaller_than_cell);
  expect(marked).toContain("Nodule");
  const table = stdout.slice(stdout.indexOf("\nHeatmaps"), stdout.indexOf("\n  all pairs"));
  const starred = [...table.matchAll(/^ {2}([A-Z][A-Za-z ]+?) \*/gm)].map(([, name]) => name);
  expect(starred).toEqual(marked.map((name) => name.replaceAll("_", " ")));
  expect(stdout.match(/\* The mean box is smaller than one cell of the map/g)).toHaveLength(1);
});

test("boxes change no other figure, and a folder without a box file has no localisation and no word of it", async () => {
  copyData("plain");
  const [plain, text, boxed] = await Promise.all([
    evaluate(`--data plain ${MODEL} --format json`),
    evaluate(`--data plain ${MODEL}`),
    evaluate(`--data plain ${MODEL} --format json --boxes data/BBox_List_2017.csv`),
  ]);
  expect([plain.code, boxed.code]).toEqual([0, 0]);
  expect(localisationIn(plain.stdout)).toBeNull();
  expect(plain.stderr).not.toMatch(/box|heatmap/i);
  expect(text.stdout).not.toMatch(/box|heatmap/i);
  expect(localisationIn(boxed.stdout).overall.n_pairs).toBeGreaterThan(3);
  expect(JSON.parse(boxed.stdout).findings).toEqual(JSON.parse(plain.stdout).findings);
});

test("of two box files one has to be chosen, by its name in the folder or by its path", async () => {
  copyData("two");
  desk.put("two/BBox_List_2017.csv", boxText());
  desk.put("two/BBox_List_2020.csv", `${boxText().split("\n").slice(0, 2).join("\n")}\n`);
  const [none, named, path] = await Promise.all([
    evaluate(`--data two ${MODEL}`),
    evaluate(`--data two ${MODEL} --format json --boxes BBox_List_2020.csv`),
    evaluate(`--data two ${MODEL} --format json --boxes two/BBox_List_2017.csv`),
  ]);
  expect(none).toMatchObject({ code: 1, stdout: "" });
  expect(none.stderr).toMatch(
    /^medical-x: two: there are several box files, BBox_List_2017\.csv and BBox_List_2020\.csv, .*name the one to use \(--boxes\)\n$/,
  );
  expect(localisationIn(named.stdout).overall.n_pairs).toBe(1);
  expect(localisationIn(named.stdout).box_file.name).toBe("BBox_List_2020.csv");
  expect(localisationIn(path.stdout).overall.n_pairs).toBeGreaterThan(3);
});

test("boxes of other images, of findings that the model lacks, and of shared names are counted, not judged", async () => {
  for (const part of ["x", "y"]) desk.put(`odd/images/${part}/a.png`, await greyPng());
  desk.put("odd/images/b.png", await greyPng());
  desk.put("odd/images/c.png", "no image");
  desk.put("odd/labels.csv", "image,Mass\nimages/x/a.png,1\nimages/y/a.png,0\nb.png,1\nc.png,0\n");
  desk.put(
    "odd/BBox_List_own.csv",
    `Image Index,Finding Label,Bbox [x,y,w,h],,,
b.png,Fracture,10,10,100,100
b.png,Infiltrate,10,10,100,100
b.png,Mass,10,10,100,100
b.png,Mass,500,500,100,100
b.png,Scar,10,10,100,100
a.png,Mass,10,10,100,100
c.png,Mass,10,10,100,100
gone.png,Mass,10,10,100,100
gone.png,Fracture,10,10,100,100
`,
  );
  const { code, stdout, stderr } = await evaluate(
    `--data odd ${MODEL} --format json --labels-file labels.csv`,
  );
  // c.png cannot be read: the others are done, and the exit code says so.
  expect(code).toBe(1);
  const { findings, overall } = localisationIn(stdout);
  // Boxes are also known for a finding that the label file lacks, which comes last.
  expect(Object.keys(findings)).toEqual(["Mass", "Infiltration"]);
  expect(overall).toMatchObject({ n_images: 1, n_pairs: 2 });
  expect(findings.Mass.mean_box_area).toBeCloseTo((100 / 1024) ** 2, 12);
  const notes = JSON.parse(stdout).notes.filter((note: string) => note.includes("BBox"));
  expect(notes).toEqual([
    "BBox_List_own.csv: 3 boxes of images that are not evaluated are left out",
    "BBox_List_own.csv: 1 box of names that may mean several images (a.png: images/x/a.png or images/y/a.png) is left out",
    "BBox_List_own.csv: 2 boxes of findings that the model lacks (Fracture, Scar) are left out",
  ]);
  for (const note of notes) expect(stderr).toContain(`medical-x: ${note}\n`);
});

test("a list leaves out the boxes of other images; where none is left, heatmaps are not judged", async () => {
  const boxes = parseBoxTable(boxText());
  const [first] = boxes;
  desk.put("one.txt", `${first!.image}\n`);
  copyData("foreign");
  desk.put("foreign/BBox_List_2017.csv", "Image Index,Finding Label,Bbox [x,y,w,h],,,\nq.png,Mass,1,1,9,9\n");
  const [one, none] = await Promise.all([
    evaluate(`--data data ${MODEL} --format json --list one.txt`),
    evaluate(`--data foreign ${MODEL} --format json`),
  ]);
  const there = boxes.filter(({ image }) => image === first!.image);
  expect(localisationIn(one.stdout).overall).toMatchObject({
    n_images: 1,
    n_pairs: new Set(there.map(({ finding }) => finding)).size,
  });
  expect(one.stderr).toContain(
    `BBox_List_2017.csv: ${boxes.length - there.length} boxes of images that are not evaluated are left out\n`,
  );
  expect(none.code).toBe(0);
  expect(localisationIn(none.stdout)).toBeNull();
  expect(none.stderr).toContain("BBox_List_2017.csv: 1 box of images that are not evaluated is left out\n");
  expect(none.stderr).toContain(
    "BBox_List_2017.csv: it has no box of an evaluated image and a finding of the model, so heatmaps are not judged\n",
  );
});

test.each([
  ["--boxes b.csv", "--boxes"],
  ["--method layercam", "--method"],
  ["--gradcam-layer denseblock3", "--gradcam-layer"],
  ["--list l.txt", "--list"],
  ["--device cpu", "--device"],
  ["--threads 1", "--threads"],
  ["--batch-size 2", "--batch-size"],
])("%s with predictions is wrong usage, in one line", async (option, name) => {
  const ended = await evaluate(`--predictions p.csv --labels-file l.csv ${option}`);
  expect(ended).toMatchObject({ code: 2, stdout: "" });
  expect(ended.stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(ended.stderr).toMatch(/applies to a model only: give data and model instead of predictions/);
  expect(ended.stderr).toContain(`(${name})`);
});

test.each([
  ["a box file that is not there", "gone.csv", /gone\.csv: no such file|gone\.csv: there is no such file/],
  ["one that cannot be read", "torn.csv", /^medical-x: torn\.csv: .*line 2/],
])("%s is an error in one line, before anything is predicted", async (_, file, message) => {
  desk.put("torn.csv", "Image Index,Finding Label,Bbox [x,y,w,h],,,\nb.png,Mass,1,2,-3,4,,,\n");
  const ended = await evaluate(`--data data ${MODEL} --boxes ${file}`);
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr.trimEnd().split("\n")).toHaveLength(1);
});
