/** int8 costs next to nothing, on a thousand phantoms and on real X-rays that took no part in choosing ranges. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, inject, test } from "vitest";
import { cardMetadata } from "../../src/models/compile.ts";
import { loadDenseNet } from "../../src/models/load.ts";
import { safetensorsFile } from "../support/checkpoints.ts";
import { seededWeights } from "../support/seeded-weights.ts";
import { judge } from "./judge.ts";

/** A seed of neither the training nor the thousand phantoms. */
const SEED = 777;

const folder = mkdtempSync(join(tmpdir(), "medical-x-int8-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function medicalX(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/bin/medical-x.js", ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`medical-x ${args.join(" ")} ended with ${status}: ${stderr}`);
  return stdout;
}

test("on 1,000 unseen phantoms the mean AUROC is within 0.002 of float32, and each finding's within 0.005", () => {
  const [data, file] = [join(folder, "calibration"), join(folder, "demo.int8.onnx")];
  medicalX("data", "phantom", "--out", data, "--count", "260", "--seed", String(SEED));
  medicalX(
    "models",
    "convert",
    "demo",
    "--to",
    file,
    "--dtype",
    "int8",
    "--calibrate",
    data,
    "--limit",
    "130",
  );
  const [int8, float32] = [file, "demo"].map((model) => judge(model, inject("phantoms")).figures);
  expect(int8!.n_images).toBe(1000);
  expect(Math.abs(int8!.mean.auroc - float32!.mean.auroc)).toBeLessThan(0.002);
  for (const [label, { auroc }] of Object.entries(float32!.findings))
    expect(Math.abs(int8!.findings[label]!.auroc - auroc), label).toBeLessThan(0.005);
  // Heatmaps point as well as before.
  const [ours, theirs] = [int8!, float32!].map(({ localisation }) => localisation.overall.model);
  expect(Math.abs(ours!.pointing - theirs!.pointing)).toBeLessThan(0.01);
});

const XRAYS = new URL("../../../shared/data/nih-sample/images/", import.meta.url);

test.skipIf(!existsSync(XRAYS))(
  "on real X-rays, probabilities of a seeded head are within 0.05, on average 0.006 (needs NIH's sample in ../shared/data)",
  () => {
    const demo = loadDenseNet(new Uint8Array(readFileSync("models/demo.safetensors")));
    const seeded = seededWeights(7).tensors;
    const tensors = new Map(
      [...demo.tensors].map(([name, tensor]) => [
        name,
        name.startsWith("classifier") ? seeded.get(name)! : tensor,
      ]),
    );
    const [plain, int8] = [join(folder, "seeded.safetensors"), join(folder, "seeded.int8.onnx")];
    writeFileSync(plain, safetensorsFile(tensors, cardMetadata(demo.card)));
    const xrays = fileURLToPath(XRAYS);
    medicalX(
      "models",
      "convert",
      plain,
      "--to",
      int8,
      "--dtype",
      "int8",
      "--calibrate",
      xrays,
      "--limit",
      "60",
    );
    const { quantised } = JSON.parse(medicalX("models", "inspect", int8, "--format", "json"));
    expect(quantised.heldOut.images).toBeGreaterThan(50);
    expect(quantised.heldOut.meanDifference).toBeGreaterThan(0);
    // A head that was not trained weighs all features alike, so it shows errors that a finding's head hardly reads. The largest
    // one depends on which images are held out, and these are always the same ones.
    expect(quantised.heldOut.meanDifference).toBeLessThan(0.006);
    expect(quantised.heldOut.largestDifference).toBeLessThan(0.05);
  },
);
