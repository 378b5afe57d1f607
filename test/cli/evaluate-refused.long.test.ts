/**
 * Pictures that an input check refuses, in `evaluate` and in `predict`: left out, counted and named; with force, predicted
 * and only warned about.
 */

import { cpSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Random } from "../../src/random.ts";
import { Desk, putSmallDemo, words } from "./run.ts";

const EXAMPLES = fileURLToPath(new URL("../../examples/", import.meta.url));
/** Pictures of noise, which show no chest. */
const NOISE = ["noise-0.png", "noise-1.png"];

/** Noise of one level for each pixel. */
function noisePng(seed: number): Promise<Buffer> {
  const random = Random.of(seed, "noise");
  const samples = Uint8Array.from({ length: 64 * 64 }, () => random.int(256));
  return sharp(samples, { raw: { width: 64, height: 64, channels: 1 } })
    .toColourspace("b-w")
    .png()
    .toBuffer();
}

let desk: Desk;
/** Images of the package's examples. */
let chests: readonly string[];
beforeAll(async () => {
  desk = new Desk();
  putSmallDemo(desk, "m.safetensors");
  cpSync(EXAMPLES, desk.path("data"), { recursive: true });
  const table = desk.path("data/Data_Entry_2017.csv");
  const [header, ...rows] = readFileSync(table, "utf8").trimEnd().split("\n");
  chests = rows.map((row) => row.split(",")[0]!);
  // With other names and patients, the last row serves for the noise.
  const made = NOISE.map((name, i) =>
    rows[0]!.replace(/^[^,]*/, name).replace(/,\d+,(?=\d+,)/, `,9000${i},`),
  );
  desk.put("data/Data_Entry_2017.csv", `${[header, ...rows, ...made].join("\n")}\n`);
  for (const [i, name] of NOISE.entries()) desk.put(`data/images/${name}`, await noisePng(i));
});
afterAll(() => desk.remove());

const evaluate = (more: string) =>
  desk.run(words(`evaluate --data data --model m.safetensors --bootstrap 100 --examples 0 ${more}`));

test("without force, the pictures are left out, counted and named, from the cache as well", async () => {
  for (const out of ["first", "again"]) {
    const { code, stdout, stderr } = await evaluate(`--format json --out ${out}`);
    expect(code).toBe(1);
    for (const name of NOISE)
      expect(stderr).toMatch(
        new RegExp(`medical-x: data/images/${name}: .*does not look like .* \\(--force\\)\n`),
      );
    const { n_images, notes } = JSON.parse(stdout);
    expect(n_images).toBe(chests.length);
    const note = "2 images were refused by an input check and were left out";
    expect(notes).toContainEqual(expect.stringContaining(note));
    expect(readFileSync(desk.path(out, "report.html"), "utf8")).toContain(note);
  }
});

test("with force, they are evaluated, and the report says what the check found", async () => {
  const { code, stdout, stderr } = await evaluate("--force --format json --out forced");
  expect(code).toBe(0);
  expect(stderr).not.toContain("noise-");
  const { n_images, notes } = JSON.parse(stdout);
  expect(n_images).toBe(chests.length + NOISE.length);
  expect(notes).toContainEqual(expect.stringMatching(/^2 images: input check frontal-chest: /));
  expect(notes.join()).not.toContain("refused by an input check");
  expect(readFileSync(desk.path("forced", "report.html"), "utf8")).toContain("input check frontal-chest");
});

test("`predict` refuses such a picture by its code; with force it gives probabilities and a warning", async () => {
  const line = `predict --model m.safetensors --image data/images/${NOISE[0]} --format json`;
  const refused = await desk.run(words(line));
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.stdout).error.code).toBe("input/not-frontal-chest");
  expect(refused.stdout).not.toContain("probabilities");
  const forced = await desk.run(words(`${line} --force`));
  expect(forced.code).toBe(0);
  const { probabilities, checks } = JSON.parse(forced.stdout);
  expect(Object.keys(probabilities)).toHaveLength(14);
  expect(Object.values(probabilities).every((one) => Number(one) >= 0 && Number(one) <= 1)).toBe(true);
  const { outcome, reason } = checks.find(({ check }: { check: string }) => check === "frontal-chest");
  expect(outcome).toBe("warn");
  expect(forced.stderr).toContain(reason);
});
