/** int8 models in other commands, and images of all kinds to measure ranges on. */

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { formOf, predict } from "../server/running.ts";
import { serveDemo } from "../server/serve-demo.ts";
import { differences, Int8Desk } from "./int8-desk.ts";
import { words } from "./run.ts";

const desk = new Int8Desk();
afterAll(() => desk.remove());

beforeAll(() => desk.prepareDemo(), 240_000);

test("60 phantoms: probabilities are those of float32, and maps of any layer are there", async () => {
  const more = "--findings Effusion,Mass --gradcam --method layercam --gradcam-layer denseblock3 --out out";
  const [ours, theirs] = [
    await desk.predict("demo.int8.onnx", "p/images"),
    await desk.predict("demo", "p/images"),
  ];
  expect(ours).toHaveLength(60);
  const { mean, largest } = differences(ours, theirs);
  expect(mean).toBeLessThan(0.005);
  expect(largest).toBeLessThan(0.25);
  const [first] = await desk.predict("demo.int8.onnx", "p/images", more);
  const layer = "features.denseblock3";
  expect(first).toMatchObject({
    gradcam: [
      { layer, method: "layercam" },
      { layer, method: "layercam" },
    ],
  });
});

test("a folder without labels, a list, and images that cannot be read", async () => {
  mkdirSync(desk.path("plain"));
  const [a, b] = ["a.png", "b.png"].map((name) => `plain/${name}`);
  const names = readdirSync(desk.path("p/images")).map((name) => `p/images/${name}`);
  copyFileSync(desk.path(names[0]!), desk.path(a!));
  copyFileSync(desk.path(names[1]!), desk.path(b!));
  desk.put("plain/broken.png", "not a picture");
  const folder = await desk.convert("plain", "plain.onnx");
  // An image is left out by name, as by `predict`.
  expect(folder.code).toBe(1);
  expect(folder.stderr).toMatch(/plain\/broken\.png: /);
  expect(folder.stderr).toMatch(/ranges were measured on 2 images, .* 50 or more are better/);
  expect(folder.stderr).toMatch(/no image was left to judge/);
  const { quantised } = await desk.inspect("plain.onnx");
  expect(quantised).toMatchObject({ images: 2, data: "2 images, plain", calibration: { images: 2 } });
  expect(quantised!.calibration.auroc).toBeUndefined();
  expect(quantised!.heldOut).toBeUndefined();
  // Paths in a list may be relative to it.
  desk.put("plain/list.txt", "a.png\n\nb.png\n");
  expect((await desk.convert("plain/list.txt", "list.onnx", "--limit 1")).code).toBe(0);
  expect((await desk.inspect("list.onnx")).quantised).toMatchObject({ images: 1, heldOut: { images: 1 } });
  // The same images give the same file.
  expect((await desk.convert("plain/list.txt", "again.onnx", "--limit 1")).code).toBe(0);
  const [first, second] = ["list.onnx", "again.onnx"].map((name) => readFileSync(desk.path(name)));
  expect(Buffer.compare(first!, second!)).toBe(0);
});

test("another format gets the weights that the codes stand for, and says so", async () => {
  const ended = await desk.run(words("models convert demo.int8.onnx --to back.safetensors"));
  expect(ended.code).toBe(0);
  expect(ended.stderr).toMatch(/its weights were read back from int8 codes/);
  expect((await desk.inspect("back.safetensors")).quantised).toBeNull();
  const [ours, theirs] = [
    await desk.predict("back.safetensors", "plain/a.png"),
    await desk.predict("demo", "plain/a.png"),
  ];
  expect(differences(ours, theirs).largest).toBeLessThan(0.05);
});

test("a training starts from the weights that the codes stand for, and says so", async () => {
  const ended = await desk.run(
    words("train --data p --backbone demo.int8.onnx --out run --epochs 1 --input-size 64 --labels Effusion"),
  );
  expect({ code: ended.code, stderr: ended.code === 0 ? "" : ended.stderr }).toEqual({ code: 0, stderr: "" });
  expect(`${ended.stdout}${ended.stderr}`).toMatch(/its weights were read back from int8 codes/);
}, 240_000);

test("many images in shards and a server give the same numbers as predict", async () => {
  const [alone] = await desk.predict("demo.int8.onnx", "p/images/00000001_000.png");
  desk.put("one.txt", "p/images/00000001_000.png\n");
  const ended = await desk.run(words("score --model demo.int8.onnx --image one.txt --out scores"));
  expect({ code: ended.code, stderr: ended.code === 0 ? "" : ended.stderr }).toEqual({ code: 0, stderr: "" });
  expect((await desk.run(words("merge scores --to scores.ndjson"))).code).toBe(0);
  const scored = JSON.parse(readFileSync(desk.path("scores.ndjson"), "utf8")) as typeof alone;
  const { url, close } = await serveDemo({}, desk.path("demo.int8.onnx"));
  try {
    const form = formOf([["a.png", new Uint8Array(readFileSync(desk.path("p/images/00000001_000.png")))]]);
    const answer = await predict(url, form);
    expect(answer.status).toBe(200);
    const [served] = [(await answer.json()) as typeof alone].flat();
    for (const [label, probability] of Object.entries(alone!.probabilities)) {
      expect(scored!.probabilities[label]).toBeCloseTo(probability, 6);
      expect(served!.probabilities[label]).toBeCloseTo(probability, 6);
    }
  } finally {
    await close();
  }
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
