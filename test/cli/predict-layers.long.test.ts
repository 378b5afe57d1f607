/** `--gradcam-layer`: heatmaps at layers other than norm5. */

import { readFileSync } from "node:fs";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import { maxDifference, maxMagnitude } from "../support/difference.ts";
import { readNpy } from "./npy.ts";
import { Desk, modelFile, words } from "./run.ts";
import { greyPng, rgbaPng } from "./xrays.ts";

const desk = new Desk();
afterAll(() => desk.remove());

beforeAll(async () => {
  desk.put("densenet121_model.pth", modelFile("pth", 7));
  desk.put("x.png", await greyPng(200, 120));
  desk.put("y.png", await rgbaPng(90, 140));
});

const npy = (name: string) => readNpy(readFileSync(desk.path(name)));

test("the raw maps have the layer's resolution, and the receipt names the layer", async () => {
  const line =
    "predict --force --image x.png --gradcam --gradcam-layer denseblock3 --heatmaps b3.npy --format json";
  const { code, stdout, stderr } = await desk.run(words(line));
  expect(stderr).not.toMatch(/error/i);
  expect(code).toBe(0);
  const { gradcam, probabilities } = JSON.parse(stdout);
  const [top] = [...FINDING_NAMES].sort((a, b) => probabilities[b] - probabilities[a]);
  expect(gradcam).toEqual([
    { finding: top, file: "gradcam_result.jpg", method: "gradcam", layer: "features.denseblock3" },
  ]);
  const { shape, data } = npy("b3.npy");
  expect(shape).toEqual([14, 14, 14]);
  expect(data.every((value) => value >= 0)).toBe(true);
  expect(maxMagnitude(data)).toBeGreaterThan(0);
  const { width, height } = await sharp(desk.path("gradcam_result.jpg")).metadata();
  expect([width, height]).toEqual([200, 120]);
});

test("several images, one of them missing: NaN in its place, and maps as of one image alone", async () => {
  const options = "--gradcam-layer transition2 --method layercam";
  const [several, one] = await Promise.all([
    desk.run(
      words(`predict --force --image gone.png --image y.png --image x.png ${options} --heatmaps three.npy`),
    ),
    desk.run(words(`predict --force --image x.png ${options} --heatmaps one.npy`)),
  ]);
  expect([several.code, one.code]).toEqual([1, 0]);
  const { shape, data } = npy("three.npy");
  expect(shape).toEqual([3, 14, 14, 14]);
  const size = 14 ** 3;
  const [gone, y, x] = [0, 1, 2].map((i) => data.subarray(i * size, (i + 1) * size));
  const alone = npy("one.npy").data;
  expect(gone!.every(Number.isNaN)).toBe(true);
  expect(maxDifference(x!, alone)).toBeLessThan(1e-4 * maxMagnitude(alone));
  expect(maxDifference(y!, alone)).toBeGreaterThan(1e-2 * maxMagnitude(alone));
});

test("a picture of named findings is the same whether or not all maps are saved", async () => {
  const line = "predict --force --image x.png --gradcam --gradcam-layer denseblock4 --findings hernia,mass";
  const few = await desk.run(words(`${line} --out few --format json`));
  const all = await desk.run(words(`${line} --out all --heatmaps all.npy`));
  expect([few.code, all.code]).toEqual([0, 0]);
  const drawn = JSON.parse(few.stdout).gradcam as { finding: string; layer: string }[];
  expect(drawn.map(({ finding, layer }) => [finding, layer])).toEqual([
    ["Hernia", "features.denseblock4"],
    ["Mass", "features.denseblock4"],
  ]);
  const pixels = (name: string) => sharp(desk.path(name, "x.gradcam.jpg")).raw().toBuffer();
  // A map's last bits depend on how many are computed at once.
  expect(maxDifference(await pixels("few"), await pixels("all"))).toBeLessThanOrEqual(8);
});

test("norm5 said aloud is norm5 unsaid", async () => {
  const [said, unsaid] = await Promise.all([
    desk.run(words("predict --force --image x.png --gradcam-layer norm5 --heatmaps said.npy")),
    desk.run(words("predict --force --image x.png --heatmaps unsaid.npy")),
  ]);
  expect(said).toEqual(unsaid);
  expect(npy("said.npy")).toEqual(npy("unsaid.npy"));
});

test.each(["denseblock5", "features.denseblock3", "stem", "pool", ""])(
  "%j is no layer: exit code 2, and the layers are named",
  async (layer) => {
    const { code, stdout, stderr } = await desk.run([
      ...["predict", "--force", "--image", "x.png", "--gradcam", "--gradcam-layer", layer],
    ]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/norm5, denseblock4, transition3, denseblock3, .*denseblock1/);
  },
);

test("ten-crop: the maps are of the centre crop, at any layer", async () => {
  const steps = (crop: object) => [
    { step: "rgb" },
    { step: "resize-shorter", size: 80, resample: "pil" },
    crop,
    { step: "normalise", scheme: "imagenet" },
  ];
  const model = modelFile("pth", 7);
  for (const step of ["ten-crop", "center-crop"]) {
    desk.put(`${step}.pth`, model);
    desk.put(`${step}.pth.json`, JSON.stringify({ preparation: steps({ step, size: 64 }) }));
    const line = `predict --force --image y.png --model ${step}.pth --gradcam-layer denseblock3 --heatmaps ${step}.npy`;
    const { code, stderr } = await desk.run(words(line));
    expect(stderr).not.toMatch(/error/i);
    expect(code).toBe(0);
  }
  const [ten, one] = [npy("ten-crop.npy"), npy("center-crop.npy")];
  expect([ten.shape, one.shape]).toEqual([
    [14, 4, 4],
    [14, 4, 4],
  ]);
  expect(maxDifference(ten.data, one.data)).toBeLessThan(1e-4 * maxMagnitude(one.data));
});
