import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { torchPieces } from "../../src/formats/torch/write.ts";
import { writeAtomically } from "../../src/node/files.ts";
import { Desk } from "../cli/run.ts";
import { seededWeights } from "../support/seeded-weights.ts";
import { runScript } from "./python.ts";
import { describeParity } from "./reference.ts";

/** Three steps of eight X-rays, as far down as `unfreeze`. */
interface Setting {
  readonly unfreeze: string;
  readonly batchNorm: "frozen" | "train";
  readonly lr: number;
  /** Largest L2 difference of the change of the weights, as a share of it. */
  readonly within: number;
}

const LIMIT = 24;
const BATCH = 8;

/** What train_reference.py prints. */
interface Comparison {
  readonly weights: number;
  readonly statistics: number;
  readonly moved: readonly string[];
  readonly counters: readonly number[];
  readonly trained: number;
  readonly losses: readonly number[];
  /** PyTorch in float32 against itself in float64, and ours against that. */
  readonly pytorch64?: number;
  readonly ours64?: number;
}

const data = path.dirname(inject("parity").images);
const hasLabels = existsSync(path.join(data, "Data_Entry_2017.csv"));
if (!hasLabels && inject("parity").skipped === undefined) {
  process.stderr.write("Training is not compared: the sample X-rays with their labels are not there.\n");
}

describeParity("training", () => {
  const desk = new Desk();
  const folder = mkdtempSync(path.join(tmpdir(), "medical-x-training-"));
  const start = path.join(folder, "start.pth");
  beforeAll(() => writeAtomically(start, torchPieces(seededWeights(3).tensors)));
  afterAll(() => {
    desk.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Take the same steps with both, and return how they differ. */
  async function compare({ unfreeze, batchNorm, lr }: Setting, exact: boolean): Promise<Comparison> {
    const out = path.join(folder, `${unfreeze}-${batchNorm}`);
    const args = ["--data", data, "--backbone", start, "--unfreeze", unfreeze, "--batch-norm", batchNorm];
    const plain = ["--no-shuffle", "--augment", "none", "--val-fraction", "0", "--epochs", "1"];
    const sizes = ["--limit", `${LIMIT}`, "--batch-size", `${BATCH}`, "--lr", `${lr}`, "--out", out];
    const { code, stderr } = await desk.run(["train", ...args, ...plain, ...sizes]);
    expect(stderr).toMatch(/epoch 1\/1/);
    expect(code).toBe(0);
    const ours = path.join(out, "densenet121_model.pth");
    const script = fileURLToPath(new URL("train_reference.py", import.meta.url));
    const printed = runScript(inject("parity").python, script, [
      data,
      start,
      ours,
      unfreeze,
      batchNorm,
      `${LIMIT}`,
      `${BATCH}`,
      `${lr}`,
      exact ? "exact" : "float32",
    ]);
    return JSON.parse(printed) as Comparison;
  }

  test.skipIf(!hasLabels).each<Setting>([
    { unfreeze: "none", batchNorm: "frozen", lr: 1e-3, within: 1e-4 },
    { unfreeze: "denseblock4", batchNorm: "frozen", lr: 1e-4, within: 2e-3 },
    { unfreeze: "all", batchNorm: "frozen", lr: 1e-4, within: 2e-2 },
  ])("$unfreeze, statistics $batchNorm: the weights change as PyTorch's do", async (setting) => {
    const { weights, moved, losses } = await compare(setting, false);
    expect(losses.length).toBe(LIMIT / BATCH);
    expect(weights).toBeGreaterThan(0);
    expect(weights).toBeLessThan(setting.within);
    expect(moved).toEqual([]);
  });

  // With the batch's statistics many gradients are sums that cancel, and Adam makes a step of the same size of the
  // smallest: PyTorch in float32 is a tenth away from itself in float64. Ours may be no further.
  test.skipIf(!hasLabels)(
    "all, statistics of the batch: as near to float64 as PyTorch's float32",
    async () => {
      const setting = { unfreeze: "all", batchNorm: "train", lr: 1e-4, within: Number.NaN } as const;
      const { statistics, moved, counters, pytorch64, ours64 } = await compare(setting, true);
      expect(pytorch64!).toBeGreaterThan(0);
      expect(ours64!).toBeLessThan(1.5 * pytorch64!);
      expect(statistics).toBeLessThan(5e-3);
      expect(moved).toEqual([]);
      expect(counters).toEqual([LIMIT / BATCH]);
    },
  );
});
