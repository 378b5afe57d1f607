import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, inject, test } from "vitest";
import { torchPieces } from "../../src/formats/torch/write.ts";
import { writeAtomically } from "../../src/node/files.ts";
import { Desk, words } from "../cli/run.ts";
import { seededWeights } from "../support/seeded-weights.ts";
import { runScript } from "./python.ts";
import { describeParity } from "./reference.ts";

const EPOCHS = 8;
const SIZE = 96;

describeParity("training on phantoms", () => {
  const desk = new Desk();
  const folder = mkdtempSync(path.join(tmpdir(), "medical-x-curves-"));
  afterAll(() => {
    desk.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  // Every batch has the same images in both. Rounding makes the steps differ, and differences grow with them.
  test("all layers, statistics of the batch: the loss falls as PyTorch's does", async () => {
    const start = path.join(folder, "start.pth");
    await writeAtomically(start, torchPieces(seededWeights(3).tensors));
    await desk.run(words("data phantom --out phantoms --count 48 --seed 4 --size 256"));
    const line =
      `train --data phantoms --unfreeze all --batch-norm train --no-shuffle --val-fraction 0 --out run ` +
      `--epochs ${EPOCHS} --input-size ${SIZE} --batch-size 8 --lr 0.0003 --backbone`;
    const { code, stderr } = await desk.run([...words(line), start]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const ours = readFileSync(desk.path("run", "metrics.ndjson"), "utf8")
      .trimEnd()
      .split("\n")
      .map((row) => (JSON.parse(row) as { train_loss: number }).train_loss);
    const script = fileURLToPath(new URL("curve_reference.py", import.meta.url));
    const printed = runScript(inject("parity").python, script, [
      ...[desk.path("phantoms"), start, `${SIZE}`, "8", "0.0003", `${EPOCHS}`],
    ]);
    const theirs = JSON.parse(printed) as number[];
    process.stderr.write(`loss by epoch, ours:    ${ours.map((loss) => loss.toFixed(4)).join(" ")}\n`);
    process.stderr.write(`loss by epoch, PyTorch: ${theirs.map((loss) => loss.toFixed(4)).join(" ")}\n`);
    expect(ours).toHaveLength(EPOCHS);
    for (const [i, loss] of ours.entries()) expect(Math.abs(loss - theirs[i]!)).toBeLessThan(0.01);
    expect(ours.at(-1)!).toBeLessThan(0.8 * ours[0]!);
  });
});
