import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import { Desk, modelFile, words } from "./run.ts";
import { phantomPng } from "./xrays.ts";

const ENTRIES = `Image Index,Finding Labels,Patient ID
a.png,Mass|Effusion,1
b.png,No Finding,2
`;
const BOXES = `Image Index,Finding Label,Bbox [x,y,w,h],,,
a.png,Mass,341.33,307.2,426.67,409.6,,,
a.png,Effusion,128,128,90,90,,,
`;

const desk = new Desk();
afterAll(() => desk.remove());
beforeAll(async () => {
  desk.put("m.pth", modelFile("pth", 7));
  desk.put("m.pth.json", JSON.stringify({ labels: FINDING_NAMES }));
  desk.put("data/Data_Entry_2017.csv", ENTRIES);
  desk.put("data/images/a.png", await phantomPng(240, 200));
  desk.put("data/images/b.png", await phantomPng(50, 60));
  desk.put("other.png", await phantomPng(60, 50));
  desk.put("boxed/Data_Entry_2017.csv", ENTRIES);
  desk.put("boxed/BBox_List_2017.csv", BOXES);
});

const predict = (line: string) => desk.run(words(`predict --model m.pth ${line}`));
const truthIn = (stdout: string) => JSON.parse(stdout).truth;

test.concurrent("a data folder's labels stand beside the prediction, in text and JSON", async () => {
  const [text, json] = await Promise.all([
    predict("--image data/images --truth data"),
    predict("--image data/images/a.png --truth data --format json"),
  ]);
  expect(text).toMatchObject({ code: 0, stderr: "" });
  const lines = text.stdout.split("\n").filter((line) => line.startsWith("Truth"));
  expect(lines.map((line) => line.split(" : ")[1]!.split(", ").sort())).toEqual([
    ["Effusion", "Mass"],
    ["none"],
  ]);
  expect(text.stdout).toMatch(/^ {2}Mass +: [\d.]+%( ◄)? ✓$/m);
  expect(truthIn(json.stdout)).toEqual(
    Object.fromEntries(FINDING_NAMES.map((name) => [name, name === "Mass" || name === "Effusion" ? 1 : 0])),
  );
});

test.concurrent("a label file alone does as well; what it leaves open is null, and what it lacks is not said", async () => {
  desk.put("labels.csv", "image,Mass,Hernia\nsome/where/data/images/a.png,1,\n");
  const { code, stdout } = await predict("--image data/images/a.png --truth labels.csv --format json");
  expect(code).toBe(0);
  expect(truthIn(stdout)).toEqual({ Mass: 1, Hernia: null });
});

test.concurrent("an image that the file does not have, or has twice, is predicted, and that is said", async () => {
  desk.put("twice.csv", "image,Mass\nx/a.png,1\ny/a.png,0\n");
  const [missing, twice] = await Promise.all([
    predict("--image other.png --truth data --format json"),
    predict("--image data/images/a.png --truth twice.csv --format json"),
  ]);
  expect([missing.code, twice.code]).toEqual([0, 0]);
  expect(missing.stderr).toBe("medical-x: data: it says nothing about 1 image: other.png\n");
  expect(twice.stderr).toContain("twice.csv: it says nothing about 1 image: data/images/a.png\n");
  expect(JSON.parse(missing.stdout)).not.toHaveProperty("truth");
});

test.concurrent("labels of one's own model are found, and a file that has none of a model's labels is refused", async () => {
  const labels = FINDING_NAMES.map((name, i) => (i === 0 ? "Tuberculosis" : name));
  desk.put("own.pth", modelFile("pth", 7));
  desk.put("own.pth.json", JSON.stringify({ labels }));
  desk.put("own.csv", "image,Tuberculosis,Mass\na.png,1,0\n");
  desk.put("others.csv", "image,Fracture\na.png,1\n");
  const predictOwn = (truth: string) =>
    desk.run(words(`predict --model own.pth --image data/images/a.png --format json --truth ${truth}`));
  const [own, others] = await Promise.all([predictOwn("own.csv"), predictOwn("others.csv")]);
  expect(truthIn(own.stdout)).toEqual({ Tuberculosis: 1, Mass: 0 });
  expect(others).toMatchObject({ code: 1, stdout: "" });
  expect(others.stderr).toMatch(
    /^medical-x: others\.csv: it says nothing about the model's labels .*\(--truth\)\n$/,
  );
});

test.concurrent("boxes are outlined on the panel of their own finding", async () => {
  const overlay = async (truth: string, finding: string, out: string) => {
    const { code } = await predict(
      `--image data/images/a.png --gradcam --findings ${finding} --out ${out}${truth}`,
    );
    expect(code).toBe(0);
    return sharp(desk.path(out, "a.gradcam.jpg")).greyscale().raw().toBuffer({ resolveWithObject: true });
  };
  const [plain, mass, hernia] = await Promise.all([
    overlay("", "Mass", "o1"),
    overlay(" --truth boxed", "Mass", "o2"),
    overlay(" --truth boxed", "Hernia", "o3"),
  ]);
  // Across the left side of the box, half-way down: black, white, black. JPEG softens such thin lines.
  const at = (picture: typeof plain, x: number) => picture.data[100 * picture.info.width + x]!;
  const step = (picture: typeof plain) => 2 * at(picture, 79) - at(picture, 78) - at(picture, 80);
  expect(step(mass)).toBeGreaterThan(200);
  expect(Math.abs(step(plain))).toBeLessThan(50);
  expect(Math.abs(step(hernia))).toBeLessThan(50);
});

test.concurrent("boxes of two files are not mixed, those of phantoms are in pixels of their own size", async () => {
  desk.put("two/Data_Entry_2017.csv", ENTRIES);
  desk.put("two/BBox_List_2017.csv", BOXES);
  desk.put("two/BBox_List_2020.csv", BOXES);
  const two = await predict("--image data/images/a.png --truth two");
  expect(two.code).toBe(1);
  expect(two.stderr).toMatch(
    /^medical-x: two: there are several box files, BBox_List_2017\.csv and BBox_List_2020\.csv, .*keep one of them\n$/,
  );
  desk.put("drawn/Data_Entry_2017.csv", ENTRIES);
  desk.put("drawn/BBox_List_2017.csv", BOXES);
  desk.put("drawn/phantom.json", "{}");
  const torn = await predict("--image data/images/a.png --truth drawn");
  expect(torn.stderr).toMatch(
    /^medical-x: drawn\/phantom\.json: it does not say how the phantoms were drawn: size must be .*; draw them again/,
  );
  desk.put("sized/BBox_List_2017.csv", BOXES);
  desk.put("sized/phantom.json", JSON.stringify({ size: 2048 }));
  desk.put("sized/labels.csv", ENTRIES);
  const { Truth } = await import("../../src/app/data/truth.ts");
  const placeIn = async (path: string) =>
    (await Truth.open(desk.path(path), FINDING_NAMES, ["a.png"])).of("a.png")!.boxes[0]!.place;
  const place = await placeIn("boxed");
  expect([place.x, place.y, place.width, place.height].map((share) => share.toFixed(3))).toEqual([
    "0.333",
    "0.300",
    "0.417",
    "0.400",
  ]);
  expect((await placeIn("sized/labels.csv")).x).toBeCloseTo(place.x / 2, 9);
});

test.concurrent.each([
  ["a folder that is not there", "nowhere", /^medical-x: nowhere: there is no such file/],
  [
    "a folder without labels",
    "data/images",
    /^medical-x: data\/images: there is no label file in this folder: .*--truth/,
  ],
  ["an image", "other.png", /^medical-x: other\.png: /],
])(
  "%s in place of the truth is an error that names it, before anything is predicted",
  async (_, truth, message) => {
    const ended = await predict(`--image data/images/a.png --truth ${truth}`);
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr.trim().split("\n")).toHaveLength(1);
  },
);

test.concurrent("boxes that cannot be read are an error that names their file and line", async () => {
  desk.put("torn/Data_Entry_2017.csv", ENTRIES);
  desk.put("torn/BBox_List_2017.csv", `${BOXES}b.png,Mass,1,2,-3,4,,,\n`);
  const ended = await predict("--image data/images/a.png --truth torn");
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(/^medical-x: torn\/BBox_List_2017\.csv: .*line 4/);
});
