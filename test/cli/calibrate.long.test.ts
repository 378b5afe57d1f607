import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { calibrate as apply } from "../../src/calibration/calibration.ts";
import { type ModelCard, parseCardText } from "../../src/models/card.ts";
import { rocAt } from "../../src/models/card-roc.ts";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { countingOpens, Desk, putSmallDemo, words } from "./run.ts";

/** Workers are files of the build. */
const BUILT = new URL("../../dist/index.js", import.meta.url).href;

const desk = new Desk();
afterAll(() => desk.remove());
let names: string[] = [];
beforeAll(async () => {
  putSmallDemo(desk, "m.safetensors");
  await desk.run(words("data phantom --out data --count 40 --seed 9 --size 64"));
  names = readFileSync(desk.path("data/Data_Entry_2017.csv"), "utf8").match(/^\d{8}_\d{3}\.png/gm)!;
  desk.put("val.txt", `${names.join("\n")}\n`);
  await calibrate("--to platt.safetensors --list val.txt --kind platt");
});

const calibrate = (line: string) => desk.run(words(`calibrate --data data --model m.safetensors ${line}`));
const cardOf = (file: string): ModelCard =>
  readCheckpoint(new Uint8Array(readFileSync(desk.path(file)))).card;

test("each kind is written with the model, in every format, and the rest of the card stays", async () => {
  const [temperature, isotonic] = await Promise.all([
    calibrate("--to t.pth --list val.txt --kind temperature --format json"),
    calibrate("--to i.onnx --list val.txt --kind isotonic"),
  ]);
  expect([temperature.code, isotonic.code]).toEqual([0, 0]);
  const report = JSON.parse(temperature.stdout);
  expect(report).toMatchObject({ schema: "medical-x/calibration@1", kind: "temperature", n_images: 40 });
  expect(report.findings.Effusion.raw.brier).toBeGreaterThan(0);
  const { calibration, ...rest } = cardOf("t.pth");
  const { calibration: _, ...before } = cardOf("platt.safetensors");
  expect(rest).toEqual(before);
  expect(rest.operatingPoints).toBeDefined();
  const fits = Object.values(calibration!.findings);
  expect(fits).toHaveLength(14);
  expect(new Set(fits.map((fit) => JSON.stringify(fit))).size).toBe(1);
  const onnx = readFileSync(desk.path("i.onnx"), "latin1");
  expect(onnx).toContain('"kind":"isotonic","breakpoints"');
  expect(isotonic.stdout).toMatch(
    /Note: isotonic calibration needs many examples, but fewer than 200 images have /,
  );
});

test("the card has the sensitivity and specificity that an evaluation of the same images gives", async () => {
  const { roc } = cardOf("platt.safetensors");
  expect(roc!.description).toMatch(
    /^40 images of \d+ patients, val\.txt, Data_Entry_2017\.csv sha256 [0-9a-f]{12}…, drawn phantoms$/,
  );
  for (const threshold of [0.02, 0.5]) {
    const line = `evaluate --data data --model m.safetensors --list val.txt --threshold ${threshold} --bootstrap 100`;
    const { findings } = JSON.parse((await desk.run(words(`${line} --format json`))).stdout);
    for (const [label, table] of Object.entries(roc!.findings)) {
      const { sensitivity, specificity } = findings[label].operating_point;
      const read = rocAt(table, threshold);
      expect(Math.abs(read.sensitivity - sensitivity)).toBeLessThanOrEqual(1 / table.positives + 1e-4);
      expect(Math.abs(read.specificity - specificity)).toBeLessThanOrEqual(1 / table.negatives + 1e-4);
    }
  }
});

test("an evaluation with examples and faithfulness reads the checkpoint once", async () => {
  const { env, opened } = countingOpens(desk);
  const line =
    "evaluate --data data --model m.safetensors --labels Effusion --bootstrap 100 --examples 1 --faithfulness 1";
  const ended = await desk.run([...words(line), "--out", "figures"], { env });
  expect([ended.code, opened("m.safetensors")]).toEqual([0, 1]);
});

test("a prediction shows calibrated probabilities beside the raw ones, and thresholds stay on the raw", async () => {
  const image = `data/images/${names[3]}`;
  const predict = (line: string) => desk.run(words(`predict --force --image ${image} ${line}`));
  const [json, raw, text, csv] = await Promise.all([
    predict("--model platt.safetensors --threshold card --format json"),
    predict("--model m.safetensors --threshold card --format json"),
    predict("--model platt.safetensors"),
    predict("--model platt.safetensors --format csv"),
  ]);
  const found = JSON.parse(json.stdout);
  const before = JSON.parse(raw.stdout);
  expect(before.calibrated).toBeUndefined();
  const { probabilities, detected, thresholds } = before;
  expect(found).toMatchObject({ probabilities, detected, thresholds });
  const { calibration } = cardOf("platt.safetensors");
  expect(found.model.calibration).toBe(calibration!.description);
  for (const [label, fit] of Object.entries(calibration!.findings))
    expect(found.calibrated[label]).toBeCloseTo(apply(fit, [found.logits[label]])[0]!, 6);
  expect(text.stdout).toMatch(/^Calibrated: platt, fitted to 40 images of \d+ patients, val\.txt, /m);
  expect(text.stdout).toMatch(/^ {2}Effusion +: +[\d.]+% .* calibrated [\d.]+%$/m);
  const [header, row] = csv.stdout
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  expect(header).toHaveLength(1 + 14 + Object.keys(calibration!.findings).length + 1);
  expect(header!.at(-1)).toBe("checks");
  const at = header!.indexOf("calibrated_Effusion");
  expect(Number(row![at])).toBe(found.calibrated.Effusion);
  const { loadModel } = (await import(BUILT)) as typeof import("../../src/index.ts");
  const model = await loadModel(desk.path("platt.safetensors"));
  const [prediction] = await model.predict([desk.path(image)], { force: true });
  // For a single image the command does not optimise the graph, so that rounding differs.
  expect(prediction!.calibrated!["Effusion"]).toBeCloseTo(found.calibrated.Effusion, 6);
  await model.release();
});

test("an evaluation judges both, of the model and of its predictions; what is written can be read again", async () => {
  const evaluate = (line: string) => desk.run(words(`evaluate --bootstrap 100 --format json ${line}`));
  const model = await evaluate("--data data --model platt.safetensors --out out --examples 0");
  const labels = "--labels-file data/Data_Entry_2017.csv";
  const file = await evaluate(`--predictions out/predictions.csv ${labels}`);
  const [{ calibrated, findings }, again] = [JSON.parse(model.stdout), JSON.parse(file.stdout)];
  expect(calibrated.description).toMatch(/^platt, fitted to 40 images/);
  expect(again.calibrated.findings).toEqual(calibrated.findings);
  expect(again.findings.Effusion.brier).toBe(findings.Effusion.brier);
  expect(calibrated.findings.Effusion.brier).not.toBe(findings.Effusion.brier);
  const { stdout } = await desk.run(words("evaluate --bootstrap 100 --data data --model platt.safetensors"));
  expect(stdout).toMatch(/^Raw and calibrated probabilities \(platt, fitted to 40 images .*\);/m);
});

test("images that a calibration was fitted to are warned of", async () => {
  const { stdout } = await desk.run(
    words("evaluate --bootstrap 100 --format json --data data --model platt.safetensors"),
  );
  const { seen_by_model: seen, warnings } = JSON.parse(stdout);
  expect(seen.n_calibration).toBe(40);
  expect(warnings).toContain(
    "the calibration of platt.safetensors was fitted to all 40 evaluated images, so its calibrated figures are optimistic",
  );
});

test("a calibration that may do harm says so", async () => {
  const { stdout } = await calibrate("--to again.safetensors --list val.txt --kind platt --format json");
  const { notes, findings } = JSON.parse(stdout);
  expect(notes).toContain("calibrated on the images of val.txt");
  const worse = Object.keys(findings).filter((name) => {
    const { raw, calibrated_out_of_fold: calibrated } = findings[name];
    return calibrated !== null && calibrated.brier > raw.brier;
  });
  expect(worse.length).toBeGreaterThan(0);
  expect(notes).toContain(
    `the Brier score of calibrated probabilities is worse than that of raw ones, on images that took no part in the fit, for ${worse.join(", ")}`,
  );
});

test("without a list, the images that training held out are taken, and each file is read once", async () => {
  const train = "--backbone demo --epochs 1 --input-size 64 --val-fraction 0.4";
  await desk.run(words(`train --data data --out run ${train}`));
  const { val } = JSON.parse(readFileSync(desk.path("run/config.json"), "utf8")).images;
  const { env, opened } = countingOpens(desk);
  const ended = await desk.run(
    words("calibrate --data data --model run/model.safetensors --to own.safetensors --format json"),
    { env },
  );
  expect(ended.code).toBe(0);
  expect([opened("model.safetensors"), opened("Data_Entry_2017.csv")]).toEqual([1, 1]);
  expect(JSON.parse(ended.stdout)).toMatchObject({ n_images: val, warnings: [] });
  expect(cardOf("own.safetensors").calibration!.description).toContain("held out in training");
  const all = await desk.run(
    words("calibrate --data data --model run/model.safetensors --to own.safetensors --list val.txt"),
  );
  expect(all.stdout).toMatch(
    /^Warning {4}: \d+ of the 40 images that it is fitted to were used to train model\.safetensors/m,
  );
});

test("an earlier calibration is replaced, and it is said which and what is lost", async () => {
  desk.put("half.txt", `${names.slice(0, 30).join("\n")}\n`);
  const again = async (line: string) => {
    const ended = await desk.run(
      words(`calibrate --data data --model platt.safetensors --list half.txt --format json ${line}`),
    );
    return JSON.parse(ended.stdout).notes as string[];
  };
  const [some, all] = await Promise.all([
    again("--to some.safetensors --labels Mass --kind isotonic"),
    again("--to all.safetensors"),
  ]);
  const replaced = expect.stringMatching(/^the calibration that the model had \(platt, fitted to 40/);
  const lost = expect.stringMatching(/^the new file has no calibration for .*Atelectasis/);
  expect(some).toContainEqual(replaced);
  expect(some).toContainEqual(lost);
  expect(all).toContainEqual(replaced);
  expect(Object.keys(cardOf("some.safetensors").calibration!.findings)).toEqual(["Mass"]);
  expect(cardOf("some.safetensors").calibration!.description).toMatch(/^isotonic, fitted to 30 images/);
});

test("other images of the patients that a calibration was fitted to are counted", async () => {
  const patientOf = (name: string) => name.slice(0, 8);
  const first = names.filter(
    (name, i) => names.findIndex((other) => patientOf(other) === patientOf(name)) === i,
  );
  const others = names.filter((name) => !first.includes(name));
  desk.put("first.txt", `${first.join("\n")}\n`);
  desk.put("others.txt", `${others.join("\n")}\n`);
  await calibrate("--to first.safetensors --list first.txt");
  const { stdout } = await desk.run(
    words("evaluate --bootstrap 100 --format json --data data --model first.safetensors --list others.txt"),
  );
  const { seen_by_model: seen, warnings } = JSON.parse(stdout);
  expect(others.length).toBeGreaterThan(3);
  expect(seen).toMatchObject({ n_calibration: 0, n_calibration_same_patients: others.length });
  expect(warnings[0]).toContain(
    "are of patients whose other images the calibration of first.safetensors was fitted to",
  );
});

test("a calibration beside the file that would hide the new one is named before anything is done", async () => {
  const { calibration } = cardOf("platt.safetensors");
  desk.put("hidden.safetensors.json", JSON.stringify({ calibration }));
  const ended = await calibrate("--to hidden.safetensors --list val.txt");
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(
    /^medical-x: hidden\.safetensors\.json: its calibration would take precedence over the one in hidden\.safetensors; .* \(--to\)/,
  );
  expect(existsSync(desk.path("hidden.safetensors"))).toBe(false);
});

test("Ctrl-C ends it with 130 and one line, and the same command goes on", async () => {
  const line = words(
    "calibrate --data data --model m.safetensors --to later.safetensors --list val.txt --batch-size 1",
  );
  rmSync(desk.path("cache"), { recursive: true, force: true });
  const ended = await desk.run(line, { onStart: (child) => interruptWhenKept(child) });
  expect(ended).toMatchObject({ code: 130, stdout: "" });
  expect(ended.stderr).toMatch(
    /^medical-x: interrupted after \d+ of 40 images; the same call resumes from there\n$/,
  );
  expect(existsSync(desk.path("later.safetensors"))).toBe(false);
  expect((await desk.run(line)).code).toBe(0);
});

/** Sends the signal when the first predictions are in the cache. */
function interruptWhenKept(child: ChildProcess): void {
  const folder = desk.path("cache", "predictions");
  const timer = setInterval(() => {
    const isKept =
      existsSync(folder) &&
      readdirSync(folder, { recursive: true, encoding: "utf8" }).some((name) => name.endsWith(".ndjson"));
    if (!isKept) return;
    clearInterval(timer);
    child.kill("SIGINT");
  }, 5);
  child.on("close", () => clearInterval(timer));
}

test("outputs that a user calls otherwise keep their calibration and their thresholds", async () => {
  const labels = parseCardText(JSON.stringify(cardOf("platt.safetensors"))).labels!;
  const renamed = labels.map((label) => `My ${label}`).join(",");
  const [own, other] = await Promise.all(
    [["--labels", renamed], []].map((more) =>
      desk.run([
        ...words(
          `predict --force --model platt.safetensors --image data/images/${names[3]} --format json --threshold card`,
        ),
        ...more,
      ]),
    ),
  );
  const [found, expected] = [JSON.parse(own!.stdout), JSON.parse(other!.stdout)];
  expect(found.calibrated["My Effusion"]).toBe(expected.calibrated.Effusion);
  expect(found.thresholds["My Mass"]).toBe(expected.thresholds.Mass);
});

test.each([
  [
    "no list",
    "--to x.safetensors",
    1,
    /m\.safetensors: its card does not say which images of data were held out.*--list/,
  ],
  [
    "a folder that is not there",
    "--to no/x.pth --list val.txt",
    1,
    /^medical-x: no\/x\.pth: there is no folder no; create it/,
  ],
  ["a folder in its place", "--to taken.pth --list val.txt", 1, /taken\.pth: this is a folder, not a file/],
  [
    "an ending that is none",
    "--to x.txt --list val.txt",
    2,
    /x\.txt: files with the ending "\.txt" cannot be written/,
  ],
  ["images of one class alone", "--to x.safetensors --list one.txt", 1, /nothing was written/],
  ["no file to write", "--list val.txt", 2, /required option '--to <file>'/],
  ["an unknown kind", "--to x.pth --list val.txt --kind beta", 2, /platt, temperature, isotonic/],
])("%s: one line, and no file", async (_, line, code, message) => {
  desk.put("one.txt", `${names[0]}\n`);
  desk.put("taken.pth/a.txt", "in the way");
  const ended = await calibrate(line);
  expect(ended).toMatchObject({ code, stdout: "" });
  expect(ended.stderr).toMatch(message);
  expect(
    ended.stderr
      .trimEnd()
      .split("\n")
      .filter((row) => row.includes("medical-x:") || row.startsWith("error")),
  ).toHaveLength(1);
  expect(existsSync(desk.path("x.safetensors"))).toBe(false);
});
