/** `score` and `merge` over 30 drawn chests and two files that are none. */

import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk, modelFile, putSmallDemo } from "./run.ts";

const desk = new Desk();
afterAll(() => desk.remove());

const score = (out: string, more: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
  desk.run(["score", "--image", "data/images", "--model", "small.safetensors", "--out", out, ...more], {
    env,
  });
const merge = (out: string, to: string) => desk.run(["merge", out, "--to", to]);
const bytes = (name: string) => readFileSync(desk.path(name));
const shards = (out: string) =>
  readdirSync(desk.path(out, "shards")).filter((name) => name.endsWith(".parquet"));

interface Line {
  readonly image: string;
  readonly probabilities?: Readonly<Record<string, number>>;
  readonly checks?: readonly string[];
  readonly sha256: string | null;
  readonly error?: { readonly code: string; readonly message: string };
}
const lines = (name: string): Line[] =>
  bytes(name)
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

beforeAll(async () => {
  putSmallDemo(desk, "small.safetensors");
  desk.put("other.safetensors", modelFile("safetensors", 3));
  await desk.run(["data", "phantom", "--out", "data", "--count", "30", "--seed", "5", "--size", "256"]);
  desk.put("data/images/sub/broken.png", "no picture");
  desk.put("data/images/a-b.png", bytes("data/images/00000001_000.png").subarray(0, 4000));
  const ended = await score("one", ["--workers", "2"]);
  expect(ended).toMatchObject({ code: 0, stdout: "" });
  expect(ended.stderr).toContain("one: 1 shard of 1 done, 32 images");
  expect((await merge("one", "one.parquet")).code).toBe(0);
}, 120_000);

test("results equal those of predict to 1e-6, in the order of the paths' code units", async () => {
  await merge("one", "one.ndjson");
  const scored = lines("one.ndjson");
  const predicted = await desk.run([
    ...["predict", "--image", "data/images", "--model", "small.safetensors", "--format", "ndjson"],
  ]);
  expect(predicted.code).toBe(1);
  const expected = predicted.stdout
    .trimEnd()
    .split("\n")
    .map(
      (line) => JSON.parse(line) as Omit<Line, "checks"> & { checks?: { check: string; outcome: string }[] },
    );
  expect(scored.map(({ image }) => image)).toEqual([...expected.map(({ image }) => image)].sort());
  for (const row of scored) {
    const { probabilities, error, checks } = expected.find(({ image }) => image === row.image)!;
    expect(row.error?.code).toBe(error?.code);
    expect(row.checks).toEqual(checks?.flatMap(({ check, outcome }) => (outcome === "warn" ? [check] : [])));
    expect(Object.keys(row.probabilities ?? {})).toEqual(Object.keys(probabilities ?? {}));
    for (const [label, value] of Object.entries(row.probabilities ?? {}))
      expect(Math.abs(value - probabilities![label]!)).toBeLessThan(1e-6);
  }
});

test("a fault of a file is a row with its error, and the hash of what was read", async () => {
  await merge("one", "one.csv");
  const [header, ...rows] = bytes("one.csv").toString().trimEnd().split("\n");
  expect(header).toMatch(
    /^Image Index,prob_Atelectasis,.*,prob_Hernia,checks,sha256,error_code,error_message$/,
  );
  expect(rows).toHaveLength(32);
  expect(rows.find((row) => row.startsWith("data/images/sub/broken.png"))).toMatch(
    /^data\/images\/sub\/broken\.png,{16}[0-9a-f]{64},raster\/not-an-image,/,
  );
});

test("evaluate takes the table as Parquet and as CSV, and leaves rows with errors out, counted", async () => {
  const evaluated = await Promise.all(
    ["one.parquet", "one.csv"].map((table) =>
      desk.run([
        ...["evaluate", "--predictions", table, "--labels-file", "data/Data_Entry_2017.csv"],
        ...["--bootstrap", "100", "--format", "json"],
      ]),
    ),
  );
  const [parquet, csv] = evaluated.map(({ stdout }) => JSON.parse(stdout));
  expect(parquet.n_images).toBe(30);
  expect(evaluated[0]!.stderr).toContain("2 images could not be predicted and are left out");
  expect(parquet.findings.Effusion.auroc).toBe(csv.findings.Effusion.auroc);
  expect(parquet.findings.Effusion.brier).toBeCloseTo(csv.findings.Effusion.brier, 8);
});

test("the table is the same byte for byte however the work is divided", async () => {
  expect((await score("three", ["--shard-size", "12", "--workers", "1"])).code).toBe(0);
  for (const i of [2, 0, 1])
    expect((await score("eight", ["--shard-size", "4", "--workers", "2", "--shard", `${i}/3`])).code).toBe(0);
  expect(shards("three")).toHaveLength(3);
  expect(shards("eight")).toHaveLength(8);
  for (const out of ["three", "eight"]) {
    await merge(out, `${out}.parquet`);
    expect(bytes(`${out}.parquet`).equals(bytes("one.parquet"))).toBe(true);
  }
}, 120_000);

test("what is done is not done again, and what is missing is named", async () => {
  const [first] = shards("three").sort();
  rmSync(desk.path("three/shards", first!));
  const incomplete = await merge("three", "no.parquet");
  expect(incomplete).toMatchObject({ code: 1 });
  expect(incomplete.stderr).toContain("three: 1 shard of 3 is missing (0); run the same score command again");
  const status = await desk.run(["score", "--out", "three", "--status", "--format", "json"]);
  expect(JSON.parse(status.stdout)).toMatchObject({
    schema: "medical-x/score-status@1",
    images: { total: 32, done: 20 },
    shards: { total: 3, done: 2, failed: 0, missing: 1 },
    errors: { "raster/not-an-image": 1 },
  });
  expect((await score("three")).stderr).toContain("three: 3 shards of 3 done, 2 of them before");
});

test("of processes that start at once, one writes the plan and all follow it", async () => {
  const ended = await Promise.all(
    [0, 1].map((i) => score("race", ["--shard-size", "20", "--workers", "1", "--shard", `${i}/2`])),
  );
  expect(ended.map(({ code }) => code)).toEqual([0, 0]);
  await merge("race", "race.parquet");
  expect(bytes("race.parquet").equals(bytes("one.parquet"))).toBe(true);
}, 120_000);

test.for([
  ["another model", ["--model", "other.safetensors"], "the hash of the model was"],
  ["another preparation", ["--model", "demo"], "the preparation was"],
  ["another shard size", ["--shard-size", "9"], "the shard size was 1000 and is now 9"],
  ["another option", ["--force"], "the option force was false and is now true"],
  ["other images", ["--image", "data/images/sub"], 'what the images are was "data/images"'],
] as const)("%s is refused with code 3", async ([, more, words]) => {
  const ended = await score("one", more);
  expect(ended.code).toBe(3);
  expect(ended.stderr).toContain("one/plan.json: the plan was made for something else");
  expect(ended.stderr).toContain(words);
});

test("an image that has changed, a new one and an edited plan are refused with code 3", async () => {
  const image = desk.path("data/images/00000001_000.png");
  await score("changed", ["--shard-size", "20", "--shard", "1/2"]);
  utimesSync(image, 1_000_000, 1_000_000);
  const touched = await score("changed");
  expect(touched).toMatchObject({ code: 3 });
  expect(touched.stderr).toContain(
    "data/images/00000001_000.png: the file has changed since the plan was made",
  );
  renameSync(image, desk.path("data/images/new.png"));
  const added = await score("one");
  expect(added).toMatchObject({ code: 3 });
  expect(added.stderr).toContain("images were added to data/images or removed from it");
  renameSync(desk.path("data/images/new.png"), image);
  const plan = desk.path("changed/plan.json");
  writeFileSync(plan, readFileSync(plan, "utf8").replace("00000001_001.png", "00000001_00x.png"));
  const edited = await score("changed");
  expect(edited).toMatchObject({ code: 3 });
  expect(edited.stderr).toContain("it has been changed (the images of shard 0)");
});

test("what cannot be scored or merged is refused with a code that says whether to try again", async () => {
  desk.put("empty/readme.txt", "no image");
  desk.put("empty.txt", "Image Index\n\n");
  desk.put("no-plan/plan.json", "{}");
  desk.put("utf-16.txt", Buffer.from("a.png\n", "utf16le"));
  await score("foreign", ["--shard-size", "32"]);
  const [shard] = shards("foreign");
  desk.put(`foreign/shards/${shard}`, bytes(`three/shards/${shards("three")[0]}`));
  await score("short", ["--shard-size", "32"]);
  desk.put(`short/shards/${shards("short")[0]}`, bytes(`one/shards/${shards("one")[0]}`).subarray(0, 900));
  const cases = [
    [["score", "--out", "x"], 2, "no folder or list of images was named (--image)"],
    [["score", "--out", "x", "--status"], 3, "x: there is no plan.json in this folder"],
    [
      ["score", "--image", "data/images", "--model", "none.pth", "--out", "x"],
      3,
      "none.pth: there is no such file",
    ],
    [["score", "--image", "nowhere", "--model", "demo", "--out", "x"], 3, "nowhere: there is no such file"],
    [["score", "--image", "empty", "--model", "demo", "--out", "x"], 3, "empty: the folder holds no images"],
    [
      ["score", "--image", "empty.txt", "--model", "demo", "--out", "x"],
      3,
      "empty.txt: the list names no images",
    ],
    [
      ["score", "--image", "data/images/00000001_000.png", "--model", "demo", "--out", "x"],
      3,
      "00000001_000.png: this is not a list of images: it is no text in UTF-8; name a text file",
    ],
    [["score", "--image", "utf-16.txt", "--model", "demo", "--out", "x"], 3, "it is no text in UTF-8"],
    [
      ["score", "--image", "data/images", "--model", "demo", "--out", "no-plan"],
      3,
      "this is no plan, or it has been changed",
    ],
    [["merge", "data", "--to", "x.csv"], 3, "data: there is no plan.json in this folder"],
    [["merge", "one", "--to", "x.xlsx"], 2, "end the name in .parquet, .csv, .ndjson"],
    [["merge", "foreign", "--to", "x.csv"], 3, "this is not the shard that the plan means: its plan is"],
    [["merge", "short", "--to", "x.csv"], 3, "this is no complete Parquet file"],
  ] as const;
  for (const [args, code, words] of cases) {
    const ended = await desk.run(args);
    expect([ended.code, ended.stdout], args.join(" ")).toEqual([code, ""]);
    expect(ended.stderr).toContain(words);
  }
}, 120_000);

test("Ctrl-C ends a run with code 130, and a later run completes it", async () => {
  const interrupted = new AbortController();
  const running = desk.run(
    [
      "score",
      "--image",
      "data/images",
      "--model",
      "small.safetensors",
      "--out",
      "stopped",
      "--shard-size",
      "8",
    ],
    { signal: interrupted.signal },
  );
  const looking = setInterval(() => {
    if (existsSync(desk.path("stopped/shards")) && shards("stopped").length > 0) interrupted.abort();
  }, 20);
  const ended = await running;
  clearInterval(looking);
  expect(ended.code).toBe(130);
  expect(ended.stderr).toContain("interrupted; run the same command again to go on");
  expect((await score("stopped")).code).toBe(0);
  await merge("stopped", "stopped.parquet");
  expect(bytes("stopped.parquet").equals(bytes("one.parquet"))).toBe(true);
}, 120_000);

test("a scheduler that counts otherwise is refused with code 3 unless the share is named", async () => {
  const of = (index: number, count: number) => ({
    JOB_COMPLETION_INDEX: `${index}`,
    JOB_COMPLETIONS: `${count}`,
  });
  // Nothing is left to do in this folder.
  expect((await score("three", [], of(1, 3))).code).toBe(0);
  const ended = await score("three", [], of(0, 2));
  expect(ended.code).toBe(3);
  expect(ended.stderr).toContain(
    "Kubernetes says that this is process 0 of 2, but the shards of three were divided among 3",
  );
  expect((await score("three", ["--shard", "0/2"], of(0, 2))).code).toBe(0);
});
