import { existsSync, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import { Desk, putSmallDemo, words } from "./run.ts";
import { greyPng } from "./xrays.ts";

const desk = new Desk();
afterAll(() => desk.remove());
const COUNT = 21;
beforeEach(async () => {
  rmSync(desk.path("cache"), { recursive: true, force: true });
  putSmallDemo(desk, "m.safetensors");
  for (let i = 0; i < COUNT; i++) desk.put(`data/images/${i}.png`, await greyPng(40 + 3 * i, 50));
  const rows = Array.from({ length: COUNT }, (_, i) => `${i}.png,${i % 3 ? "Mass" : "No Finding"},${i}`);
  desk.put("data/Data_Entry_2017.csv", `${["Image Index,Finding Labels,Patient ID", ...rows].join("\n")}\n`);
});

const LINE =
  "evaluate --data data --model m.safetensors --bootstrap 100 --format json --batch-size 4 --examples 0";

/** Images in the cache. */
function kept(): string[] {
  const folder = desk.path("cache", "predictions");
  const [key] = existsSync(folder) ? readdirSync(folder) : [];
  if (key === undefined) return [];
  const indices = readdirSync(join(folder, key)).filter((name) => name.startsWith("index"));
  const lines = indices.flatMap((name) =>
    readFileSync(join(folder, key, name), "utf8")
      .split("\n")
      .slice(0, -1),
  );
  return lines.map((line) => basename(JSON.parse(JSON.parse(line)[0])[0]));
}

test("predictions are kept: a second evaluation has the same figures, and looks at no image", async () => {
  const first = await desk.run(words(`${LINE} --out out`));
  expect(kept()).toHaveLength(COUNT);
  const predictions = readFileSync(desk.path("out/predictions.csv"), "utf8");
  const second = await desk.run(words(`${LINE} --out out`));
  expect(second.stdout).toBe(first.stdout);
  expect(readFileSync(desk.path("out/predictions.csv"), "utf8")).toBe(predictions);
  const without = await desk.run(words(`${LINE} --prediction-cache off --out out`));
  expect(without.stdout).toBe(first.stdout);
  expect(readFileSync(desk.path("out/predictions.csv"), "utf8")).toBe(predictions);
});

test("outputs that another card names are not taken from the cache", async () => {
  const sidecar = JSON.parse(readFileSync(desk.path("m.safetensors.json"), "utf8"));
  const without = (missing: string) => {
    const labels = FINDING_NAMES.filter((name) => name !== missing);
    labels.splice(missing === "Atelectasis" ? 0 : FINDING_NAMES.length - 1, 0, "");
    desk.put("m.safetensors.json", JSON.stringify({ ...sidecar, labels }));
    return desk.run(words(LINE));
  };
  // Both have thirteen labels of the same names but one; only the outputs that they stand for differ.
  await without("Atelectasis");
  const cached = JSON.parse((await without("Hernia")).stdout);
  const fresh = JSON.parse((await desk.run(words(`${LINE} --prediction-cache off`))).stdout);
  expect(cached).toEqual(fresh);
});

test("an image that changed is looked at again", async () => {
  await desk.run(words(LINE));
  desk.put("data/images/5.png", "no image");
  utimesSync(desk.path("data/images/5.png"), new Date(), new Date(Date.now() + 5000));
  const { code, stderr } = await desk.run(words(LINE));
  expect(code).toBe(1);
  expect(stderr).toContain("5.png");
  expect(stderr).toContain("1 image could not be read and was left out");
});

test("operating points that are not there are missed before any image is predicted", async () => {
  const sidecar = JSON.parse(readFileSync(desk.path("m.safetensors.json"), "utf8"));
  desk.put("m.safetensors.json", JSON.stringify({ ...sidecar, operatingPoints: {} }));
  const ended = await desk.run(words(`${LINE} --threshold card`));
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toContain("m.safetensors: it has no operating points");
  expect(kept()).toEqual([]);
});

test("a cache that cannot be used is told with the way on", async () => {
  desk.put("no-folder", "a file");
  const ended = await desk.run(words(LINE), { env: { MEDICAL_X_CACHE: desk.path("no-folder") } });
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(
    /: a file stands where a folder is expected; put the cache elsewhere with MEDICAL_X_CACHE, or evaluate without it \(--prediction-cache off\)\n$/,
  );
});

test("Ctrl-C ends a run of which all predictions are kept, too", async () => {
  await desk.run(words(LINE));
  // The signal comes while the model is loaded or, on a slow machine, before that; the process then ends at once.
  const ended = await desk.run(words(`${LINE} --out stopped`), {
    onStart: (child) => {
      setTimeout(() => child.kill("SIGINT"), 250);
    },
  });
  expect(ended.stdout).toBe("");
  expect([130, null]).toContain(ended.code);
  expect(existsSync(desk.path("stopped"))).toBe(false);
});

test("an evaluation that is stopped goes on, to the same numbers", async () => {
  const whole = await desk.run(words(`${LINE} --out whole`));
  rmSync(desk.path("cache"), { recursive: true, force: true });
  // The signal comes as soon as something is kept. The batch in progress is finished and kept, too.
  const stopped = await desk.run(words(`${LINE} --out part`), {
    onStart: (child) => {
      const waiting = setInterval(() => {
        if (kept().length === 0) return;
        clearInterval(waiting);
        child.kill("SIGINT");
      }, 5);
      child.on("close", () => clearInterval(waiting));
    },
  });
  expect(stopped).toMatchObject({ code: 130, stdout: "" });
  expect(stopped.stderr).toMatch(/interrupted after \d+ of 21 images; the same call resumes from there\n$/);
  const before = kept().length;
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(COUNT);
  const rest = await desk.run(words(`${LINE} --out part`));
  expect(rest.stdout).toBe(whole.stdout);
  expect(readFileSync(desk.path("part/predictions.csv"), "utf8")).toBe(
    readFileSync(desk.path("whole/predictions.csv"), "utf8"),
  );
  expect(kept()).toHaveLength(COUNT);
});
