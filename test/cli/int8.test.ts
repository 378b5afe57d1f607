/** `models convert --dtype int8`, and what every command does with the file. */

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CardQuantised } from "../../src/models/card-quantised.ts";
import { Desk, putSmallDemo, words } from "./run.ts";

const desk = new Desk();
afterAll(() => desk.remove());

const convert = (calibrate: string, to: string, more = "", model = "small.safetensors") =>
  desk.run(words(`models convert ${model} --to ${to} --dtype int8 --calibrate ${calibrate} ${more}`.trim()));

const inspect = async (name: string) =>
  JSON.parse((await desk.run(words(`models inspect ${name} --format json`))).stdout) as {
    quantised: CardQuantised | null;
    unmatched: string[];
    tensors: { name: string; dtype: string }[];
  };

const predict = async (model: string, image: string, more = "") =>
  [
    JSON.parse(
      (await desk.run(words(`predict --model ${model} --image ${image} --format json ${more}`.trim())))
        .stdout,
    ),
  ].flat() as { readonly probabilities: Readonly<Record<string, number>> }[];

/** Mean and largest difference of probabilities. */
function differences(ours: Awaited<ReturnType<typeof predict>>, theirs: typeof ours) {
  const found = ours.flatMap(({ probabilities }, i) =>
    Object.entries(probabilities).map(([label, p]) => Math.abs(p - theirs[i]!.probabilities[label]!)),
  );
  return { mean: found.reduce((a, b) => a + b, 0) / found.length, largest: Math.max(...found) };
}

beforeAll(async () => {
  // Images of 112 × 112 where it does not matter what the model makes of them.
  putSmallDemo(desk, "small.safetensors");
  expect((await desk.run(words("data phantom --out p --count 60 --seed 41"))).code).toBe(0);
  const ended = await convert("p", "demo.int8.onnx", "--limit 10", "demo");
  expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 0, stdout: "" });
  expect(ended.stderr).toMatch(/wrote demo\.int8\.onnx \(8 MB\)\n$/);
}, 240_000);

test("a data folder is divided by patient, and the card says what int8 costs on both parts", async () => {
  const { quantised, unmatched, tensors } = await inspect("demo.int8.onnx");
  expect(unmatched).toEqual([]);
  expect(tensors.filter(({ name, dtype }) => name.endsWith(".codes") && dtype === "int8")).toHaveLength(180);
  const { calibration, heldOut, float32, data, images } = quantised!;
  expect(images).toBe(10);
  expect(data).toMatch(/^10 images of \d+ patients, Data_Entry_2017\.csv, drawn phantoms$/);
  expect(float32).toEqual(["features.conv0", "features.norm0", "features.norm5", "classifier"]);
  // A patient of whom only some images fit is in neither part.
  expect(heldOut!.images).toBeGreaterThan(40);
  for (const { auroc, meanDifference, largestDifference } of [calibration, heldOut!]) {
    expect(Math.abs(auroc!.int8 - auroc!.float32)).toBeLessThan(0.005);
    expect(auroc!.float32).toBeGreaterThan(0.9);
    expect(meanDifference).toBeLessThan(0.005);
    expect(meanDifference).toBeGreaterThan(0);
    expect(largestDifference).toBeGreaterThan(meanDifference);
  }
  const text = (await desk.run(words("models inspect demo.int8.onnx"))).stdout;
  expect(text).toMatch(/Quantised {3}: .*int8 from -64 to 64/);
  expect(text).toMatch(/on other images \(\d+ images\): mean AUROC 0\.\d{4} in float32, 0\.\d{4} in int8/);
});

test("60 phantoms: probabilities are those of float32, and maps of any layer are there", async () => {
  const more = "--findings Effusion,Mass --gradcam --method layercam --gradcam-layer denseblock3 --out out";
  const [ours, theirs] = [await predict("demo.int8.onnx", "p/images"), await predict("demo", "p/images")];
  expect(ours).toHaveLength(60);
  const { mean, largest } = differences(ours, theirs);
  expect(mean).toBeLessThan(0.005);
  expect(largest).toBeLessThan(0.25);
  const [first] = await predict("demo.int8.onnx", "p/images", more);
  expect(first).toMatchObject({ heatmap: { layer: "denseblock3" } });
});

test("a folder without labels, a list, and images that cannot be read", async () => {
  mkdirSync(desk.path("plain"));
  const [a, b] = ["a.png", "b.png"].map((name) => `plain/${name}`);
  const names = readdirSync(desk.path("p/images")).map((name) => `p/images/${name}`);
  copyFileSync(desk.path(names[0]!), desk.path(a!));
  copyFileSync(desk.path(names[1]!), desk.path(b!));
  desk.put("plain/broken.png", "not a picture");
  const folder = await convert("plain", "plain.onnx");
  // An image is left out by name, as by `predict`.
  expect(folder.code).toBe(1);
  expect(folder.stderr).toMatch(/plain\/broken\.png: /);
  expect(folder.stderr).toMatch(/ranges were measured on 2 images, .* 50 or more are better/);
  expect(folder.stderr).toMatch(/no image was left to judge/);
  const { quantised } = await inspect("plain.onnx");
  expect(quantised).toMatchObject({ images: 2, data: "2 images, plain", calibration: { images: 2 } });
  expect(quantised!.calibration.auroc).toBeUndefined();
  expect(quantised!.heldOut).toBeUndefined();
  // Paths in a list may be relative to it.
  desk.put("plain/list.txt", "a.png\n\nb.png\n");
  expect((await convert("plain/list.txt", "list.onnx", "--limit 1")).code).toBe(0);
  expect((await inspect("list.onnx")).quantised).toMatchObject({ images: 1, heldOut: { images: 1 } });
  // The same images give the same file.
  expect((await convert("plain/list.txt", "again.onnx", "--limit 1")).code).toBe(0);
  const [first, second] = ["list.onnx", "again.onnx"].map((name) => readFileSync(desk.path(name)));
  expect(Buffer.compare(first!, second!)).toBe(0);
});

test("without images, with none that can be read, or for another format: refused, and nothing is written", async () => {
  const to = (file: string, more = "") =>
    desk.run(words(`models convert small.safetensors --to ${file} ${more}`.trim()));
  const refused = [
    [await to("no.onnx", "--dtype int8"), 2, /int8 needs images .* \(--calibrate\)\n$/],
    [await to("no.pth", "--dtype int8 --calibrate plain"), 2, /only an ONNX file can be written in int8/],
    [await to("no.onnx", "--calibrate plain"), 2, /only of use for int8/],
    [await convert("plain/broken.png", "no.onnx"), 2, /none of 1 image can be used; nothing was written/],
    [await convert("nowhere", "no.onnx"), 2, /nowhere/],
  ] as const;
  for (const [{ code, stderr }, expected, message] of refused) {
    expect(stderr).toMatch(message);
    expect(code).toBe(expected);
  }
  expect(["no.onnx", "no.pth"].filter((name) => existsSync(desk.path(name)))).toEqual([]);
});

test("another format gets the weights that the codes stand for, and says so", async () => {
  const ended = await desk.run(words("models convert demo.int8.onnx --to back.safetensors"));
  expect(ended.code).toBe(0);
  expect(ended.stderr).toMatch(/its weights were read back from int8 codes/);
  expect((await inspect("back.safetensors")).quantised).toBeNull();
  const [ours, theirs] = [
    await predict("back.safetensors", "plain/a.png"),
    await predict("demo", "plain/a.png"),
  ];
  expect(differences(ours, theirs).largest).toBeLessThan(0.05);
});

test("an interrupted conversion writes nothing", async () => {
  const stop = new AbortController();
  const ended = await desk.run(
    words("models convert small.safetensors --to stopped.onnx --dtype int8 --calibrate p"),
    {
      signal: stop.signal,
      onStart: () => setTimeout(() => stop.abort(), 1500),
    },
  );
  expect(ended.code).toBe(130);
  expect(existsSync(desk.path("stopped.onnx"))).toBe(false);
});
