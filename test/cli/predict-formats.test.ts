import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CHECK_NAMES, type Check } from "../../src/checks/check.ts";
import { FINDING_NAMES } from "../../src/findings.ts";
import { Desk, type Ended, modelFile, words } from "./run.ts";
import { deepPng, greyPng, rgbaPng } from "./xrays.ts";

interface Row {
  readonly schema: string;
  readonly image: string;
  readonly model: { name: string; sha256: string; labels: string[] };
  readonly threshold: number | "card";
  readonly detected: string[];
  readonly probabilities: Record<string, number>;
  readonly logits: Record<string, number>;
  readonly preparation: string[];
  readonly gradcam: unknown[];
  readonly checks: readonly Check[];
  readonly notice: string;
  readonly error?: { code: string; message: string };
}

const desk = new Desk();
afterAll(() => desk.remove());

let single: Ended;
let row: Row;
beforeAll(async () => {
  desk.put("densenet121_model.pth", modelFile("pth", 7));
  desk.put("grey.png", await greyPng());
  desk.put("set/deep.png", await deepPng());
  desk.put("set/grey.png", await greyPng());
  desk.put("set/note.txt", "no image, and not taken from a folder");
  desk.put("set/sub/rgba.PNG", await rgbaPng());
  desk.put("damaged.png", (await greyPng()).subarray(0, 400));
  desk.put("text.png", "no image at all");
  single = await desk.run(words("predict --force --image grey.png --format json"));
  row = JSON.parse(single.stdout);
});

const percent = (value: number) => `${(value * 100).toFixed(2)}%`;

test("json for one image is one object with every field of the contract", () => {
  expect(single.code).toBe(0);
  const said = single.stderr.split("\n");
  expect(said[0]).toMatch(/^medical-x: densenet121_model\.pth: labels assumed: .*CheXNet/);
  // A drawing that is no chest is predicted with a warning, which the object repeats.
  const warned = row.checks.filter(({ outcome }) => outcome === "warn");
  expect(said.slice(1)).toEqual([...warned.map(({ reason }) => `medical-x: grey.png: ${reason}`), ""]);
  expect(warned.map(({ check }) => check)).toEqual(["frontal-chest"]);
  expect(row.checks.map(({ check }) => check)).toEqual(CHECK_NAMES);
  expect(row).toMatchObject({
    schema: "medical-x/prediction@1",
    image: "grey.png",
    model: {
      name: "densenet121_model.pth",
      sha256: createHash("sha256")
        .update(readFileSync(desk.path("densenet121_model.pth")))
        .digest("hex"),
      labels: FINDING_NAMES,
    },
    threshold: 0.5,
    preparation: ["decode png 60x50 grey8", "rgb", "resize 224x224 bilinear antialias", "normalise imagenet"],
    gradcam: [],
  });
  expect(row.notice).toMatch(/research and education only.*not for diagnosis/i);
  expect(Object.keys(row.probabilities)).toEqual(FINDING_NAMES);
  expect(Object.keys(row.logits)).toEqual(FINDING_NAMES);
  expect(new Set(Object.values(row.probabilities)).size).toBe(14);
  for (const label of FINDING_NAMES) {
    expect(row.probabilities[label]).toBeCloseTo(1 / (1 + Math.exp(-row.logits[label]!)), 6);
  }
  const over = FINDING_NAMES.filter((label) => row.probabilities[label]! >= 0.5);
  expect([...row.detected].sort()).toEqual(over.toSorted());
  expect(over.length).toBeGreaterThan(0);
  expect(over.length).toBeLessThan(14);
});

test("text for one image is the contract's block, by falling probability, and one line of notice", async () => {
  const { code, stdout } = await desk.run(words("predict --force --image grey.png"));
  expect(code).toBe(0);
  const ordered = [...FINDING_NAMES].sort((a, b) => row.probabilities[b]! - row.probabilities[a]!);
  const shown = ordered.map((label) => label.replace("_", " "));
  const count = ordered.filter((label) => row.probabilities[label]! >= 0.5).length;
  const lines = stdout.split("\n");
  expect(lines.slice(0, -2)).toEqual([
    "── Result ──────────────────────────────────────",
    "Image     : grey.png",
    "Threshold : 0.5",
    `Detected  : ${shown.slice(0, count).join(", ")}`,
    "",
    "All probabilities:",
    ...shown.map((name, i) => {
      const mark = i < count ? " ◄" : "";
      return `  ${name.padEnd(18)} : ${percent(row.probabilities[ordered[i]!]!)}${mark}`;
    }),
    "─────────────────────────────────────────────────",
  ]);
  expect(lines.at(-2)).toMatch(/research and education only.*not for diagnosis/i);
  expect(lines.at(-1)).toBe("");
});

test("ndjson of a folder is one object per line, and alpha and 16 bits change nothing", async () => {
  const { code, stdout, stderr } = await desk.run(words("predict --force --image set --format ndjson"));
  expect(code).toBe(0);
  expect(stderr).not.toContain("note.txt");
  expect(stdout.endsWith("}\n")).toBe(true);
  const rows = stdout
    .trim()
    .split("\n")
    .map((line): Row => JSON.parse(line));
  expect(rows.map(({ image }) => image)).toEqual(["set/deep.png", "set/grey.png", "set/sub/rgba.PNG"]);
  expect(rows.map(({ preparation }) => preparation.slice(0, 2))).toEqual([
    ["decode png 60x50 grey16", "16 to 8 bits"],
    ["decode png 60x50 grey8", "rgb"],
    ["decode png 60x50 rgba8", "rgb"],
  ]);
  for (const { probabilities } of rows)
    for (const label of FINDING_NAMES) expect(probabilities[label]).toBeCloseTo(row.probabilities[label]!, 4);
});

test("images that fail stand in their places as errors, are named on stderr, and the others are done", async () => {
  const images = ["missing.png", "grey.png", "text.png", "damaged.png", "set/sub/rgba.PNG"];
  const args = ["predict", "--force", ...images.flatMap((image) => ["--image", image]), "--format", "json"];
  const { code, stdout, stderr } = await desk.run(args);
  expect(code).toBe(1);
  const rows: Row[] = JSON.parse(stdout);
  expect(rows.map(({ image }) => image)).toEqual(images);
  expect(rows.map(({ error }) => error?.code)).toEqual([
    "file/not-found",
    undefined,
    "raster/not-an-image",
    "raster/damaged",
    undefined,
  ]);
  for (const { image, error } of rows.filter((each) => each.error !== undefined)) {
    expect(error!.message).toContain(image);
    expect(stderr).toContain(`medical-x: ${error!.message}\n`);
  }
  expect(stderr).not.toMatch(/^ +at /m);
  for (const label of FINDING_NAMES)
    expect(rows[1]!.probabilities[label]).toBeCloseTo(row.probabilities[label]!, 4);
});

test("csv has the contract's header and a row per image that was done", async () => {
  const line =
    "predict --force --image set/*.png --image missing.png --image set --format csv --batch-size 1";
  const { code, stdout, stderr } = await desk.run(words(line));
  expect(code).toBe(1);
  expect(stderr).toContain("missing.png");
  const [header, ...rows] = stdout.trim().split(/\r?\n/);
  expect(header).toBe(`Image Index,${FINDING_NAMES.map((name) => `prob_${name}`).join(",")},checks`);
  const cells = rows.map((text) => text.split(","));
  expect(cells.map(([name]) => name)).toEqual(["deep.png", "grey.png", "rgba.PNG"]);
  for (const values of cells)
    for (const [i, label] of FINDING_NAMES.entries())
      expect(Number(values[i + 1])).toBeCloseTo(row.probabilities[label]!, 4);
});

test("one image that fails is one error object, alone in the text there is only the notice", async () => {
  const [json, ndjson, text, csv] = await Promise.all(
    ["json", "ndjson", "text", "csv"].map((format) =>
      desk.run(words(`predict --image missing.png --format ${format}`)),
    ),
  );
  expect([json, ndjson, text, csv].map((ended) => ended?.code)).toEqual([1, 1, 1, 1]);
  const failed = { image: "missing.png", error: { code: "file/not-found" } };
  expect(JSON.parse(json!.stdout)).toMatchObject(failed);
  expect(JSON.parse(ndjson!.stdout)).toMatchObject(failed);
  expect(text!.stdout.trim().split("\n")).toHaveLength(1);
  expect(csv!.stdout.trim().split("\n")).toHaveLength(1);
  expect(text!.stderr).toContain("missing.png: there is no such file");
});
