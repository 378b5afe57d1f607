/**
 * `evaluate`, `calibrate` and `train` on a folder of DICOM files: the same pictures as PNG give the same figures, caches
 * tell the choices of grey levels apart, and the input checks are counted.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { savePicture } from "../../src/app/data/save-picture.ts";
import { dicomFile, pictureAttributes } from "../support/dicom-file.ts";
import { Desk, putSmallDemo, words } from "./run.ts";

const COUNT = 18;
const uidOf = (i: number) => `1.2.3.4.${100 + i}`;

let desk: Desk;
beforeAll(async () => {
  desk = new Desk();
  putSmallDemo(desk, "m.safetensors");
  const header = "Image Index,Finding Labels,Patient ID";
  const rows = (nameOf: (i: number) => string) =>
    `${[header, ...Array.from({ length: COUNT }, (_, i) => `${nameOf(i)},${i % 3 ? "Mass" : "No Finding"},${i}`)].join("\n")}\n`;
  for (let i = 0; i < COUNT; i++) {
    // A window that cuts off the upper half: `--voi minmax` sees another picture.
    const attributes = {
      ...pictureAttributes(40 + i, 40),
      "00281050": ["DS", "64"],
      "00281051": ["DS", "128"],
    } as const;
    const path = desk.put(`dicom/study${i % 4}/IM${i}`, dicomFile({ uid: uidOf(i), attributes }));
    await savePicture(path, desk.put(`png/${i}.png`, ""));
  }
  desk.put("dicom/labels.csv", rows(uidOf));
  desk.put(
    "png/labels.csv",
    rows((i) => `${i}.png`),
  );
});
afterAll(() => desk.remove());

const LINE = "--model m.safetensors --bootstrap 100 --format json --batch-size 4 --examples 0 --force";
const evaluate = (data: string, more = "") => desk.run(words(`evaluate --data ${data} ${LINE}${more}`));
const findings = ({ stdout }: { stdout: string }) => JSON.parse(stdout).findings;
const caches = (kind: string): string[] => {
  const folder = desk.path("cache", kind);
  return existsSync(folder) ? readdirSync(folder) : [];
};

test("images that the label file names by their UIDs are evaluated as their pictures are", async () => {
  const [dicom, png] = [await evaluate("dicom"), await evaluate("png")];
  expect([dicom.code, png.code]).toEqual([0, 0]);
  expect(JSON.parse(dicom.stdout).n_images).toBe(COUNT);
  expect(findings(dicom)).toEqual(findings(png));
});

test("each choice of grey levels has a cache of its own, from which a second run takes the same figures", async () => {
  await evaluate("dicom");
  const before = caches("predictions").length;
  const first = await evaluate("dicom", " --voi minmax");
  expect(caches("predictions")).toHaveLength(before + 1);
  expect(findings(first)).not.toEqual(findings(await evaluate("dicom")));
  const again = await evaluate("dicom", " --voi minmax");
  expect(again.stdout).toBe(first.stdout);
  expect(findings(await evaluate("dicom", " --voi minmax --prediction-cache off"))).toEqual(findings(first));
  const kept = caches("predictions").flatMap((key) => {
    const folder = desk.path("cache", "predictions", key);
    return readdirSync(folder).map((name) => readFileSync(join(folder, name), "latin1"));
  });
  expect(kept.join()).not.toContain("1.2.3.4.1");
});

test("images that a check warns about are counted, from the cache as well", async () => {
  for (const i of [0, 1]) {
    const attributes = { ...pictureAttributes(48, 48), "00185101": ["CS", "LL"] } as const;
    desk.put(`lateral/${i}.dcm`, dicomFile({ uid: uidOf(i), attributes }));
  }
  desk.put("lateral/labels.csv", "Image Index,Finding Labels,Patient ID\n0.dcm,Mass,a\n1,No Finding,b\n");
  const [first, again] = [await evaluate("lateral"), await evaluate("lateral")];
  expect(first.code).toBe(0);
  const { notes } = JSON.parse(first.stdout);
  expect(notes).toContainEqual(expect.stringMatching(/^2 images: input check view: /));
  expect(again.stdout).toBe(first.stdout);
});

test("`train` reads the same features from DICOM files as from their pictures, and keeps the choice", async () => {
  const train = (data: string, out: string, more = "") =>
    desk.run(
      words(
        `train --data ${data} --backbone m.safetensors --epochs 1 --val-fraction 0 --batch-size 6 --no-shuffle --out ${out}${more}`,
      ),
    );
  const ended = [
    await train("dicom", "runs/dicom"),
    await train("png", "runs/png"),
    await train("dicom", "runs/minmax", " --voi minmax"),
  ];
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
  const loss = (run: string) =>
    JSON.parse(readFileSync(desk.path(run, "metrics.ndjson"), "utf8").split("\n")[0]!).train_loss;
  expect(loss("runs/dicom")).toBe(loss("runs/png"));
  expect(loss("runs/minmax")).not.toBe(loss("runs/dicom"));
  expect(JSON.parse(readFileSync(desk.path("runs/minmax/config.json"), "utf8")).settings.voi).toBe("minmax");
  expect(caches("features")).toHaveLength(2);
  const other = await train("dicom", "runs/minmax", " --resume --voi default");
  expect(other.code).toBe(1);
  expect(other.stderr).toContain('voi was "minmax" and is now "default"');
});

test("a run from before DICOM files were read is resumed as one with the default", async () => {
  const path = desk.path("runs/png/config.json");
  const config = JSON.parse(readFileSync(path, "utf8"));
  const { voi: _, ...settings } = config.settings;
  desk.put("runs/png/config.json", JSON.stringify({ ...config, settings }));
  const resumed = await desk.run(words("train --data png --out runs/png --resume"));
  expect(resumed.code).toBe(0);
});

test("`calibrate` takes DICOM files and the choice as well", async () => {
  desk.put("all.txt", Array.from({ length: COUNT }, (_, i) => `${uidOf(i)}\n`).join(""));
  const ended = await desk.run(
    words(
      "calibrate --data dicom --model m.safetensors --list all.txt --to c.safetensors --labels Mass --voi minmax --force",
    ),
  );
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  expect(ended.stdout).toContain("Mass");
});
