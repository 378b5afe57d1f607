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

const ONLY_PHANTOMS = /trained on drawn phantoms and knows nothing else/;

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
  for (const name of ["copy.pth", "copy.safetensors"]) {
    expect((await desk.run(words(`models convert demo --to ${name}`))).code).toBe(0);
    const { stdout } = await desk.run(words(`predict --image x.png --model ${name}`));
    expect(stdout).toMatch(ONLY_PHANTOMS);
  }
});

test.concurrent("it can be looked into, listed and trained on", async () => {
  const [inspected, listed] = await Promise.all([
    desk.run(words("models inspect demo --format json")),
    desk.run(words("models list")),
  ]);
  expect(JSON.parse(inspected.stdout)).toMatchObject({ format: "safetensors", unmatched: [] });
  expect(listed.stdout).toMatch(/^● demo .*phantoms/m);
});
