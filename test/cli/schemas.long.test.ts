/** The JSON that commands print and write matches docs/schemas/, in every field. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSafetensors } from "../../src/formats/safetensors.ts";
import { fixtureBytes } from "../fixtures.ts";
import { schemaErrors } from "../support/json-schema.ts";
import { Desk, words } from "./run.ts";
import { bytesIn, furnish, metricsOf, trainOn } from "./train-data.ts";

const desk = new Desk();
afterAll(() => desk.remove());

beforeAll(async () => {
  await furnish(desk);
  desk.put("p.csv", fixtureBytes("evaluation/predictions.csv"));
  desk.put("l.csv", fixtureBytes("evaluation/labels.csv"));
  const { code, stderr } = await desk.run(words("data phantom --out phantoms --count 24 --seed 3 --size 64"));
  expect({ code, stderr }).toMatchObject({ code: 0 });
});

/** The JSON that a command prints. */
async function printed(line: string, ends = 0): Promise<unknown> {
  const { code, stdout, stderr } = await desk.run(words(line));
  expect({ code, stderr }).toMatchObject({ code: ends });
  return JSON.parse(stdout);
}

const json = (name: string): unknown => JSON.parse(readFileSync(desk.path(name), "utf8"));

test("predict: finished images with truth, pictures and the card's thresholds, and one that failed", async () => {
  desk.put("phantoms/images/zz.png", "no picture");
  const all = (await printed(
    "predict --model demo --image phantoms/images --truth phantoms --threshold card --gradcam --out pictures --format json",
    1,
  )) as Record<string, unknown>[];
  expect(all.length).toBe(25);
  for (const one of all) expect(schemaErrors("prediction", one)).toEqual([]);
  expect(all.some((one) => "error" in one)).toBe(true);
  expect(all.some((one) => "truth" in one && "thresholds" in one)).toBe(true);
  expect(all.some((one) => ((one["gradcam"] as unknown[] | undefined)?.length ?? 0) > 0)).toBe(true);
});

test("evaluate: predictions against labels, in comparison with others", async () => {
  const report = await printed(
    "evaluate --predictions p.csv --labels-file l.csv --against p.csv --bootstrap 100 --target-sensitivity 0.9 --format json",
  );
  expect(schemaErrors("evaluation", report)).toEqual([]);
  expect(report).toMatchObject({ comparison: { findings: {} } });
});

test("calibrate, and evaluate of the calibrated model with boxes and faithfulness", async () => {
  const list = readFileSync(desk.path("phantoms/Data_Entry_2017.csv"), "utf8").match(/^\d+_\d+\.png/gm)!;
  desk.put("list.txt", `${list.join("\n")}\n`);
  const fitted = await printed(
    "calibrate --data phantoms --model demo --kind isotonic --to calibrated.safetensors --list list.txt --format json",
  );
  expect(schemaErrors("calibration", fitted)).toEqual([]);
  const report = await printed(
    "evaluate --data phantoms --model calibrated.safetensors --list list.txt --labels effusion --faithfulness 1 --bootstrap 100 --format json",
  );
  expect(schemaErrors("evaluation", report)).toEqual([]);
  expect(report).toMatchObject({ calibrated: { findings: {} }, localisation: { findings: {} } });
  expect((report as { faithfulness: unknown }).faithfulness).not.toBeNull();
  const prediction = await printed(
    "predict --model calibrated.safetensors --image phantoms/images/00000001_000.png --format json",
  );
  expect(schemaErrors("prediction", prediction)).toEqual([]);
  expect(prediction).toHaveProperty("calibrated");
  const { metadata } = readSafetensors(readFileSync(desk.path("calibrated.safetensors")));
  expect(schemaErrors("card", JSON.parse(metadata["medical-x/card@1"]!))).toEqual([]);
}, 240_000);

test("data summary, models inspect, and the note on phantoms", async () => {
  expect(schemaErrors("data-summary", await printed("data summary --data phantoms --format json"))).toEqual(
    [],
  );
  expect(schemaErrors("inspection", await printed("models inspect demo --format json"))).toEqual([]);
  expect(schemaErrors("inspection", await printed("models inspect start.safetensors --format json"))).toEqual(
    [],
  );
  expect(schemaErrors("phantom", json("phantoms/phantom.json"))).toEqual([]);
});

test("a run's configuration, its epochs, and its model's card", async () => {
  const { code, stderr } = await trainOn(desk, "--out run --patience 2 --bits 12");
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(schemaErrors("training", json("run/config.json"))).toEqual([]);
  expect(metricsOf(desk, "run").map((epoch) => schemaErrors("epoch", epoch))).toEqual([[], []]);
  const { metadata } = readSafetensors(bytesIn(desk, "run"));
  expect(schemaErrors("card", JSON.parse(metadata["medical-x/card@1"]!))).toEqual([]);
});
