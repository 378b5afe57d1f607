import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packNames } from "../../src/dataset/image-hashes.ts";
import { fixtureBytes } from "../fixtures.ts";
import { Desk, modelFile, words } from "./run.ts";
import { greyPng } from "./xrays.ts";

const desk = new Desk();
afterAll(() => desk.remove());
beforeAll(async () => {
  desk.put("p.csv", fixtureBytes("evaluation/predictions.csv"));
  desk.put("l.csv", fixtureBytes("evaluation/labels.csv"));
  const rows = new TextDecoder().decode(fixtureBytes("evaluation/predictions.csv")).trim().split("\n");
  const [header, ...images] = rows;
  const columns = header!.split(",").slice(0, 4);
  // A third of the images and one finding less; probabilities drawn towards a half.
  const weaker = images.slice(0, 200).map((row, i) => {
    const [name, ...values] = row.split(",").slice(0, 4);
    return [name, ...values.map((value) => (0.3 * Number(value) + 0.1 * ((i * 7) % 5)).toFixed(4))].join(",");
  });
  desk.put("weak.csv", `${[columns.join(","), ...weaker].join("\n")}\n`);
  desk.put("a.pth", modelFile("pth", 7));
  desk.put("b.pth", modelFile("pth", 8));
  for (let i = 0; i < 9; i++) desk.put(`data/images/${i}.png`, await greyPng(40 + 5 * i, 50));
  const labels = Array.from({ length: 9 }, (_, i) => `${i}.png,${i % 3 ? "Mass" : "No Finding"},${i}`);
  desk.put(
    "data/Data_Entry_2017.csv",
    `${["Image Index,Finding Labels,Patient ID", ...labels].join("\n")}\n`,
  );
});

const evaluate = (line: string) => desk.run(words(`evaluate --bootstrap 100 ${line}`));

test("two prediction files are compared on the images and findings that both have", async () => {
  const [{ stdout, stderr }, alone] = await Promise.all([
    evaluate("--predictions p.csv --labels-file l.csv --against weak.csv --format json"),
    evaluate("--predictions p.csv --labels-file l.csv --format json"),
  ]);
  const { comparison, findings, ...rest } = JSON.parse(stdout);
  expect(findings).toEqual(JSON.parse(alone.stdout).findings);
  expect(rest.n_images).toBe(300);
  expect(comparison).toMatchObject({ n_images: 200, with: { kind: "predictions", name: "weak.csv" } });
  expect(Object.keys(comparison.findings)).toEqual(["Effusion", "Mass", "Hernia"]);
  expect(comparison.findings.Hernia).toBeNull();
  const { auroc } = comparison.findings.Effusion;
  expect(auroc.difference).toBeCloseTo(auroc.first - auroc.second, 14);
  expect(auroc.difference_ci[0]).toBeLessThanOrEqual(auroc.difference);
  expect(auroc.delong_p).toBeLessThanOrEqual(auroc.holm_p);
  expect(stderr).toContain("comparison: 100 images of p.csv are left out, because weak.csv lacks them\n");
  expect(stderr).toContain("left out, because only one of the two has ");
});

test("the text has a table of differences", async () => {
  const { stdout } = await evaluate("--predictions p.csv --labels-file l.csv --against weak.csv");
  expect(stdout).toMatch(/^Compared with weak\.csv \(sha256 [0-9a-f]{12}…\) on 200 images of \d+ patients/m);
  expect(stdout).toMatch(/^ {2}Effusion +\.\d{3} +\.\d{3} +\+\.\d{3} \([+−]?\.\d{3} to \+\.\d{3}\) /m);
  expect(stdout).toMatch(/^ {2}Hernia +– +– +–/m);
});

test("two models, and a model and a file, are compared on the same images", async () => {
  const models = await evaluate("--data data --model a.pth --against b.pth --format json");
  expect(models.code).toBe(0);
  const { comparison } = JSON.parse(models.stdout);
  expect(comparison).toMatchObject({ n_images: 9, with: { kind: "model", name: "b.pth" } });
  const written = await desk.run(words("predict --force --model b.pth --image data/images --format csv"));
  desk.put("b.csv", written.stdout);
  const file = await evaluate("--data data --model a.pth --against b.csv --format json");
  expect(JSON.parse(file.stdout).comparison.findings.Mass.auroc).toEqual(comparison.findings.Mass.auroc);
  const same = await evaluate("--data data --model b.pth --against b.csv --format json");
  expect(JSON.parse(same.stdout).comparison.findings.Mass.auroc).toMatchObject({
    difference: 0,
    delong_p: 1,
  });
});

test.each([
  ["other images", "Image Index,prob_Mass\nq.png,0.5\n", /none of its images \(q\.png\)/],
  ["other findings", "Image Index,prob_Edema\n0001.png,0.5\n", /it has no finding in common with p\.csv/],
])("predictions of %s cannot be compared: one line", async (_, text, message) => {
  const name = `x${text.length}.csv`;
  desk.put(name, text);
  const ended = await evaluate(`--predictions p.csv --labels-file l.csv --against ${name}`);
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr.trimEnd().split("\n")).toHaveLength(1);
});

test("files that are called alike are told apart by their folders, and what is said of the second is said", async () => {
  desk.put("one/m.pth", modelFile("pth", 7));
  desk.put("two/m.pth", modelFile("pth", 8));
  const learnedFrom = [{ dataset: "mine", training: packNames(["3.png", "4.png"]) }];
  desk.put("two/m.pth.json", JSON.stringify({ learnedFrom }));
  desk.put("data/list.txt", "3.png\n5.png\n");
  const line =
    "--data data --model one/m.pth --against two/m.pth --list data/list.txt --train-list data/list.txt";
  const { stdout } = await evaluate(`${line} --format json`);
  const { of: first, comparison, warnings, notes } = JSON.parse(stdout);
  expect([first.name, comparison.with.name]).toEqual(["one/m.pth", "two/m.pth"]);
  expect(comparison.seen_by_model).toEqual({
    ...{
      n_training: 1,
      n_validation: 0,
      n_calibration: 0,
      n_same_patients: 0,
      n_calibration_same_patients: 0,
    },
  });
  // The list is of the first alone.
  expect(warnings).toEqual([
    "one/m.pth was trained on all 2 evaluated images (data/list.txt), so its figures are optimistic",
    "two/m.pth was trained on 1 of the 2 evaluated images (its card: mine), so its figures are optimistic",
  ]);
  expect(notes.filter((note: string) => note.includes("labels assumed"))).toHaveLength(2);
  expect(notes.filter((note: string) => note.startsWith("evaluated on"))).toHaveLength(1);
});

test("what it is compared with must be there before an hour is spent", async () => {
  for (const missing of ["nobody.pth", "nobody.csv"]) {
    const ended = await desk.run(
      words(`evaluate --data data --model a.pth --against ${missing} --out never --bootstrap 100`),
      { env: { MEDICAL_X_CACHE: desk.path("untouched") } },
    );
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toMatch(new RegExp(`^medical-x: ${missing}: .*\n$`));
  }
  expect(existsSync(desk.path("untouched"))).toBe(false);
  expect(existsSync(desk.path("never"))).toBe(false);
});

test("a model cannot be compared with a file of predictions without the images", async () => {
  const ended = await evaluate("--predictions p.csv --labels-file l.csv --against a.pth");
  expect(ended).toMatchObject({ code: 2, stdout: "" });
  expect(ended.stderr).toMatch(
    /^medical-x: a\.pth: predictions can only be compared .*CSV file.*\(--against\)\n$/,
  );
});
