/** Errors that only the built library can raise, for its threads are files of the build: each by its code and its words. */

import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { safetensorsPieces } from "../../src/formats/safetensors.ts";
import { seededWeights } from "../support/seeded-weights.ts";
import { Desk, putSmallDemo } from "./run.ts";

const built = (file: string) => import(new URL(`../../dist/${file}`, import.meta.url).href);

const desk = new Desk();
const path = (...parts: string[]) => desk.path(...parts);
afterAll(() => desk.remove());

// biome-ignore lint/suspicious/noExplicitAny: the declarations are those of src/, which other tests check
let library: any;
let names: string[] = [];
let before: string | undefined;
beforeAll(async () => {
  before = process.env["MEDICAL_X_CACHE"];
  process.env["MEDICAL_X_CACHE"] = path("cache");
  library = await built("index.js");
  putSmallDemo(desk, "m.safetensors");
  await library.drawPhantoms({ out: path("data"), count: 8, seed: 9, size: 64 });
  names = readFileSync(path("data/Data_Entry_2017.csv"), "utf8").match(/^\d{8}_\d{3}\.png/gm)!;
  desk.put("one.txt", `${names[0]}\n`);
  desk.put("grey.safetensors", safetensorsPieces(seededWeights(1, 14, 1).tensors));
  desk.put("start.safetensors", safetensorsPieces(seededWeights(1).tensors));
});
afterAll(() => {
  if (before === undefined) delete process.env["MEDICAL_X_CACHE"];
  else process.env["MEDICAL_X_CACHE"] = before;
});

/** Data and model, by the names that every function has for them. */
const given = () => ({ data: path("data"), model: path("m.safetensors") });
const image = () => path("data/images", names[0]!);
const calibrate = (more: object) => library.calibrate({ ...given(), to: path("to.safetensors"), ...more });
const train = (more: object) =>
  library
    .train({
      data: path("data"),
      backbone: path("start.safetensors"),
      labels: ["Effusion"],
      inputSize: 64,
      valFraction: 0,
      out: path(`run-${Math.random()}`),
      ...more,
    })
    .result();

async function withModel(work: (model: { [name: string]: (...args: unknown[]) => unknown }) => unknown) {
  const model = await library.loadModel(path("m.safetensors"));
  try {
    return await work(model);
  } finally {
    await model.release();
  }
}

/** Predictions of images that `b.csv` does not have, and the reverse. */
function putTables(): void {
  desk.put("labels.csv", "Image Index,Finding Labels,Patient ID\na.png,Mass,1\nb.png,No Finding,2\n");
  desk.put("a.csv", "Image Index,prob_Mass\na.png,0.5\nb.png,0.25\n");
  desk.put("c.csv", "Image Index,prob_Mass\nc.png,0.5\n");
  desk.put("metrics/predictions.csv", "Image Index,prob_Mass\na.png,0.5\nb.png,0.25\n");
}

/** Weights of which one is too large for float16. */
function largeWeights(): Uint8Array[] {
  const { tensors } = seededWeights(1);
  (tensors.get("classifier.bias")!.data as Float32Array)[3] = 1e6;
  return safetensorsPieces(tensors);
}

const SIDECAR = {
  calibration: { description: "mine", findings: { Effusion: { kind: "platt", slope: 1, intercept: 0 } } },
};

test.each<[code: string, words: RegExp, work: () => unknown]>([
  ["calibrate/bad-request", /kind must be one of/, () => calibrate({ kind: "spline" })],
  ["calibrate/no-list", /held out from training; name them in a list$/, () => calibrate({})],
  [
    "calibrate/nothing",
    /no finding can be calibrated on the 1 image/,
    () => calibrate({ list: path("one.txt") }),
  ],
  [
    "calibrate/sidecar",
    /to\.safetensors\.json: its calibration would take precedence over the one in .*to\.safetensors; /,
    () => {
      desk.put("to.safetensors.json", JSON.stringify(SIDECAR));
      return calibrate({ list: path("one.txt") });
    },
  ],
  [
    "convert/dtype",
    /an ONNX file can only be written in float32 or int8/,
    () => library.convertModel("demo", path("d.onnx"), { dtype: "float16" }),
  ],
  [
    "convert/no-images",
    /broken\.png: none of 1 image can be used; nothing was written; name frontal chest X-rays/,
    () => {
      const calibrate = desk.put("broken.png", "not a picture");
      return library.convertModel("demo", path("d.onnx"), { dtype: "int8", calibrate });
    },
  ],
  [
    "convert/unknown-format",
    /with the ending "\.bin" cannot be written; choose one of \.safetensors, \.pth, \.onnx/,
    () => library.convertModel("demo", path("d.bin")),
  ],
  [
    "convert/out-of-range",
    /"classifier\.bias" holds 1000000, which float16 cannot represent/,
    () => {
      desk.put("large.safetensors", largeWeights());
      return library.convertModel(path("large.safetensors"), path("half.safetensors"), { dtype: "float16" });
    },
  ],
  ["pull/in-the-package", /"demo" comes with the package/, () => library.pullModel("demo")],
  ["model/bad-name", /not by 5$/, () => library.loadModel(5)],
  [
    "phantom/bad-request",
    /count must be .* from 1 to 1000000/,
    () => library.drawPhantoms({ out: path("p"), count: 0 }),
  ],
  [
    "phantom/folder-in-use",
    /there is something else in this folder \(mine\.txt\); name an empty or a new one$/,
    () => {
      desk.put("mine/mine.txt", "mine");
      return library.drawPhantoms({ out: path("mine"), count: 1 });
    },
  ],
  [
    "phantom/other-settings",
    /have another seed, size or version .*; name another folder$/,
    () => library.drawPhantoms({ out: path("data"), count: 8, seed: 10, size: 64 }),
  ],
  [
    "phantom/interrupted",
    /interrupted after 0 of 4 images; the same call resumes there$/,
    async () => {
      const { makePhantoms } = await built("app/phantoms/phantoms.js");
      const request = { folder: path("stopped"), count: 4, seed: 1, size: 64 };
      return makePhantoms(request, { onImage: () => undefined, isStopping: () => true });
    },
  ],
  [
    "threshold/invalid",
    /must be a number from 0 to 1/,
    () => withModel((model) => model["predict"]!([image()], { threshold: 2 })),
  ],
  [
    "threshold/no-card",
    /no operating point for Atelectasis, .*; give a number instead$/,
    async () => {
      const model = await library.loadModel(path("start.safetensors"));
      return model.predict([image()], { threshold: "card" });
    },
  ],
  [
    "findings/none",
    /nothing to draw; name the findings to draw$/,
    () => withModel((model) => model["overlay"]!(image(), { findings: "detected", threshold: 1 })),
  ],
  [
    "predict/needs-out",
    /heatmaps of 8 images need a folder/,
    async () => {
      const { PredictionRun } = await built("app/prediction/prediction-run.js");
      const request = {
        image: [path("data/images")],
        threshold: 0.5,
        gradcam: true,
        findings: ["top"],
        device: "cpu",
      };
      return PredictionRun.open(request, { say: () => undefined, onError: () => undefined });
    },
  ],
  [
    "evaluation/own-input",
    /the report in .*metrics would replace this file, .*; name another folder$/,
    () =>
      library.evaluate({
        predictions: path("metrics/predictions.csv"),
        labelsFile: path("labels.csv"),
        out: path("metrics"),
      }),
  ],
  [
    "evaluation/no-common-image",
    /none of its images \(c\.png\) is in .*; use the same names in both files$/,
    () => library.evaluate({ predictions: path("c.csv"), labelsFile: path("labels.csv") }),
  ],
  [
    "evaluation/no-labels",
    /none of its labels \(.*\) is in the label file \(Fracture\); name a label file/,
    () => {
      const rows = names.map((name, i) => `${name},${i % 2},p${i}\n`).join("");
      desk.put("fracture.csv", `Image Index,Fracture,Patient ID\n${rows}`);
      return library.evaluate({ ...given(), labelsFile: path("fracture.csv"), labels: ["Fracture"] });
    },
  ],
  [
    "evaluation/interrupted",
    /^interrupted/,
    async () => {
      const [{ evaluationRequest }, { evaluateRequest }] = await Promise.all([
        built("app/evaluation/request.js"),
        built("app/evaluation/evaluation-run.js"),
      ]);
      return evaluateRequest(evaluationRequest(given()), {
        isStopping: () => true,
        onError: () => undefined,
        withProgress: (_: string, work: (onProgress: () => void) => unknown) => work(() => undefined),
        untilStopped: (work: () => unknown) => work(),
      });
    },
  ],
  [
    "training/nothing-to-resume",
    /there is no run in this folder to resume/,
    () => train({ resume: true, out: path("nowhere") }),
  ],
  ["training/no-validation", /^early stopping needs validation images/, () => train({ patience: 2 })],
  [
    "training/input-size",
    /grey\.safetensors: it takes one channel.*not at an input size of 64; leave the input size out$/,
    () => train({ backbone: path("grey.safetensors") }),
  ],
  [
    "training/diverged",
    /in epoch \d, step \d; try a lower learning rate/,
    () => train({ lr: 1e36, batchSize: 8, epochs: 3 }),
  ],
  [
    "training/nothing-read",
    /no training image of epoch 1 could be read/,
    () => {
      mkdirSync(path("torn/images"), { recursive: true });
      writeFileSync(path("torn/Data_Entry_2017.csv"), readFileSync(path("data/Data_Entry_2017.csv")));
      for (const name of names) desk.put(`torn/images/${name}`, "torn");
      return train({ data: path("torn") });
    },
  ],
  [
    "training/folder-lost",
    /another process took over this run/,
    async () => {
      const { RunFolder } = await built("app/training/run-folder.js");
      const folder = new RunFolder(path("lost"));
      await folder.create();
      writeFileSync(path("lost/run.lock"), "another");
      try {
        await folder.writeText("metrics", "");
      } finally {
        folder.release();
      }
    },
  ],
])("%s", async (code, words, work) => {
  putTables();
  const error = await Promise.resolve(work()).then(
    () => "it was done",
    (thrown) => thrown,
  );
  expect(error).toMatchObject({ name: "XrayError", code });
  expect(error.message).toMatch(words);
});

test("model/none names both ways on, where no model lies in the working directory", async () => {
  const { code, stdout, stderr } = await desk.run(["predict", "--force", "--image", image(), "--verbose"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(
    /^medical-x: no model was named, .*`medical-x models pull <name>`.*--model demo\)\n/,
  );
  const [, told] = /^code: (\S+) \(missing\)$/m.exec(stderr)!;
  expect(told).toBe("model/none");
});

test("a call that cannot be right ends with 2, whatever the files are", async () => {
  appendFileSync(path("one.txt"), "");
  const { code, stderr } = await desk.run([
    "models",
    "convert",
    "demo",
    "--to",
    "x.onnx",
    "--dtype",
    "float16",
  ]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr:
      "medical-x: x.onnx: an ONNX file can only be written in float32 or int8; choose one of them, or name a .safetensors or .pth file (--dtype)\n",
  });
});
