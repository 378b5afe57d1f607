import { afterAll, beforeAll, expect, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import { Desk, modelFile, words } from "./run.ts";
import { greyPng } from "./xrays.ts";

const desk = new Desk();
afterAll(() => desk.remove());

let probabilities: Record<string, number>;
let ordered: string[];
beforeAll(async () => {
  desk.put("densenet121_model.pth", modelFile("pth", 7));
  desk.put("x.png", await greyPng());
  const { stdout } = await desk.run(words("predict --force --image x.png --format json"));
  probabilities = JSON.parse(stdout).probabilities;
  ordered = [...FINDING_NAMES].sort((a, b) => probabilities[b]! - probabilities[a]!);
});

const detectedAt = async (threshold: number): Promise<string[]> => {
  const { stdout } = await desk.run(
    words(`predict --force --image x.png --format json --threshold ${threshold}`),
  );
  expect(JSON.parse(stdout).threshold).toBe(threshold);
  return JSON.parse(stdout).detected;
};

test("a probability equal to the threshold counts, one just below it does not", async () => {
  const exact = probabilities[ordered[2]!]!;
  expect((await detectedAt(exact)).toSorted()).toEqual(ordered.slice(0, 3).toSorted());
  expect((await detectedAt(exact + 1e-6)).toSorted()).toEqual(ordered.slice(0, 2).toSorted());
});

test("at 0 every finding is detected, at 1 none, and the text says so", async () => {
  const [zero, one] = await Promise.all([
    desk.run(words("predict --force --image x.png --threshold 0")),
    desk.run(words("predict --force --image x.png --threshold 1")),
  ]);
  expect(zero.stdout).toContain("Threshold : 0\n");
  expect(zero.stdout.match(/◄/g)).toHaveLength(14);
  expect(one.stdout).toContain("Threshold : 1\nDetected  : none\n");
  expect(one.stdout).not.toContain("◄");
  expect([zero.code, one.code]).toEqual([0, 0]);
});

test.concurrent.each(["-0.1", "1.1", "half", "", "NaN", "Card"])(
  "a threshold of %j is wrong usage",
  async (threshold) => {
    const ended = await desk.run(["predict", "--force", "--image", "x.png", "--threshold", threshold]);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain("--threshold");
  },
);

test("the card's operating points decide per finding, and the json names them", async () => {
  const points = Object.fromEntries(
    FINDING_NAMES.map((label, i) => [
      label,
      i % 2 === 0 ? probabilities[label]! : Math.min(1, probabilities[label]! + 0.001),
    ]),
  );
  desk.put("carded.pth", modelFile("pth", 7));
  desk.put("carded.pth.json", JSON.stringify({ operatingPoints: points }));
  const line = "predict --force --image x.png --model carded.pth --threshold card";
  const [json, text] = await Promise.all([desk.run(words(`${line} --format json`)), desk.run(words(line))]);
  const result = JSON.parse(json.stdout);
  expect(result).toMatchObject({ threshold: "card", thresholds: points });
  expect(result.detected).toEqual(FINDING_NAMES.filter((_, i) => i % 2 === 0));
  expect(text.stdout).toContain("Threshold : card\n");
  expect(text.stdout.match(/◄/g)).toHaveLength(7);
});

test("a model without operating points refuses --threshold card and names a way on", async () => {
  const ended = await desk.run(words("predict --force --image x.png --threshold card"));
  expect(ended.code).not.toBe(0);
  expect(ended.stdout).toBe("");
  expect(ended.stderr).toMatch(/no operating point.*Atelectasis.*number/);
});

test("--labels names the outputs in order, everywhere", async () => {
  const names = FINDING_NAMES.map((_, i) => `Sign_${i}`);
  const { stdout, stderr } = await desk.run([
    ...["predict", "--force", "--image", "x.png", "--format", "json"],
    ...["--labels", names.join(", ")],
  ]);
  const result = JSON.parse(stdout);
  // The one line is an input check's, because the picture is noise.
  expect(stderr).toMatch(/^medical-x: x\.png: The picture .*\n$/);
  expect(result.model.labels).toEqual(names);
  expect(names.map((name) => result.probabilities[name])).toEqual(
    FINDING_NAMES.map((name) => probabilities[name]),
  );
});

test.concurrent.each([
  ["too few", "a,b,c", /3 labels.*14 outputs/],
  ["one twice", `a,a,${FINDING_NAMES.slice(2).join(",")}`, /twice/],
])("--labels with %s is refused", async (_, labels, message) => {
  const ended = await desk.run(["predict", "--force", "--image", "x.png", "--labels", labels]);
  expect([1, 2]).toContain(ended.code);
  expect(ended.stdout).toBe("");
  expect(ended.stderr).toMatch(message);
});

test("an empty name in --labels is wrong usage", async () => {
  expect(await desk.run(["predict", "--force", "--image", "x.png", "--labels", "a,,b"])).toMatchObject({
    code: 2,
    stdout: "",
  });
});
