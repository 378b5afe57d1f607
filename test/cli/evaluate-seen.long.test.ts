import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk, words } from "./run.ts";

const desk = new Desk();
afterAll(() => desk.remove());
beforeAll(async () => {
  await desk.run(words("data phantom --out drawn --count 24 --seed 5 --size 64"));
  await desk.run(words("data phantom --out others --count 12 --seed 6 --size 64"));
  await desk.run(
    words("train --data drawn --out run --backbone random --epochs 1 --input-size 64 --val-fraction 0.3"),
  );
});

const evaluate = (line: string) => desk.run(words(`evaluate --bootstrap 100 --format json ${line}`));

test("a model that was trained here carries the images that it has seen, in both of its files", async () => {
  const config = JSON.parse(readFileSync(desk.path("run/config.json"), "utf8"));
  const [own, other] = await Promise.all([
    evaluate("--data drawn --model run/model.safetensors"),
    evaluate("--data others --model run/densenet121_model.pth"),
  ]);
  const { seen_by_model: seen, warnings } = JSON.parse(own.stdout);
  expect(seen).toEqual({
    n_training: config.images.train,
    n_validation: config.images.val,
    n_calibration: 0,
    n_same_patients: 0,
    n_calibration_same_patients: 0,
  });
  expect(warnings[0]).toBe(
    `model.safetensors was trained on ${config.images.train} of the 24 evaluated images (its card: phantoms of seed 5), so its figures are optimistic`,
  );
  for (const warning of warnings) expect(own.stderr).toContain(`medical-x: warning: ${warning}\n`);
  // The same names, from another seed.
  expect(JSON.parse(other.stdout)).toMatchObject({
    seen_by_model: { n_training: 0, n_validation: 0, n_same_patients: 0 },
    warnings: [],
  });
});

test("what is trained from it has seen its images too", async () => {
  await desk.run(
    words(
      "train --data others --out second --backbone run/model.safetensors --epochs 1 --input-size 64 --val-fraction 0.3",
    ),
  );
  const { stdout } = await evaluate("--data drawn --model second/model.safetensors");
  expect(JSON.parse(stdout).seen_by_model.n_training).toBeGreaterThan(10);
  const { stdout: inspected } = await desk.run(words("models inspect second/model.safetensors"));
  expect(inspected).toContain("Learned from: phantoms of seed 5; phantoms of seed 6\n");
});

test("a list of one's own is believed, and the text says what it means", async () => {
  const names = readFileSync(desk.path("others/Data_Entry_2017.csv"), "utf8").match(/^\d{8}_\d{3}\.png/gm)!;
  desk.put("mine.txt", `${names.slice(0, 2).join("\n")}\n`);
  const { stdout, code } = await desk.run(
    words("evaluate --bootstrap 100 --data others --model demo --train-list mine.txt"),
  );
  expect(code).toBe(0);
  expect(stdout).toContain(
    "Warning    : demo was trained on 2 of the 12 evaluated images (mine.txt), so its figures are optimistic\n",
  );
});

test("the demo model knows which phantoms it has seen", async () => {
  const { stdout } = await desk.run(words("models inspect demo"));
  expect(stdout).toContain("Learned from: phantoms of seed 101; phantoms of seed 102\n");
});
