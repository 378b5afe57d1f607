/** An option means the same in every command that has it: it has the same limits, and refuses an empty path alike. */

import { afterAll, expect, test } from "vitest";
import { Desk, words } from "./run.ts";

const desk = new Desk();
afterAll(() => desk.remove());

/** Each has what it requires. None of the files exists, so that a command that gets so far ends with 1. */
const COMMANDS = {
  predict: "predict --image gone.png --model gone.pth",
  evaluate: "evaluate --data gone --model gone.pth",
  calibrate: "calibrate --data gone --model gone.pth --to new.pth",
  train: "train --data gone",
  summary: "data summary --data gone",
} as const;
type Command = keyof typeof COMMANDS;

const MODELS: readonly Command[] = ["predict", "evaluate", "calibrate", "train"];
const RANDOM: readonly Command[] = ["evaluate", "calibrate", "train", "summary"];

const LIMITS: readonly (readonly [
  option: string,
  commands: readonly Command[],
  good: string[],
  bad: string[],
])[] = [
  ["--threads", MODELS, ["1", "1024"], ["0", "1025", "1.5", ""]],
  ["--batch-size", MODELS, ["1", "1024"], ["0", "1025", "two"]],
  ["--val-fraction", ["train", "summary"], ["0", "0.95", "0.999"], ["-0.1", "1", ""]],
  ["--seed", RANDOM, ["0", "4294967295"], ["-1", "4294967296", "0.5"]],
  ["--target-sensitivity", ["evaluate", "train"], ["0.001", "1"], ["0", "1.01"]],
  ["--labels", ["evaluate", "calibrate", "train", "summary"], ["Mass", "a, b"], ["a,,b", ""]],
  ["--labels-file", ["evaluate", "calibrate", "train", "summary"], ["x.csv"], ["", " "]],
  ["--train-list", ["evaluate", "calibrate", "train", "summary"], ["x.txt"], [""]],
  ["--val-list", ["train", "summary"], ["x.txt"], [""]],
  ["--out", ["predict", "evaluate", "train"], ["there"], [""]],
  ["--model", ["predict", "evaluate", "calibrate"], ["x.pth"], [""]],
  ["--data", ["evaluate", "calibrate", "train", "summary"], ["x"], [""]],
];

const cases = LIMITS.flatMap(([option, commands, good, bad]) =>
  commands.flatMap((command) => [
    ...good.map((value) => ({ option, command, value, code: 1 })),
    ...bad.map((value) => ({ option, command, value, code: 2 })),
  ]),
);

test("there are cases of every command with a model", () => {
  expect(cases.length).toBeGreaterThan(100);
});

test.concurrent.each(cases)(
  "$command $option $value ends with $code",
  async ({ option, command, value, code }) => {
    const ended = await desk.run([...words(COMMANDS[command]), option, value]);
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: "" });
    if (code === 2) expect(ended.stderr).toContain(option);
  },
);

test.concurrent.each(["evaluate", "calibrate", "train", "data summary"])(
  "%s --help explains shared options alike",
  async (command) => {
    const { stdout } = await desk.run([...words(command), "--help"]);
    const help = stdout.replaceAll(/\s+/g, " ");
    expect(help).toContain("--include-laterals include lateral views, which are left out by default");
    if (command === "data summary") return;
    expect(help).toContain("--device <device> ONNX Runtime device: cpu, webgpu, cuda, …");
    expect(help).toContain("--threads <n> number of CPU threads");
  },
);
