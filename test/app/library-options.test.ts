/** What the library says of options that cannot be right, before anything is loaded or written. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { viewDataset } from "../../src/app/data/dataset-view.ts";
import { calibrationReport } from "../../src/app/evaluation/calibration-request.ts";
import { evaluationRequest } from "../../src/app/evaluation/request.ts";
import { forget, remember } from "../../src/app/models/loaded-models.ts";
import { drawPhantoms } from "../../src/app/phantoms/draw-phantoms.ts";
import { trainRequest } from "../../src/app/training/options.ts";
import type { Model } from "../../src/engine/model.ts";

/** A model as `loadModel` hands it out; nothing here uses its weights. */
function loaded(place: string, options = {}): Model {
  const model = { name: place.split("/").at(-1) } as Model;
  remember(model, { named: {} as never, place, options });
  return model;
}

const folder = mkdtempSync(join(tmpdir(), "medical-x-options-"));
beforeAll(() => {
  const rows = [
    "Image Index,Finding Labels,Patient ID",
    "a.png,Mass,1",
    "b.png,No Finding,2",
    "c.png,Mass,3",
  ];
  writeFileSync(join(folder, "Data_Entry_2017.csv"), `${rows.join("\n")}\n`);
  mkdirSync(join(folder, "images"));
  for (const name of "abc") writeFileSync(join(folder, "images", `${name}.png`), "");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("an option that is misspelt is refused, with the names that there are", async () => {
  const wrong = { bootstrp: 200 };
  expect(() => evaluationRequest({ data: "d", model: "m.pth", ...wrong } as never)).toThrow(
    expect.objectContaining({
      code: "evaluation/bad-request",
      message: expect.stringMatching(/there is no option bootstrp; the options are .*bootstrap/),
    }),
  );
  await expect(trainRequest({ data: "d", ...{ epoch: 3 } } as never)).rejects.toMatchObject({
    code: "training/bad-settings",
    message: expect.stringMatching(/there is no option epoch; .*epochs/),
  });
  await expect(
    calibrationReport({ data: "d", model: "m", to: "t", ...wrong } as never, {
      isStopping: () => false,
      withProgress: (_, work) => work(() => undefined),
    }),
  ).rejects.toMatchObject({
    code: "calibrate/bad-request",
  });
  await expect(drawPhantoms({ out: "o", count: 1, ...wrong } as never)).rejects.toMatchObject({
    code: "phantom/bad-request",
  });
});

test("an option that is undefined counts as not given", async () => {
  expect(evaluationRequest({ data: "d", model: "m.pth", seed: undefined, out: undefined })).toEqual(
    evaluationRequest({ data: "d", model: "m.pth" }),
  );
  const dataset = await viewDataset(folder);
  expect(await dataset.split({ seed: undefined, valFraction: undefined } as never)).toEqual(
    await dataset.split(),
  );
  await expect(dataset.split({ seed: -1 })).rejects.toMatchObject({ code: "split/bad-options" });
});

test("files are named from the folder as it was given", async () => {
  const { images } = await viewDataset(folder);
  expect(images.map(({ path }) => path)).toEqual(
    ["a", "b", "c"].map((name) => join(folder, "images", `${name}.png`)),
  );
  const before = process.cwd();
  process.chdir(join(folder, ".."));
  try {
    const relative = folder.split("/").at(-1)!;
    const there = await viewDataset(relative);
    expect(there.images[0]!.path).toBe(join(relative, "images", "a.png"));
  } finally {
    process.chdir(before);
  }
});

test("weights are chosen when the first model is loaded; bits when either is", () => {
  const other = loaded("b.pth");
  expect(evaluationRequest({ data: "d", model: "a.pth", weights: "ema", against: other }).weights).toBe(
    "ema",
  );
  expect(() => evaluationRequest({ data: "d", model: loaded("a.pth"), weights: "ema" })).toThrow(
    /^weights must/,
  );
  expect(() => evaluationRequest({ data: "d", model: "a.pth", bits: 12, against: other })).toThrow(
    /^bits must/,
  );
});

test("loaded models of one file name are told apart by their paths", () => {
  const models = { model: loaded("runs/a/model.safetensors"), against: loaded("runs/b/model.safetensors") };
  expect(evaluationRequest({ data: "d", ...models })).toMatchObject({
    model: "runs/a/model.safetensors",
    against: "runs/b/model.safetensors",
  });
});

test("what is no model is said to be none, and a released one to be released", () => {
  const model = loaded("a.pth");
  forget(model);
  expect(() => evaluationRequest({ data: "d", model })).toThrow(
    expect.objectContaining({ code: "model/released" }),
  );
  for (const foreign of [null, {}, 3])
    expect(() => evaluationRequest({ data: "d", model: foreign as never })).toThrow(
      expect.objectContaining({ code: "model/bad-name" }),
    );
});
