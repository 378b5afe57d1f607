import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk } from "./run.ts";
import { bytesIn, furnish, hashOf, metricsOf, trainOn } from "./train-data.ts";

let desk: Desk;
beforeAll(async () => {
  desk = new Desk();
  await furnish(desk);
  await trainOn(desk, "--out plain");
});
afterAll(() => desk.remove());

/** Train to the end, with other weights than without the options. */
async function trained(run: string, line: string) {
  const { code, stdout, stderr } = await trainOn(desk, `${line} --out ${run}`);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(hashOf(desk, run, "model.safetensors")).not.toBe(hashOf(desk, "plain", "model.safetensors"));
  const epochs = metricsOf(desk, run);
  for (const { train_loss, val_loss } of epochs) {
    expect(Number.isFinite(train_loss) && Number.isFinite(val_loss)).toBe(true);
  }
  return { epochs, stdout, card: bytesIn(desk, run, "model-card.md").toString("utf8") };
}

test("--batch-norm train, --augment standard and --clip-norm train to the end, and the card says so", async () => {
  const line = "--unfreeze norm5 --batch-norm train --augment standard --views 2 --clip-norm 0.1";
  const { epochs, card } = await trained("varied", line);
  expect(epochs).toHaveLength(2);
  expect(card).toContain("| `batchNorm` | train |\n");
  expect(card).toContain("| `augment` | standard |\n");
  expect(card).toContain("| `clipNorm` | 0.1 |\n");
  expect(card).toContain("trained: from norm5 to the classifier (4,098 parameters)");
});

test("--schedule cosine rises to --lr and falls to nothing", async () => {
  const { epochs } = await trained("cosine", "--schedule cosine --epochs 4 --lr 0.01");
  const rates = epochs.map(({ lr }) => lr);
  expect(rates[0]).toBeLessThanOrEqual(0.01);
  expect(rates).toEqual(rates.toSorted((a, b) => b - a));
  expect(rates[3]).toBeLessThan(0.002);
});

test("--schedule plateau divides the rate by ten after three epochs in a row without a better AUROC", async () => {
  const { epochs } = await trained("plateau", "--schedule plateau --epochs 20 --lr 0.01");
  let [best, waited, rate] = [Number.NEGATIVE_INFINITY, 0, 0.01];
  for (const { lr, val_auroc } of epochs) {
    expect(lr).toBeCloseTo(rate, 12);
    [best, waited] = val_auroc! > best * (1 + 1e-4) ? [val_auroc!, 0] : [best, waited + 1];
    if (waited >= 3) [rate, waited] = [rate / 10, 0];
  }
  expect(rate).toBeLessThan(0.01);
});

test("--pos-weight balanced, --weight-decay and --target-sensitivity train to the end, and the card says so", async () => {
  const line = "--pos-weight balanced --weight-decay 0.01 --target-sensitivity 0.9";
  const { card } = await trained("balanced", line);
  expect(card).toContain("| `posWeight` | balanced |\n");
  expect(card).toContain("| `weightDecay` | 0.01 |\n");
  expect(card).toContain("Thresholds are fitted to the validation images for a sensitivity of at least 0.9");
});

test("--patience ends a run after so many epochs without a better AUROC; the best one's weights are kept", async () => {
  const { epochs, stdout } = await trained("patient", "--patience 2 --epochs 40 --lr 0.01");
  expect(epochs.length).toBeLessThan(40);
  const best = Math.max(...epochs.map(({ val_auroc }) => val_auroc!));
  const kept = epochs.findIndex(({ val_auroc }) => val_auroc === best) + 1;
  expect(epochs).toHaveLength(kept + 2);
  expect(stdout).toContain(`Epochs    : ${kept + 2} (stopped early: no epoch was better)\n`);
  expect(stdout).toContain(`Kept      : epoch ${kept}, mean validation AUROC ${best.toFixed(4)}\n`);
});

test("--patience without validation images is refused", async () => {
  const { code, stderr } = await trainOn(desk, "--patience 2 --val-fraction 0 --out blind");
  expect(code).toBe(1);
  expect(stderr).toBe(
    "medical-x: early stopping needs validation images, and there are none; hold some out, or name a list of them (--val-fraction, --val-list)\n",
  );
});
