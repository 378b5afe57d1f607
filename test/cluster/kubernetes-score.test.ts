/**
 * The commands of the jobs for Kubernetes and AWS Batch, run as their containers would be: with their arguments and variables,
 * one process for each index, as a user who owns nothing, with volumes that are folders here.
 */

import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import type { IJob } from "kubernetes-models/batch/v1/Job";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk, type Ended, MAIN, putSmallDemo, words } from "../cli/run.ts";
import { DEPLOY, readManifests } from "./manifests.ts";

const IMAGES = 40;
const USER = 65532;
const isRoot = process.getuid?.() === 0;

const desk = new Desk();
let expected: Buffer;

const container = (file: string) =>
  (readManifests(file).find(({ kind }) => kind === "Job") as IJob).spec!.template.spec!.containers[0]!;
const variables = (file: string): Readonly<Record<string, string>> =>
  Object.fromEntries(container(file).env!.map(({ name, value }) => [name, value!]));

/** A path in the container as a path here; the output gets a folder of its own for each scheduler. */
const here = (word: string, out: string): string =>
  word.replace(/(?<=^|=)\/(input|output|tmp)\b/, (_, name) => desk.path(name === "output" ? out : name));

/** Run a container's command to its end. */
function start(args: readonly string[], out: string, env: Readonly<Record<string, string>>): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args.map((word) => here(word, out))], {
    cwd: "/",
    env: {
      PATH: process.env["PATH"],
      ...Object.fromEntries(Object.entries(env).map(([k, v]) => [k, here(v, out)])),
    },
    ...(isRoot ? { uid: USER, gid: USER } : {}),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (piece) => {
    text.stdout += piece;
  });
  child.stderr.on("data", (piece) => {
    text.stderr += piece;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...text }));
  });
}

/** All indices, two at a time. */
async function all(count: number, one: (index: number) => Promise<Ended>): Promise<void> {
  let next = 0;
  const line = async () => {
    while (next < count) {
      expect(await one(next++)).toMatchObject({ code: 0 });
    }
  };
  await Promise.all([line(), line()]);
}

function outputFolder(name: string): void {
  mkdirSync(desk.path(name));
  chmodSync(desk.path(name), 0o777);
}

beforeAll(async () => {
  chmodSync(desk.folder, 0o755);
  putSmallDemo(desk, "input/model.safetensors");
  const drawn = await desk.run(words(`data phantom --out phantoms --count ${IMAGES} --seed 4 --size 256`));
  expect(drawn.code).toBe(0);
  renameSync(desk.path("phantoms", "images"), desk.path("input", "images"));
  outputFolder("tmp");
  // Rows hold the paths as they were given, so these must be the same.
  const given = container("score.yaml").args!.map((word) => here(word, "here"));
  const scored = await desk.run([...given, "--shard-size=3"]);
  expect(scored).toMatchObject({ code: 0 });
  const { code } = await desk.run(words("merge here --to here.parquet"));
  expect(code).toBe(0);
  expected = readFileSync(desk.path("here.parquet"));
});
afterAll(() => desk.remove());

test("the pods of Kubernetes's jobs give the bytes of one process", async () => {
  outputFolder("kubernetes");
  const { args } = container("score.yaml");
  const env = variables("score.yaml");
  await all(Number(env["JOB_COMPLETIONS"]), (index) =>
    start([...args!, "--shard-size=3"], "kubernetes", { ...env, JOB_COMPLETION_INDEX: String(index) }),
  );
  const merged = await start(container("merge.yaml").args!, "kubernetes", variables("merge.yaml"));
  expect(merged).toMatchObject({ code: 0 });
  expect(readFileSync(desk.path("kubernetes", "predictions.parquet")).equals(expected)).toBe(true);
});

test("a pod of a job with another number of pods ends with code 3, which is final for its index", async () => {
  const { code, stderr } = await start([...container("score.yaml").args!, "--shard-size=3"], "kubernetes", {
    ...variables("score.yaml"),
    JOB_COMPLETIONS: "5",
    JOB_COMPLETION_INDEX: "1",
  });
  expect(code).toBe(3);
  expect(stderr).toMatch(/\b16\b.*\b5\b|\b5\b.*\b16\b/);
});

test("merging before all pods are done ends with an error and writes nothing", async () => {
  outputFolder("unfinished");
  const env = { ...variables("score.yaml"), JOB_COMPLETION_INDEX: "0" };
  const scored = await start([...container("score.yaml").args!, "--shard-size=3"], "unfinished", env);
  expect(scored.code).toBe(0);
  const merged = await start(container("merge.yaml").args!, "unfinished", variables("merge.yaml"));
  expect(merged.code).not.toBe(0);
  expect(() => readFileSync(desk.path("unfinished", "predictions.parquet"))).toThrow(/ENOENT/);
});

test("the jobs of an array of AWS Batch give the bytes of one process", async () => {
  outputFolder("aws-batch");
  const { parameters, containerProperties } = JSON.parse(
    readFileSync(`${DEPLOY}aws-batch/score.json`, "utf8"),
  );
  const filled: readonly string[] = containerProperties.command.map(
    (word: string) => parameters[word.replace("Ref::", "")] ?? word,
  );
  const size = 3;
  await all(size, (index) =>
    start([...filled, "--shard-size=3"], "aws-batch", {
      HOME: "/tmp",
      AWS_BATCH_JOB_ARRAY_SIZE: String(size),
      AWS_BATCH_JOB_ARRAY_INDEX: String(index),
    }),
  );
  const { code } = await desk.run(words("merge aws-batch --to aws-batch.parquet"));
  expect(code).toBe(0);
  expect(readFileSync(desk.path("aws-batch.parquet")).equals(expected)).toBe(true);
});
