import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk, modelFile, words } from "./run.ts";
import { greyPng, rgbaPng } from "./xrays.ts";

const desk = new Desk();
afterAll(() => desk.remove());
beforeAll(async () => {
  desk.put("x.png", await greyPng());
  desk.put("y.png", await rgbaPng());
  desk.put("plain.pth", modelFile("pth", 7));
});

const ONLY_PHANTOMS = /knows its findings from drawn phantoms only/;

test.concurrent("every format carries the notice: in the block, in each object, beside the table", async () => {
  const run = (format: string) =>
    desk.run(words(`predict --image x.png --image y.png --model demo --format ${format}`));
  const [text, json, ndjson, csv] = await Promise.all(["text", "json", "ndjson", "csv"].map(run));
  const lines = text!.stdout.trimEnd().split("\n");
  expect(lines.at(-2)).toMatch(ONLY_PHANTOMS);
  expect(lines.at(-1)).toMatch(/not for diagnosis/);
  for (const result of [
    ...JSON.parse(json!.stdout),
    ...ndjson!.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ]) {
    expect(result).toMatchObject({
      model: { name: "demo", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(result.notice).toMatch(ONLY_PHANTOMS);
  }
  expect(csv!.stdout).not.toMatch(/phantoms/);
  expect(csv!.stderr).toMatch(ONLY_PHANTOMS);
});

test.concurrent("a model that knows more is not said to know phantoms only", async () => {
  const { stdout, stderr } = await desk.run(words("predict --image x.png --model plain.pth"));
  expect(stdout + stderr).not.toMatch(/phantoms/);
});

test.concurrent("the notice stays with the weights in every format they are converted to", async () => {
  expect((await desk.run(words("models convert demo --to copy.onnx"))).code).toBe(0);
  expect(readFileSync(desk.path("copy.onnx")).includes('"trainedOn":"phantoms"')).toBe(true);
  for (const name of ["copy.pth", "copy.safetensors"]) {
    expect((await desk.run(words(`models convert demo --to ${name}`))).code).toBe(0);
    const { stdout } = await desk.run(words(`predict --image x.png --model ${name}`));
    expect(stdout).toMatch(ONLY_PHANTOMS);
  }
});

test.concurrent("it can be looked into and listed, and need not be pulled", async () => {
  const [inspected, text, listed, list, pulled] = await Promise.all(
    [
      "models inspect demo --format json",
      "models inspect demo",
      "models list",
      "models list --format json",
      "models pull demo",
    ].map((line) => desk.run(words(line))),
  );
  expect(JSON.parse(inspected!.stdout)).toMatchObject({
    format: "safetensors",
    trainedOn: "phantoms",
    source: expect.stringContaining("drawn phantoms, not X-rays"),
    unmatched: [],
  });
  expect(text!.stdout).toMatch(/^Trained on {2}: drawn phantoms only$/m);
  expect(listed!.stdout).toMatch(/^● demo .*phantoms/m);
  expect(JSON.parse(list!.stdout).at(-1)).toMatchObject({
    name: "demo",
    pulled: true,
    trainedOn: "phantoms",
  });
  expect(pulled!.code).toBe(2);
  expect(pulled!.stderr).toMatch(/^medical-x: the model "demo" comes with the package, .*--model demo\)\n$/);
});

test.concurrent("it can be trained on; what comes out of phantoms carries the notice, and its card the start", async () => {
  expect((await desk.run(words("data phantom --out p --count 12 --seed 3 --size 64"))).code).toBe(0);
  const trained = await desk.run(
    words("train --data p --backbone demo --epochs 1 --batch-size 4 --input-size 64 --out run"),
  );
  expect(trained.code).toBe(0);
  expect(readFileSync(desk.path("run/model-card.md"), "utf8")).toContain("started from the demo model");
  const { stdout } = await desk.run(words("predict --image x.png --model run/densenet121_model.pth"));
  expect(stdout).toMatch(ONLY_PHANTOMS);
});
