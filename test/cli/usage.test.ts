import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { VERSION } from "../../src/version.ts";
import { Desk, words } from "./run.ts";
import { greyPng } from "./xrays.ts";

const desk = new Desk();
afterAll(() => desk.remove());

const { version, bin } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

test("the version is package.json's", async () => {
  expect(VERSION).toBe(version);
  expect(await desk.run(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test.skipIf(process.platform === "win32")("every build can be executed as it stands", () => {
  const command = fileURLToPath(new URL(`../../${bin["medical-x"]}`, import.meta.url));
  expect(execFileSync(command, ["--version"], { encoding: "utf8" })).toBe(`${version}\n`);
});

test.concurrent.each([
  ["--help", ["predict", "models", "not for diagnosis"]],
  [
    "predict --help",
    [
      "--image",
      "--model",
      "--threshold",
      "--labels",
      "--gradcam",
      "--findings",
      "--method",
      "--gradcam-layer",
      "--overlay",
    ],
  ],
  ["help predict", ["--out", "--heatmaps", "--format", "--device", "--threads", "--batch-size"]],
  ["models --help", ["list", "pull", "inspect", "convert"]],
  ["models list --help", ["--format"]],
  ["models pull --help", ["--url", "<name>"]],
  ["models inspect --help", ["--format", "<file>"]],
  ["models convert --help", ["--to", ".safetensors", ".onnx"]],
])("%s explains itself on stdout and ends with 0", async (line, mentioned) => {
  const { code, stdout, stderr } = await desk.run(words(line));
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^Usage: medical-x /);
  for (const word of mentioned) expect(stdout).toContain(word);
});

test.concurrent.each([
  [""],
  ["diagnose"],
  ["--loud"],
  ["predict"],
  ["predict --image x.png --loud"],
  ["predict --image x.png --threads 1 y.png"],
  ["predict --image x.png --format xml"],
  ["predict --image x.png --method cam"],
  ["predict --image x.png --threads 0"],
  ["predict --image x.png --batch-size 1.5"],
  ["predict --image x.png --batch-size 0"],
  ["models"],
  ["models fetch"],
  ["models pull"],
  ["models inspect a.pth --format csv"],
  ["models convert a.pth"],
])("`medical-x %s` is wrong usage: exit code 2, words on stderr only", async (line) => {
  const { code, stdout, stderr } = await desk.run(line === "" ? [] : words(line));
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).not.toBe("");
  expect(stderr).not.toMatch(/^ +at /m);
});

test("an unknown device is an error that lists those of this installation", async () => {
  desk.put("x.png", await greyPng());
  const ended = await desk.run(words("predict --image x.png --model demo --device abacus"));
  expect([1, 2]).toContain(ended.code);
  expect(ended.stdout).toBe("");
  expect(ended.stderr).toMatch(/abacus.*cpu/);
});

test.concurrent.each(["inspect missing.pth", "pull no-such-model", "convert missing.pth --to a.pth"])(
  "`models %s --verbose` fails with 1 and shows where the error came from",
  async (line) => {
    const ended = await desk.run(words(`models ${line} --verbose`));
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/^ +at /m);
  },
);
