import { beforeAll, expect, onTestFinished, test } from "vitest";
import { Desk, modelFile, words } from "./run.ts";
import { phantomPng } from "./xrays.ts";

let pth: readonly Uint8Array[];
let safetensors: readonly Uint8Array[];
let png: Buffer;
beforeAll(async () => {
  pth = modelFile("pth", 7);
  safetensors = modelFile("safetensors", 8);
  png = await phantomPng();
});

const PREDICT = words("predict --image x.png --format json");

function deskWith(files: Readonly<Record<string, string | Uint8Array | readonly Uint8Array[]>>): Desk {
  const desk = new Desk();
  onTestFinished(() => desk.remove());
  desk.put("x.png", png);
  for (const [name, content] of Object.entries(files)) desk.put(name, content);
  return desk;
}

async function modelUsed(desk: Desk, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout } = await desk.run(PREDICT, { env });
  return JSON.parse(stdout).model.name;
}

test("without a model nothing is predicted, and both ways on are named", async () => {
  const { code, stdout, stderr } = await deskWith({}).run(PREDICT);
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toContain("medical-x models pull <name>");
  expect(stderr).toContain("--model demo");
  expect(stderr).toContain("densenet121_model.pth");
  expect(stderr).not.toMatch(/^ +at /m);
});

test("densenet121_model.pth comes before .safetensors, and both before MEDICAL_X_MODEL", async () => {
  const both = deskWith({ "densenet121_model.pth": pth, "densenet121_model.safetensors": safetensors });
  const env = { MEDICAL_X_MODEL: "demo" };
  expect(await modelUsed(both, env)).toBe("densenet121_model.pth");
  const second = deskWith({ "densenet121_model.safetensors": safetensors });
  expect(await modelUsed(second, env)).toBe("densenet121_model.safetensors");
});

test("MEDICAL_X_MODEL names a model of the catalogue, which must have been pulled", async () => {
  const desk = deskWith({ "cache/models/jrzech-chexnet.pth": pth });
  const env = { MEDICAL_X_MODEL: "jrzech-chexnet" };
  const { stdout } = await desk.run(PREDICT, { env });
  expect(JSON.parse(stdout)).toMatchObject({ model: { name: expect.stringContaining("jrzech-chexnet") } });
  expect(JSON.parse(stdout).preparation).toContain("resize shorter side 224 bilinear antialias");
  const missing = await desk.run(PREDICT, { env: { MEDICAL_X_MODEL: "xrv-nih" } });
  expect(missing).toMatchObject({ code: 1, stdout: "" });
  expect(missing.stderr).toContain("medical-x models pull xrv-nih");
});

test("an empty MEDICAL_X_MODEL is none", async () => {
  const { code, stderr } = await deskWith({}).run(PREDICT, { env: { MEDICAL_X_MODEL: "" } });
  expect(code).toBe(1);
  expect(stderr).toContain("medical-x models pull <name>");
});

test("a folder called demo takes nobody's name", async () => {
  const desk = deskWith({
    "demo/x.txt": "",
    "jrzech-chexnet/x.txt": "",
    "cache/models/jrzech-chexnet.pth": pth,
  });
  const [demo, known] = await Promise.all(
    ["demo", "jrzech-chexnet"].map((model) => desk.run([...PREDICT, "--model", model])),
  );
  expect(JSON.parse(demo!.stdout).notice).toMatch(/drawn phantoms/);
  expect(JSON.parse(known!.stdout).preparation).toContain("resize shorter side 224 bilinear antialias");
});

test("a model of one's own called demo comes before the package's", async () => {
  const desk = deskWith({ demo: safetensors });
  const own = JSON.parse((await desk.run([...PREDICT, "--model", "demo"])).stdout);
  expect(own.model.labelSource).toMatch(/assumed/);
  expect(own.notice).not.toMatch(/phantoms/);
});

test("ten crops of CheXNet are averaged: the result is not the one of the whole image", async () => {
  const desk = deskWith({ "densenet121_model.pth": pth, "cache/models/zoogzog-chexnet.pth.tar": pth });
  const [whole, crops] = await Promise.all([
    desk.run(PREDICT),
    desk.run([...PREDICT, "--model", "zoogzog-chexnet", "--batch-size", "4"]),
  ]);
  const [a, b] = [JSON.parse(whole.stdout), JSON.parse(crops.stdout)];
  expect(b.preparation).toContain("ten-crop 224x224");
  expect(b.probabilities.Effusion).not.toBeCloseTo(a.probabilities.Effusion, 4);
  for (const [label, logit] of Object.entries<number>(b.logits))
    expect(b.probabilities[label]).toBeCloseTo(1 / (1 + Math.exp(-logit)), 5);
});

const SIDECAR = {
  labels: Array.from({ length: 14 }, (_, i) => `Sign ${i}`),
  preparation: [
    { step: "rgb" },
    { step: "resize-shorter", size: 256 },
    { step: "center-crop", size: 256 },
    { step: "normalise", scheme: "imagenet" },
  ],
};

test("a sidecar's labels and preparation are used, and --labels wins over its labels", async () => {
  const desk = deskWith({ "m.pth": pth, "m.pth.json": JSON.stringify(SIDECAR) });
  const names = SIDECAR.labels.map((name) => name.replace("Sign", "Own"));
  const [plain, named] = await Promise.all([
    desk.run([...PREDICT, "--model", "m.pth", "--heatmaps", "m.npy"]),
    desk.run([...PREDICT, "--model", "m.pth", "--labels", names.join(",")]),
  ]);
  expect(plain.stderr).toBe("");
  expect(JSON.parse(plain.stdout).model.labels).toEqual(SIDECAR.labels);
  expect(JSON.parse(plain.stdout).preparation.slice(1)).toEqual([
    "rgb",
    "resize shorter side 256 bilinear antialias",
    "centre crop 256x256",
    "normalise imagenet",
  ]);
  expect(JSON.parse(named.stdout).model.labels).toEqual(names);
  const { readNpy } = await import("./npy.ts");
  const { readFileSync } = await import("node:fs");
  expect(readNpy(readFileSync(desk.path("m.npy"))).shape).toEqual([14, 8, 8]);
});

test.each([
  ["is not JSON", "{ torn"],
  ["has too few labels", JSON.stringify({ labels: ["a", "b"] })],
  [
    "prepares one channel",
    JSON.stringify({
      preparation: [
        { step: "grey" },
        { step: "normalise", scheme: "xrv" },
        { step: "resize", width: 224, height: 224, resample: "skimage" },
      ],
    }),
  ],
  ["has an unknown step", JSON.stringify({ preparation: [{ step: "sharpen" }] })],
])("a sidecar that %s is an error, not ignored", async (_, text) => {
  const ended = await deskWith({ "m.pth": pth, "m.pth.json": text }).run([...PREDICT, "--model", "m.pth"]);
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toContain("m.pth");
  expect(ended.stderr).not.toMatch(/^ +at |unexpected error/m);
});

test.each([
  ["no file", "nowhere.pth", /nowhere\.pth: there is no such file/],
  ["no checkpoint", "x.png", /x\.png: /],
  ["a folder", ".", /folder/],
])("a model that is %s is an error that names it", async (_, model, message) => {
  const ended = await deskWith({}).run([...PREDICT, "--model", model]);
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr).not.toMatch(/^ +at |unexpected error/m);
});
