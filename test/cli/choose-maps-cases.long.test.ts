/** Heatmaps chosen by boxes where something is unusual: images, models, cards, and work that is interrupted. */

import { existsSync, readFileSync } from "node:fs";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { safetensorsPieces } from "../../src/formats/safetensors.ts";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { Random } from "../../src/random.ts";
import { seededWeights } from "../support/seeded-weights.ts";
import { readNpy } from "./npy.ts";
import { Desk, putSmallDemo, type RunOptions, words } from "./run.ts";

const FINDINGS = ["Mass", "Nodule"];
const COUNT = 45;
/** The first image, whose boxes come first. It is not calibrated on. */
const TORN = "data/images/00000001_000.png";

const desk = new Desk();
afterAll(() => desk.remove());

const boxFile = (rows: readonly string[]): string =>
  `Image Index,Finding Label,Bbox [x,y,w,h],,,\n${rows.join("\n")}\n`;

let rows: string[] = [];
beforeAll(async () => {
  putSmallDemo(desk, "m.safetensors");
  await desk.run(words(`data phantom --out data --count ${COUNT} --seed 9 --size 64`));
  const names = readFileSync(desk.path("data/Data_Entry_2017.csv"), "utf8").match(/^\d{8}_\d{3}\.png/gm)!;
  desk.put("val.txt", `${names.slice(1).join("\n")}\n`);
  const random = Random.of(3, "boxes");
  rows = names.flatMap((image) =>
    FINDINGS.map((finding) => `${image},${finding},${random.int(34)},${random.int(34)},30,30`),
  );
  desk.put("boxes.csv", boxFile(rows));
  desk.put(TORN, "not an image");
});

const calibrate = (line: string, options?: RunOptions) =>
  desk.run(
    words(`calibrate --data data --list val.txt --choose-maps --boxes boxes.csv --threads 1 ${line}`),
    options,
  );
const mapsOf = (file: string) => readCheckpoint(new Uint8Array(readFileSync(desk.path(file)))).card.maps!;
const isTorn = (stderr: string) => stderr.includes(`medical-x: ${TORN}: `);

test("an image with boxes that cannot be read is reported and left out, and the others are used", async () => {
  const { code, stderr } = await calibrate("--model m.safetensors --to m2.safetensors");
  expect([code, isTorn(stderr)]).toEqual([1, true]);
  for (const finding of FINDINGS)
    expect(mapsOf("m2.safetensors").findings[finding]!.measured!.pairs).toBe(COUNT - 1);
});

test("interrupted during the choice, the command ends with 130 and writes nothing", async () => {
  let isSent = false;
  const ended = await calibrate("--model m.safetensors --to stopped.safetensors", {
    // The torn image is the first that is tried, and only the choice of heatmaps uses it.
    onStderr: (text, child) => {
      if (!isSent && isTorn(text)) isSent = child.kill("SIGINT");
    },
  });
  expect([ended.code, ended.stdout]).toEqual([130, ""]);
  expect(ended.stderr).toMatch(/\nmedical-x: interrupted; nothing was written\n$/);
  expect(existsSync(desk.path("stopped.safetensors"))).toBe(false);
});

test("an earlier choice is replaced, or stays where none is made, and either is said", async () => {
  desk.put("few.csv", boxFile(rows.slice(0, 10)));
  const mass = rows.filter((row) => row.includes("Mass"));
  desk.put("mass.csv", boxFile(mass));
  const { description } = mapsOf("m2.safetensors");
  const line = "calibrate --data data --list val.txt --choose-maps --threads 1 --model m2.safetensors";
  const kept = await desk.run(words(`${line} --boxes few.csv --to kept.safetensors`));
  expect(kept.stdout).toContain(
    `Note: the model's card still names the heatmaps that it named before (${description})`,
  );
  expect(mapsOf("kept.safetensors")).toEqual(mapsOf("m2.safetensors"));
  const other = await desk.run(words(`${line} --boxes mass.csv --to other.safetensors`));
  expect(other.stdout).toContain(
    `Note: the heatmaps that the model's card named (${description}) are replaced; that of Nodule is Grad-CAM at norm5 again`,
  );
  expect(Object.keys(mapsOf("other.safetensors").findings)).toEqual(["Mass"]);
  desk.put("beside.safetensors.json", JSON.stringify({ maps: mapsOf("m2.safetensors") }));
  const beside = await desk.run(words(`${line} --boxes mass.csv --to beside.safetensors`));
  expect([beside.code, beside.stderr]).toEqual([
    1,
    expect.stringContaining("beside.safetensors.json: its heatmaps would take precedence over the ones in "),
  ]);
});

test("with ten-crop, the choice is made on the centre crop, and placed where it lies in the image", async () => {
  const bytes = readFileSync(desk.path("m.safetensors"));
  for (const step of ["ten-crop", "center-crop"]) {
    const preparation = [
      { step: "rgb" },
      { step: "resize-shorter", size: 80, resample: "pil" },
      { step, size: 64 },
      { step: "normalise", scheme: "imagenet" },
    ];
    desk.put(`${step}.safetensors`, bytes);
    desk.put(`${step}.safetensors.json`, JSON.stringify({ preparation }));
    await calibrate(`--model ${step}.safetensors --to chosen-${step}.safetensors`);
  }
  const ten = mapsOf("chosen-ten-crop.safetensors");
  expect(ten).toEqual(mapsOf("chosen-center-crop.safetensors"));
  const pointing = async (
    finding: string,
    { method, layers }: { method: string; layers: readonly string[] },
  ) => {
    const line =
      "evaluate --data data --model chosen-ten-crop.safetensors --list val.txt --boxes boxes.csv --bootstrap 100";
    const { stdout } = await desk.run(
      words(`${line} --format json --method ${method} --gradcam-layer ${layers.join(",")}`),
    );
    return JSON.parse(stdout).localisation.findings[finding].model.pointing;
  };
  // The choice never points less often than Grad-CAM on the images that it was made on.
  for (const finding of FINDINGS)
    expect(await pointing(finding, ten.findings[finding]!), finding).toBeGreaterThanOrEqual(
      await pointing(finding, { method: "gradcam", layers: ["norm5"] }),
    );
});

test("EigenCAM in a card is what pictures, regions and raw maps show", async () => {
  const preparation = [
    { step: "rgb" },
    { step: "resize", width: 112, height: 112, resample: "pil" },
    { step: "normalise", scheme: "imagenet" },
  ];
  const eigencam = { method: "eigencam", layers: ["denseblock3"], level: 0.4 };
  const maps = { description: "by hand", findings: { Mass: eigencam } };
  desk.put("eigen.safetensors", readFileSync(desk.path("m.safetensors")));
  desk.put("eigen.safetensors.json", JSON.stringify({ preparation, maps }));
  const image = "data/images/00000002_000.png";
  const predict = (line: string) =>
    desk.run(words(`predict --force --model eigen.safetensors --image ${image} --format json ${line}`));
  const drawn = await predict("--gradcam --findings Mass,Edema --heatmaps card.npy --method card");
  expect(drawn.stderr).not.toMatch(/error/i);
  const result = JSON.parse(drawn.stdout);
  expect(result.gradcam).toMatchObject([
    { finding: "Mass", method: "eigencam", layer: "features.denseblock3", file: "gradcam_result.jpg" },
    { finding: "Edema", method: "gradcam", layer: "features.norm5" },
  ]);
  const levels = (finding: string) =>
    new Set(
      result.regions
        .filter((region: { finding: string }) => region.finding === finding)
        .map(({ level }: { level: number }) => level),
    );
  expect(levels("Mass")).toEqual(new Set([0.4]));
  expect([[], [180 / 255]]).toContainEqual([...levels("Edema")]);
  await predict("--method eigencam --gradcam-layer denseblock3 --heatmaps eigen.npy");
  const [card, eigen] = ["card.npy", "eigen.npy"].map((file) => readNpy(readFileSync(desk.path(file))));
  expect(card!.shape).toEqual(eigen!.shape);
  const label = result.model.labels.indexOf("Mass");
  const size = card!.shape[1]! * card!.shape[2]!;
  const own = ({ data }: { data: Float32Array }) => [...data.subarray(label * size, (label + 1) * size)];
  expect(Math.max(...own(eigen!))).toBeGreaterThan(0);
  expect(own(card!)).toEqual(own(eigen!));
});

test("a map that holds values that are not numbers ends the choice, and the error says of which image and finding", async () => {
  // Finite logits; but Grad-CAM++ takes powers of the gradients, beyond the largest float32.
  const { tensors } = seededWeights(1);
  const classifier = tensors.get("classifier.weight")!;
  const data = (classifier.data as Float32Array).map((weight) => weight * 1e22);
  const changed = new Map(tensors).set("classifier.weight", { ...classifier, dtype: "float32", data });
  desk.put("huge.safetensors", safetensorsPieces(changed));
  const preparation = [
    { step: "rgb" },
    { step: "resize", width: 64, height: 64, resample: "pil" },
    { step: "normalise", scheme: "imagenet" },
  ];
  desk.put("huge.safetensors.json", JSON.stringify({ preparation }));
  const { code, stderr } = await calibrate("--model huge.safetensors --to nan.safetensors");
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(
      /\nmedical-x: data\/images\/00000002_000\.png: its heatmap of (?:Mass|Nodule) \(gradcam\+\+ at norm5\) holds values that are not numbers, so no heatmaps can be chosen for this model; leave the choice out\n$/,
    ),
  ]);
  expect(existsSync(desk.path("nan.safetensors"))).toBe(false);
});

test("an image that a check refuses takes no part, unless it is forced", async () => {
  const REFUSED = "data/images/00000002_000.png";
  const random = Random.of(1, "noise");
  const samples = Uint8Array.from({ length: 64 * 64 }, () => random.int(256));
  const raw = { width: 64, height: 64, channels: 1 } as const;
  desk.put(REFUSED, await sharp(samples, { raw }).toColourspace("b-w").png().toBuffer());
  const names = readFileSync(desk.path("val.txt"), "utf8").trim().split("\n");
  desk.put("val.txt", `${names.filter((name) => !REFUSED.endsWith(name)).join("\n")}\n`);
  const left = await calibrate("--model m.safetensors --to left.safetensors");
  expect(left.code).toBe(1);
  expect(left.stderr).toMatch(new RegExp(`medical-x: ${REFUSED}: .*does not look like .* \\(--force\\)\n`));
  await calibrate("--model m.safetensors --to forced.safetensors --force");
  for (const [file, pairs] of [
    ["left.safetensors", COUNT - 2],
    ["forced.safetensors", COUNT - 1],
  ] as const)
    for (const finding of FINDINGS) expect(mapsOf(file).findings[finding]!.measured!.pairs).toBe(pairs);
});
