/**
 * The pass that measures known images sees what a prediction sees: the same grey levels, and the centre crop of ten. An
 * interrupt during it leaves nothing half-written.
 */

import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { savePicture } from "../../src/app/data/save-picture.ts";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { dicomFile, pictureAttributes } from "../support/dicom-file.ts";
import { Desk, modelFile, words } from "./run.ts";
import { filesBelow } from "./train-data.ts";

const COUNT = 60;

const desk = new Desk();
afterAll(() => desk.remove());

const bytesOf = (file: string) => new Uint8Array(readFileSync(desk.path(file)));
const knownImages = (file: string) => readCheckpoint(bytesOf(file)).card.knownImages;
const partFiles = (folder: string) => filesBelow(desk, folder).filter((name) => name.endsWith(".part"));

/** The seeded weights as a model of its own that sees images in this way. */
function putModel(name: string, ...steps: readonly object[]): void {
  desk.put(name, modelFile("safetensors", 1));
  const preparation = [{ step: "rgb" }, ...steps, { step: "normalise", scheme: "imagenet" }];
  desk.put(`${name}.json`, JSON.stringify({ preparation }));
}

const larger = { step: "resize", width: 72, height: 72, resample: "pil" };

beforeAll(async () => {
  putModel("ten.safetensors", larger, { step: "ten-crop", size: 64 });
  putModel("centre.safetensors", larger, { step: "center-crop", size: 64 });
  putModel("whole.safetensors", { step: "resize", width: 64, height: 64, resample: "pil" });
  await desk.run(words("data phantom --out phantoms --count 130 --seed 3 --size 64"));
  const table = readFileSync(desk.path("phantoms/Data_Entry_2017.csv"), "utf8").split("\n");
  const names = table.slice(1, 81).map((row) => row.split(",")[0]!);
  desk.put("list.txt", names.join("\n"));
});

const calibrate = (line: string, more = {}) =>
  desk.run(words(`calibrate --data phantoms --list list.txt --threads 1 ${line}`), more);

test("with ten crops, an image is measured by its centre crop, when figures are made as when they are used", async () => {
  for (const name of ["ten", "centre"]) {
    const { code } = await calibrate(`--model ${name}.safetensors --to ${name}-known.safetensors`);
    expect(code).toBe(0);
  }
  expect(knownImages("ten-known.safetensors")).toEqual(knownImages("centre-known.safetensors"));
  const reasonOf = async (model: string) => {
    const line = `predict --model ${model} --image phantoms/images/00000001_000.png --format json --force`;
    const { checks } = JSON.parse((await desk.run(words(line))).stdout);
    return checks.find(({ check }: { check: string }) => check === "known-images").reason;
  };
  const reason = await reasonOf("ten-known.safetensors");
  expect(reason).toMatch(/^The distance of its features/);
  expect(reason).toBe(await reasonOf("centre-known.safetensors"));
});

/** As many DICOM files and their pictures, in which the window of the header matters, with labels. */
async function putDicom(voi: "default" | "minmax"): Promise<void> {
  const names = Array.from({ length: COUNT }, (_, i) => `IM${i}`);
  for (const [i, name] of names.entries()) {
    const attributes = {
      ...pictureAttributes(40 + (i % 23), 40 + (i % 7)),
      "00281050": ["DS", "64"],
      "00281051": ["DS", "128"],
    } as const;
    const path = desk.put(`dicom/${name}.dcm`, dicomFile({ uid: `1.2.3.${100 + i}`, attributes }));
    await savePicture(path, desk.put(`${voi}/${name}.png`, ""), { voi });
  }
  for (const [folder, ending] of [
    ["dicom", "dcm"],
    [voi, "png"],
  ]) {
    const rows = names.map((name, i) => `${name}.${ending},${i % 3 ? "Mass" : "No Finding"},${i}\n`);
    desk.put(`${folder}/labels.csv`, `Image Index,Finding Labels,Patient ID\n${rows.join("")}`);
    desk.put(`${folder}.txt`, names.map((name) => `${name}.${ending}\n`).join(""));
  }
}

test.each(["default", "minmax"] as const)(
  "`calibrate` measures DICOM files with the grey levels that were asked for: %s",
  async (voi) => {
    await putDicom(voi);
    const means: unknown[] = [];
    for (const data of ["dicom", voi]) {
      const choice = data === "dicom" ? ` --voi ${voi}` : "";
      const line = `calibrate --data ${data} --list ${data}.txt --labels Mass --model whole.safetensors --to ${data}.pth --threads 1 --force${choice}`;
      expect((await desk.run(words(line))).code).toBe(0);
      means.push(knownImages(`${data}.pth`)!.mean);
    }
    expect(means[0]).toBe(means[1]);
  },
);

test("`train` measures DICOM files with the grey levels that were asked for", async () => {
  await putDicom("minmax");
  const train = (data: string, more = "") =>
    desk.run(
      words(
        `train --data ${data} --labels mass --backbone ten.safetensors --input-size 64 --unfreeze norm5 --epochs 1 --batch-size 30 --no-shuffle --val-fraction 0 --threads 1 --out runs/${data}${more}`,
      ),
    );
  expect((await train("dicom", " --voi minmax")).code).toBe(0);
  expect((await train("minmax")).code).toBe(0);
  const [dicom, png] = ["dicom", "minmax"].map((run) => knownImages(`runs/${run}/model.safetensors`)!);
  expect(dicom!.mean).toBe(png!.mean);
});

/** Sends the signal as soon as something holds. */
function interruptWhen(child: ChildProcess, holds: () => boolean): void {
  const timer = setInterval(() => {
    if (!holds()) return;
    clearInterval(timer);
    child.kill("SIGINT");
  }, 5);
  child.on("close", () => clearInterval(timer));
}

test("Ctrl-C while `calibrate` measures writes nothing, and the same command does it all", async () => {
  const line = "--model whole.safetensors --to later.safetensors";
  const folder = desk.path("cache", "predictions");
  const lines = () => {
    const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
    const indices = files.filter((name) => /(?:^|[/\\])index.*\.ndjson$/.test(name));
    return indices.reduce(
      (sum, name) => sum + readFileSync(join(folder, name), "utf8").split("\n").length,
      0,
    );
  };
  const before = lines();
  const stopped = await calibrate(line, {
    // All 80 images are predicted by then, and what is left is to measure them.
    onStart: (child: ChildProcess) => interruptWhen(child, () => lines() >= before + 80),
  });
  expect(stopped).toEqual({ code: 130, stdout: "", stderr: "medical-x: interrupted; nothing was written\n" });
  expect(filesBelow(desk, ".").filter((name) => name.startsWith("later"))).toEqual([]);
  expect((await calibrate(line)).code).toBe(0);
  await calibrate("--model whole.safetensors --to at-once.safetensors");
  expect(knownImages("later.safetensors")).toEqual(knownImages("at-once.safetensors"));
});

test("Ctrl-C while `train` measures keeps the model as trained, and resuming adds the figures", async () => {
  const train = (line: string, more = {}) =>
    desk.run(
      words(
        `train --data phantoms --backbone whole.safetensors --input-size 64 --unfreeze norm5 --epochs 1 --batch-size 26 --val-fraction 0 --seed 1 --threads 1 ${line}`,
      ),
      more,
    );
  expect((await train("--out runs/whole")).code).toBe(0);
  // Written at the end of the only epoch.
  const card = desk.path("runs/cut/model-card.md");
  const stopped = await train("--out runs/cut", {
    onStart: (child: ChildProcess) => interruptWhen(child, () => existsSync(card)),
  });
  expect(stopped.code).toBe(130);
  expect(stopped.stderr).toContain("--out runs/cut --resume");
  expect(knownImages("runs/cut/model.safetensors")).toBeUndefined();
  expect(partFiles("runs/cut")).toEqual([]);
  expect((await train("--out runs/cut --resume")).code).toBe(0);
  for (const file of ["model.safetensors", "densenet121_model.pth"])
    expect(Buffer.compare(bytesOf(`runs/cut/${file}`), bytesOf(`runs/whole/${file}`))).toBe(0);
});
