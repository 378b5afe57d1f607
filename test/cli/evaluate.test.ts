import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, utimesSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureBytes, fixtureJson } from "../fixtures.ts";
import { Desk, MAIN, modelFile, putSmallDemo, words } from "./run.ts";
import { greyPng } from "./xrays.ts";

const desk = new Desk();
afterAll(() => desk.remove());
beforeAll(() => {
  desk.put("p.csv", fixtureBytes("evaluation/predictions.csv"));
  desk.put("l.csv", fixtureBytes("evaluation/labels.csv"));
});

const FILES = "--predictions p.csv --labels-file l.csv --bootstrap 100";
const evaluate = (line: string) => desk.run(words(`evaluate ${line}`));

/** Every number in `expected` is in `found`, within 1e-12. `found` may contain more. */
function expectWithin(found: unknown, expected: unknown, path = ""): void {
  if (typeof expected === "number") expect(Math.abs((found as number) - expected), path).toBeLessThan(1e-12);
  else if (expected === null || typeof expected === "string") expect(found, path).toBe(expected);
  else
    for (const [key, value] of Object.entries(expected as object))
      expectWithin((found as Record<string, unknown>)[key], value, `${path}.${key}`);
}

test("figures of a prediction file are scikit-learn's: of each finding, their mean and every subgroup", async () => {
  const { code, stdout, stderr } = await evaluate(`${FILES} --format json`);
  expect(code).toBe(0);
  const found = JSON.parse(stdout);
  expectWithin(found, fixtureJson("evaluation/expected.json"));
  expect(found).toMatchObject({
    schema: "medical-x/evaluation@1",
    of: { kind: "predictions", name: "p.csv" },
    bootstrap: { replicates: 100, seed: 0 },
  });
  expect(Object.keys(found.findings)).not.toContain("Edema");
  expect(stderr).toContain("Edema is not predicted and so not evaluated");
  const { auroc, auroc_ci: ci, auroc_delong_ci: delong } = found.findings.Effusion;
  for (const [low, high] of [ci, delong]) {
    expect(low).toBeLessThan(auroc);
    expect(high).toBeGreaterThan(auroc);
  }
});

test("the same seed gives the same intervals, another seed others", async () => {
  const [first, again, other] = await Promise.all(
    ["", "", " --seed 1"].map((more) => evaluate(`${FILES} --format json${more}`)),
  );
  expect(again!.stdout).toBe(first!.stdout);
  expect(JSON.parse(other!.stdout).mean.auroc_ci).not.toEqual(JSON.parse(first!.stdout).mean.auroc_ci);
});

test("the text names a finding that cannot be judged, and ends with the notice", async () => {
  const { stdout } = await evaluate(FILES);
  expect(stdout).toContain("Images     : 300 images of ");
  expect(stdout).toMatch(/^ {2}Hernia +0 +–/m);
  expect(stdout).toContain("Hernia has no positives among these images, so it has no figures.\n");
  expect(stdout).toMatch(/^ {2}age 80\+ /m);
  expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/not for diagnosis/);
});

test("a handful of draws is no interval: usage, exit code 2", async () => {
  const { code, stderr } = await evaluate("--predictions p.csv --labels-file l.csv --bootstrap 99");
  expect(code).toBe(2);
  expect(stderr).toContain("It must be a whole number from 100 to 10000.");
});

test("examples are of a report: usage without one, exit code 2", async () => {
  const { code, stderr } = await evaluate(`${FILES} --examples 2`);
  expect(code).toBe(2);
  expect(stderr).toMatch(/examples are part of the report.*--out/);
});

test("what is written can be read again, and gives the same figures", async () => {
  expect((await evaluate(`${FILES} --out figures`)).code).toBe(0);
  const json = JSON.parse(readFileSync(desk.path("figures/metrics.json"), "utf8"));
  const csv = readFileSync(desk.path("figures/metrics.csv"), "utf8").trim().split("\n");
  expect(csv).toHaveLength(1 + 5 + 1);
  const effusion = csv.find((line) => line.startsWith("Effusion,"))!.split(",");
  expect(Number(effusion[4])).toBe(json.findings.Effusion.auroc);
  const again = await evaluate(
    "--predictions figures/predictions.csv --labels-file l.csv --bootstrap 100 --format json",
  );
  expect(JSON.parse(again.stdout).findings).toEqual(json.findings);
});

test("a model's figures are those of its predictions", async () => {
  desk.put("m.pth", modelFile("pth", 7));
  for (let i = 0; i < 8; i++) desk.put(`data/images/${i}.png`, await greyPng(40 + 5 * i, 50));
  desk.put("data/images/broken.png", "no image");
  const rows = Array.from({ length: 8 }, (_, i) => `${i}.png,${i % 3 === 0 ? "Mass" : "No Finding"},${i}`);
  desk.put(
    "data/Data_Entry_2017.csv",
    ["Image Index,Finding Labels,Patient ID", ...rows, "broken.png,Mass,9", "gone.png,Mass,10", ""].join(
      "\n",
    ),
  );
  const model = await evaluate("--data data --model m.pth --bootstrap 100 --format json");
  // One image failed: the others are done, and the exit code says so.
  expect(model.code).toBe(1);
  expect(model.stderr).toContain("broken.png");
  expect(model.stderr).toContain("labels assumed");
  expect(JSON.parse(model.stdout).notice).toMatch(/not for diagnosis/);
  expect(model.stderr).toContain("1 image could not be read and was left out");
  desk.put(
    "own.csv",
    (await desk.run(words("predict --force --model m.pth --image data/images/[0-9].png --format csv")))
      .stdout,
  );
  const file = await evaluate(
    "--predictions own.csv --labels-file data/Data_Entry_2017.csv --bootstrap 100 --format json",
  );
  const figures = (stdout: string) => {
    const { n_images: images, findings } = JSON.parse(stdout);
    return {
      images,
      auroc: findings.Mass.auroc,
      ap: findings.Mass.average_precision,
      points: findings.Mass.fitted_here,
    };
  };
  expect(figures(model.stdout).images).toBe(8);
  expect(figures(model.stdout).auroc).toBe(figures(file.stdout).auroc);
  expect(figures(model.stdout).ap).toBe(figures(file.stdout).ap);
});

test("labels that were asked for are the ones that are evaluated, of a model as of a file", async () => {
  const labels = ["Fracture", "Mass"];
  desk.put("own.pth", modelFile("pth", 7));
  desk.put("own.pth.json", JSON.stringify({ labels: [...Array(12).keys()].map(String).concat(labels) }));
  desk.put("named/labels.csv", "image,Mass,Fracture\na.png,1,0\nb.png,0,1\n");
  for (const name of ["a", "b"]) desk.put(`named/images/${name}.png`, await greyPng());
  desk.put("named.csv", "image,prob_Mass,prob_Fracture\na.png,0.5,0.5\nb.png,0.25,1\n");
  const ended = await Promise.all([
    evaluate("--data named --model own.pth --labels Fracture,Mass --bootstrap 100 --format json"),
    evaluate("--predictions named.csv --labels-file named/labels.csv --labels Fracture,Mass --format json"),
  ]);
  for (const { code, stdout } of ended) {
    expect(code).toBe(0);
    expect(Object.keys(JSON.parse(stdout).findings)).toEqual(labels);
  }
});

test("the card's operating points are found under the label file's spelling, and missing ones are named", async () => {
  const rest = [...Array(11).keys()].map(String);
  const labels = ["Pleural Effusion", "edema", "mass", ...rest];
  desk.put("spelt.pth", modelFile("pth", 7));
  desk.put(
    "spelt.pth.json",
    JSON.stringify({ labels, operatingPoints: { "Pleural Effusion": 0.22, edema: 0.33 } }),
  );
  desk.put(
    "spelt/Data_Entry_2017.csv",
    "Image Index,Finding Labels,Patient ID\na.png,Mass|Edema,1\nb.png,Effusion,2\n",
  );
  for (const name of ["a", "b"]) desk.put(`spelt/images/${name}.png`, await greyPng());
  const line = "--data spelt --model spelt.pth --bootstrap 100 --format json";
  const { findings, thresholds, notes } = JSON.parse((await evaluate(line)).stdout);
  const threshold = (finding: string) => findings[finding].operating_point.threshold;
  expect(thresholds).toBe("card");
  expect(["Effusion", "Edema", "Mass"].map(threshold)).toEqual([0.22, 0.33, 0.5]);
  expect(notes).toContain("the card of spelt.pth has no operating point for Mass, so 0.5 is used");
});

test("a list, and else the folder's test_list.txt, says which images are evaluated", async () => {
  desk.put(
    "listed/Data_Entry_2017.csv",
    "Image Index,Finding Labels,Patient ID\na.png,Mass,1\nb.png,No Finding,2\nc.png,Mass,3\n",
  );
  for (const name of ["a", "b", "c"]) desk.put(`listed/images/${name}.png`, await greyPng());
  desk.put("listed/test_list.txt", "a.png\nb.png\n");
  desk.put("c.txt", "c.png\nnobody.png\n");
  desk.put("m.pth", modelFile("pth", 7));
  const [official, own] = await Promise.all([
    evaluate("--data listed --model m.pth --bootstrap 100 --format json"),
    evaluate("--data listed --model m.pth --bootstrap 100 --format json --list c.txt"),
  ]);
  expect(JSON.parse(official.stdout).n_images).toBe(2);
  expect(official.stderr).toContain("evaluated on the images of test_list.txt");
  expect(JSON.parse(own.stdout).n_images).toBe(1);
  expect(JSON.parse(own.stdout).findings.Mass.auroc).toBeNull();
  expect(own.stderr).toContain("1 name of c.txt without labels");
});

test.concurrent.each([
  [
    "logits",
    "Image Index,prob_Mass\n0001.png,3.5\n0002.png,-2\n",
    /x\d+\.csv: 2 rows with a value outside 0 to 1: line 2 .*logits/,
  ],
  [
    "an image twice",
    "Image Index,prob_Mass\n0001.png,0.5\n0001.png,0.5\n",
    /x\d+\.csv: 1 row with an image that an earlier row names/,
  ],
  [
    "an image under two names",
    "Image Index,prob_Mass\n0001.png,0.5\npart1/0001.png,0.5\n",
    /x\d+\.csv: line 2 \(0001\.png\) and line 3 \(part1\/0001\.png\) name the same image of the label file; keep one row/,
  ],
  [
    "other images",
    "Image Index,prob_Mass\nq.png,0.5\n",
    /x\d+\.csv: none of its images \(q\.png\) is in l\.csv/,
  ],
  [
    "other findings",
    "Image Index,prob_Fracture\n0001.png,0.5\n",
    /x\d+\.csv: no column holds the probabilities of a label/,
  ],
])("predictions with %s are refused in one line", async (_, text, message) => {
  const name = `x${text.length}.csv`;
  desk.put(name, text);
  const ended = await evaluate(`--predictions ${name} --labels-file l.csv`);
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr.trimEnd().split("\n")).toHaveLength(1);
});

test.concurrent("images without labels, and labels without predictions, are counted", async () => {
  desk.put("some.csv", "Image Index,prob_Mass,prob_Fracture\n0001.png,0.5,0\n0003.png,0.25,0\nq.png,0.5,1\n");
  const { code, stdout } = await evaluate("--predictions some.csv --labels-file l.csv --bootstrap 100");
  expect(code).toBe(0);
  expect(stdout).toContain("Note: 1 prediction of images without labels is left out: line 4 (q.png)\n");
  expect(stdout).toContain("Note: 298 of the 300 labelled images have no prediction\n");
  expect(stdout).toContain('Note: 1 column stands for no label and is not evaluated: "prob_Fracture"\n');
});

test.concurrent("images of other folders are other images", async () => {
  desk.put("folders.csv", "Image,Mass\none/v.png,1\none/w.png,0\ntwo/v.png,0\n");
  desk.put(
    "other.csv",
    "Image Index,prob_Mass\none/v.png,0.5\ntwo/v.png,0.25\nthree/w.png,0.75\nv.png,0.5\n",
  );
  const { stdout } = await evaluate("--predictions other.csv --labels-file folders.csv --bootstrap 100");
  expect(stdout).toContain("Images     : 2 images of 2 patients\n");
  expect(stdout).toContain("Note: 1 prediction of images without labels is left out: line 4 (three/w.png)\n");
  expect(stdout).toContain(
    "Note: 1 prediction whose name may mean several images is left out: line 5 (v.png: one/v.png or two/v.png)\n",
  );
});

test.concurrent("it is said of how many draws the mean's interval is, where some lack a finding", async () => {
  // One of forty patients has Edema: (39/40)⁴⁰ = 36 of 100 draws are without that one.
  const rows = Array.from({ length: 40 }, (_, i) => `${i}.png,${i % 2},${i === 0 ? 1 : 0}`);
  desk.put("rare.csv", ["Image,Mass,Edema", ...rows].join("\n"));
  const scores = rows.map((_, i) => `${i}.png,${((i * 7) % 40) / 40},${i / 40}`);
  desk.put("scores.csv", ["Image Index,prob_Mass,prob_Edema", ...scores].join("\n"));
  const { stdout, stderr } = await evaluate(
    "--predictions scores.csv --labels-file rare.csv --bootstrap 1000 --format json",
  );
  const { mean, findings } = JSON.parse(stdout);
  expect(mean.auroc_ci).not.toBeNull();
  expect(findings.Edema.auroc_ci).toBeNull();
  const [, lacking, others] =
    /(\d+) of the 1,000 draws of patients lack a finding, so the mean's interval comes from the other (\d+)/.exec(
      stderr,
    )!;
  expect(Math.abs(Number(lacking) - 363)).toBeLessThan(60);
  expect(Number(lacking) + Number(others)).toBe(1000);
});

test.concurrent("raw and calibrated probabilities are compared on the same images, and it is said which", async () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({ truth: i % 4 === 0 ? 1 : 0, raw: 0.3 + i / 100 }));
  desk.put("half.csv", ["Image,Mass", ...rows.map(({ truth }, i) => `${i}.png,${truth}`)].join("\n"));
  const line = ({ raw }: { raw: number }, i: number) => `${i}.png,${raw},${i < 8 ? "" : raw / 2}`;
  const header = "Image Index,prob_Mass,calibrated_Mass";
  desk.put("blank.csv", [header, ...rows.map(line)].join("\n"));
  desk.put("short.csv", [header, ...rows.map(({ raw }, i) => `${i}.png,${raw}`)].join("\n"));
  const labels = "--labels-file half.csv --bootstrap 100 --format json";
  const [blank, short] = await Promise.all([
    evaluate(`--predictions blank.csv ${labels}`),
    evaluate(`--predictions short.csv ${labels}`),
  ]);
  const { calibrated, findings } = JSON.parse(blank!.stdout);
  const brier = (of: (raw: number) => number) =>
    rows.slice(8).reduce((sum, { truth, raw }) => sum + (of(raw) - truth) ** 2 / 32, 0);
  expect(calibrated.findings.Mass.raw.brier).toBeCloseTo(
    brier((raw) => raw),
    12,
  );
  expect(calibrated.findings.Mass.brier).toBeCloseTo(
    brier((raw) => raw / 2),
    12,
  );
  expect(findings.Mass.brier).not.toBeCloseTo(calibrated.findings.Mass.raw.brier, 3);
  expect(blank!.stderr).toContain("up to 8 images of a finding have no calibrated probability");
  expect(short).toMatchObject({ code: 1, stdout: "" });
  expect(short!.stderr).toMatch(/short\.csv: 40 rows with fewer fields than the header/);
});

test.concurrent("a report never replaces what it is made of", async () => {
  const text = readFileSync(desk.path("p.csv"), "utf8");
  desk.put("own/predictions.csv", text);
  desk.put("own/metrics.csv", readFileSync(desk.path("l.csv")));
  for (const line of [
    "--predictions own/predictions.csv --labels-file l.csv --out own",
    "--predictions p.csv --labels-file l.csv --against ./own/predictions.csv --out own/",
    "--predictions p.csv --labels-file own/metrics.csv --out own",
  ]) {
    const ended = await evaluate(`${line} --bootstrap 100`);
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toMatch(
      /^medical-x: \S*own\/(predictions|metrics)\.csv: the report in own\/? would replace this file, which it is made from; name another folder \(--out\)\n$/,
    );
  }
  expect(readFileSync(desk.path("own/predictions.csv"), "utf8")).toBe(text);
  // A folder's own label file, which no option names.
  desk.put("folder/metrics.csv", "Image Index,Finding Labels,Patient ID\na.png,Mass,1\nb.png,No Finding,2\n");
  for (const name of ["a", "b"]) desk.put(`folder/${name}.png`, await greyPng(40, 50));
  putSmallDemo(desk, "small.safetensors");
  const folder = await evaluate("--data folder --model small.safetensors --out folder --bootstrap 100");
  expect(folder).toMatchObject({ code: 1, stdout: "" });
  expect(folder.stderr).toMatch(/folder\/metrics\.csv: the report in folder would replace this file/);
  expect(readFileSync(desk.path("folder/metrics.csv"), "utf8")).toMatch(/^Image Index,/);
  const empty = await desk.run([...words(`evaluate ${FILES} --out`), ""]);
  expect(empty).toMatchObject({ code: 2, stdout: "" });
});

test.concurrent("a report is written though nobody reads what is printed", async () => {
  const onStart = (child: ChildProcess) => child.stdout!.destroy();
  await desk.run(words(`evaluate ${FILES} --out unread`), { onStart });
  expect(existsSync(desk.path("unread/report.html"))).toBe(true);
  expect(readdirSync(desk.path("unread")).filter((name) => name.endsWith(".part"))).toEqual([]);
});

test.concurrent("what a killed run left half-written is cleared away by the next", async () => {
  const left = [".report.html.0123456789ab.part", "figures/.roc.svg.0123456789ab.part"];
  // One belongs to another program that writes there, the other to an evaluation that is still writing.
  const others = [".model.safetensors.0123456789ab.part", ".metrics.csv.0123456789ab.part"];
  const before = new Date(Date.now() - 3_600_000);
  for (const name of [...left, ...others]) {
    const path = desk.put(`left/${name}`, "");
    if (name !== others[1]) utimesSync(path, before, before);
  }
  await evaluate(`${FILES} --out left`);
  expect(readdirSync(desk.path("left")).sort()).toEqual([
    ...[...others].sort(),
    ...["figures", "metrics.csv", "metrics.json", "predictions.csv", "report.html"],
  ]);
  expect(readdirSync(desk.path("left/figures")).filter((name) => name.startsWith("."))).toEqual([]);
});

test.skipIf(!existsSync("/dev/full"))("a full disk behind stdout is one line", async () => {
  const full = openSync("/dev/full", "w");
  const args = [MAIN, ...words(`evaluate ${FILES}`)];
  const child = spawn(process.execPath, args, { cwd: desk.folder, stdio: ["ignore", full, "pipe"] });
  let stderr = "";
  child.stderr!.on("data", (text) => {
    stderr += text;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  closeSync(full);
  expect([code, stderr]).toEqual([1, "medical-x: standard output: the disk is full\n"]);
});

test.concurrent("names that a terminal would take for more are spelt out", async () => {
  desk.put(
    "odd.csv",
    'Image Index,prob_Effusion\npart0/0000.png,0.5\npart1/0001.png,0.2\n"a\u001b[31m\nb",0.5\n',
  );
  for (const format of ["text", "json"]) {
    const { stdout, stderr } = await evaluate(
      `--predictions odd.csv --labels-file l.csv --bootstrap 100 --format ${format}`,
    );
    expect(format === "text" ? stdout : stderr).toContain("(a\\u001b[31m\\u000ab)");
    expect(stdout + stderr).not.toContain("\u001b");
  }
});

test.concurrent("where no image can be read, each is named, and nothing is printed", async () => {
  desk.put(
    "torn/Data_Entry_2017.csv",
    "Image Index,Finding Labels,Patient ID\na.png,Mass,1\nb.png,No Finding,2\n",
  );
  for (const name of ["a", "b"]) desk.put(`torn/images/${name}.png`, "no image");
  desk.put("m.pth", modelFile("pth", 7));
  const ended = await evaluate("--data torn --model m.pth --bootstrap 100 --out none");
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  const lines = ended.stderr.trimEnd().split("\n");
  expect(lines).toHaveLength(3);
  expect(lines.at(-1)).toBe(
    "medical-x: torn: none of its 2 images could be read, so nothing can be evaluated; the warnings before this say why",
  );
  expect(existsSync(desk.path("none"))).toBe(false);
});

test.concurrent.each([
  ["nothing", ""],
  ["predictions alone", "--predictions p.csv"],
  ["a model alone", "--model demo"],
  ["both ways", "--predictions p.csv --labels-file l.csv --data x --model demo"],
])("%s: one line that names both ways", async (_, line) => {
  const ended = await desk.run(["evaluate", ...words(line).filter((word) => word !== "")]);
  expect(ended).toMatchObject({ code: 2, stdout: "" });
  expect(ended.stderr).toMatch(
    /needs either a model and a data folder, or predictions and a label file \(--data, --model, --predictions, --labels-file\)\n$/,
  );
});
