import { existsSync, readdirSync, readFileSync } from "node:fs";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import { readNpy } from "./npy.ts";
import { Desk, modelFile, words } from "./run.ts";
import { greyPng, rgbaPng } from "./xrays.ts";

const WIDTH = 200;
const HEIGHT = 120;
const desk = new Desk();
afterAll(() => desk.remove());

beforeAll(async () => {
  desk.put("densenet121_model.pth", modelFile("pth", 7));
  desk.put("x.png", await greyPng(WIDTH, HEIGHT));
  desk.put("other/x.png", await rgbaPng(90, 140));
  desk.put("other/y.png", await greyPng(64, 64));
});

const sizeOf = async (name: string) => {
  const { width, height, format } = await sharp(desk.path(name)).metadata();
  return { width, height, format };
};

/** Mean absolute difference between a picture and the X-ray, and whether it has any colour. */
async function compareWithXray(name: string) {
  const { data } = await sharp(desk.path(name)).raw().toBuffer({ resolveWithObject: true });
  const xray = await sharp(desk.path("x.png")).toColourspace("b-w").raw().toBuffer();
  let difference = 0;
  let coloured = 0;
  for (const [i, grey] of xray.entries()) {
    const [r, g, b] = [data[i * 3]!, data[i * 3 + 1]!, data[i * 3 + 2]!];
    difference += (Math.abs(r - grey) + Math.abs(g - grey) + Math.abs(b - grey)) / 3;
    if (Math.max(r, g, b) - Math.min(r, g, b) > 40) coloured += 1;
  }
  return { difference: difference / xray.length, coloured: coloured / xray.length };
}

test("--gradcam saves the X-ray at its own resolution under the heatmap of the most probable finding", async () => {
  const { code, stdout } = await desk.run(words("predict --force --image x.png --gradcam --format json"));
  expect(code).toBe(0);
  const { probabilities, gradcam, regions } = JSON.parse(stdout);
  const [top] = [...FINDING_NAMES].sort((a, b) => probabilities[b] - probabilities[a]);
  expect(gradcam).toMatchObject([{ finding: top, file: "gradcam_result.jpg", method: "gradcam" }]);
  expect(regions.length).toBeGreaterThan(0);
  for (const { finding, box, polygon, level } of regions) {
    expect([finding, level]).toEqual([top, 180 / 255]);
    const [xs, ys] = [0, 1].map((axis) => polygon.map((point: number[]) => point[axis]));
    expect([Math.min(...xs), Math.min(...ys)]).toEqual(box.slice(0, 2));
    expect(box[0] + box[2]).toBeLessThanOrEqual(WIDTH);
    expect(box[1] + box[3]).toBeLessThanOrEqual(HEIGHT);
  }
  expect(await sizeOf("gradcam_result.jpg")).toEqual({ width: WIDTH, height: HEIGHT, format: "jpeg" });
  const { difference, coloured } = await compareWithXray("gradcam_result.jpg");
  expect(difference).toBeGreaterThan(2);
  expect(difference).toBeLessThan(100);
  expect(coloured).toBeGreaterThan(0.02);
});

test("named findings are panels side by side, in the order named and in any spelling", async () => {
  const { code, stdout } = await desk.run([
    ...["predict", "--force", "--image", "x.png", "--gradcam", "--format", "json", "--method", "gradcam++"],
    ...["--findings", "pleural thickening,infiltrate,Hernia", "--out", "named"],
  ]);
  expect(code).toBe(0);
  const { gradcam } = JSON.parse(stdout);
  expect(gradcam.map(({ finding }: { finding: string }) => finding)).toEqual([
    "Pleural_Thickening",
    "Infiltration",
    "Hernia",
  ]);
  expect(new Set(gradcam.map(({ method }: { method: string }) => method))).toEqual(new Set(["gradcam++"]));
  expect(readdirSync(desk.path("named"))).toEqual(["x.gradcam.jpg"]);
  const { width, height } = await sizeOf("named/x.gradcam.jpg");
  // Two columns, two rows, with a gap between them.
  expect(width! - 2 * WIDTH).toBeGreaterThanOrEqual(0);
  expect(width! - 2 * WIDTH).toBeLessThan(20);
  expect(height! - 2 * HEIGHT).toBe(width! - 2 * WIDTH);
});

test("--out takes one picture per image, and images of one name keep theirs apart", async () => {
  const line =
    "predict --force --image x.png --image other --gradcam --findings all --out deep/pictures --format ndjson";
  const { code, stdout } = await desk.run(words(line));
  expect(code).toBe(0);
  const files = stdout
    .trim()
    .split("\n")
    .map((text) => JSON.parse(text).gradcam)
    .map((drawn: { file: string }[]) => [
      new Set(drawn.map(({ file }) => file)).size,
      drawn.length,
      drawn[0]!.file,
    ]);
  expect(files).toEqual([
    [1, 14, "deep/pictures/x.gradcam.jpg"],
    [1, 14, "deep/pictures/x.2.gradcam.jpg"],
    [1, 14, "deep/pictures/y.gradcam.jpg"],
  ]);
  expect(readdirSync(desk.path("deep/pictures")).sort()).toEqual([
    "x.2.gradcam.jpg",
    "x.gradcam.jpg",
    "y.gradcam.jpg",
  ]);
});

test("--overlay contour draws lines that leave most of the X-ray as it is", async () => {
  const line = "predict --force --image x.png --gradcam --overlay contour --out lines --format json";
  expect((await desk.run(words(line))).code).toBe(0);
  const { data } = await sharp(desk.path("lines/x.gradcam.jpg")).raw().toBuffer({ resolveWithObject: true });
  const xray = await sharp(desk.path("x.png")).toColourspace("b-w").raw().toBuffer();
  // Below the caption and above the scale.
  const [from, to] = [45 * WIDTH, 100 * WIDTH];
  const apart = Array.from(xray.subarray(from, to), (grey, i) => Math.abs(data[(from + i) * 3 + 1]! - grey));
  const changed = apart.filter((difference) => difference > 24).length / apart.length;
  expect(changed).toBeGreaterThan(0.005);
  expect(changed).toBeLessThan(0.2);
});

test("where nothing is detected, --findings detected draws nothing and says so", async () => {
  const empty = new Desk();
  try {
    empty.put("densenet121_model.pth", modelFile("pth", 7));
    empty.put("x.png", await greyPng());
    const line = "predict --force --image x.png --gradcam --findings detected --threshold 1 --format json";
    const { code, stdout, stderr } = await empty.run(words(line));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ gradcam: [], regions: [] });
    expect(stderr).toMatch(/x\.png: nothing was detected/);
    expect(existsSync(empty.path("gradcam_result.jpg"))).toBe(false);
  } finally {
    empty.remove();
  }
});

test.each([
  ["several images without --out", ["--image", "other", "--gradcam"], /--out/],
  [
    "a finding that the model does not have",
    ["--image", "x.png", "--gradcam", "--findings", "Fracture"],
    /Fracture.*Atelectasis/,
  ],
])("--gradcam with %s is refused before anything is printed", async (_, args, message) => {
  const ended = await desk.run(["predict", "--force", ...args]);
  expect([1, 2]).toContain(ended.code);
  expect(ended.stdout).toBe("");
  expect(ended.stderr).toMatch(message);
});

test("--heatmaps keeps all raw maps: one image without the first axis, several with NaN for one that failed", async () => {
  const [one, three] = await Promise.all([
    desk.run(words("predict --force --image x.png --heatmaps one.npy")),
    desk.run(
      words(
        "predict --image missing.png --image x.png --image other/y.png --heatmaps three.npy --batch-size 1",
      ),
    ),
  ]);
  expect([one.code, three.code]).toEqual([0, 1]);
  const single = readNpy(readFileSync(desk.path("one.npy")));
  const several = readNpy(readFileSync(desk.path("three.npy")));
  expect(single.shape).toEqual([14, 7, 7]);
  expect(several.shape).toEqual([3, 14, 7, 7]);
  expect(single.data.every((value) => value >= 0)).toBe(true);
  const size = 14 * 49;
  const [failed, same, other] = [0, 1, 2].map((i) => several.data.subarray(i * size, (i + 1) * size));
  expect(failed!.every(Number.isNaN)).toBe(true);
  // Against the scale of all maps: single and batched runs agree to float32 rounding.
  const scale = Math.max(...single.data);
  expect(scale).toBeGreaterThan(0);
  expect(Math.max(...same!.map((value, i) => Math.abs(value - single.data[i]!)))).toBeLessThan(1e-4 * scale);
  expect(Math.max(...other!.map((value, i) => Math.abs(value - single.data[i]!)))).toBeGreaterThan(
    1e-2 * scale,
  );
  expect(readdirSync(desk.folder).filter((name) => name.endsWith(".part"))).toEqual([]);
});

test("EigenCAM's one map stands for every finding", async () => {
  expect(
    (await desk.run(words("predict --force --image x.png --method eigencam --heatmaps eigen.npy"))).code,
  ).toBe(0);
  const { shape, data } = readNpy(readFileSync(desk.path("eigen.npy")));
  expect(shape).toEqual([14, 7, 7]);
  expect(Math.max(...data)).toBeGreaterThan(0);
  for (let label = 1; label < 14; label++) {
    expect([...data.subarray(label * 49, (label + 1) * 49)]).toEqual([...data.subarray(0, 49)]);
  }
});
