import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import { Desk, modelFile, words } from "./run.ts";
import { greyPng } from "./xrays.ts";

const ENTRIES = `Image Index,Finding Labels,Patient ID
a.png,Mass|Effusion,1
b.png,No Finding,2
`;
const BOXES = `Image Index,Finding Label,Bbox [x,y,w,h],,,
a.png,Mass,80,60,100,80,,,
a.png,Effusion,30,30,90,90,,,
`;

const desk = new Desk();
afterAll(() => desk.remove());
beforeAll(async () => {
  desk.put("m.pth", modelFile("pth", 7));
  desk.put("m.pth.json", JSON.stringify({ labels: FINDING_NAMES }));
  desk.put("data/Data_Entry_2017.csv", ENTRIES);
  desk.put("data/images/a.png", await greyPng(240, 200));
  desk.put("data/images/b.png", await greyPng(50, 60));
  desk.put("other.png", await greyPng());
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
  desk.put("labels.csv", "image,Mass,Hernia\nsome/where/a.png,1,\n");
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
  expect(missing.stderr).toBe("medical-x: other.png: nothing is known of it in data\n");
  expect(twice.stderr).toContain("nothing is known of it in twice.csv");
  expect(JSON.parse(missing.stdout)).not.toHaveProperty("truth");
});

test.concurrent("boxes are outlined on the panel of their own finding", async () => {
  desk.put("boxed/Data_Entry_2017.csv", ENTRIES);
  desk.put("boxed/BBox_List_2017.csv", BOXES);
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

test.concurrent.each([
  ["a folder that is not there", "nowhere", /^medical-x: nowhere: there is no such file/],
  ["a folder without labels", "data/images", /^medical-x: data\/images: there is no label file: .*--truth/],
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
