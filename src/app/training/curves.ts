/**
 * The curves of a training as programs ask for them.
 *
 * Knows: epochs as programs have them. The picture is `report/training/curves.ts`'s.
 */

import { curvesSvg } from "../../report/training/curves.ts";
import type { Epoch } from "./training.ts";

/**
 * Loss, mean validation AUROC and learning rate over the epochs, as a run's `curves.svg` shows them.
 *
 * @param epochs  In order; at least one.
 * @param title   Above the panels.
 * @returns       An SVG document.
 */
export function trainingCurves(epochs: readonly Epoch[], title = "Training"): string {
  const metrics = epochs.map(({ epoch, trainLoss, valLoss, valAuroc, lr, seconds }) => ({
    epoch,
    train_loss: trainLoss,
    val_loss: valLoss,
    val_auroc: valAuroc,
    lr,
    seconds,
  }));
  const best = epochs.findLast(({ isBest }) => isBest);
  return curvesSvg(metrics, best?.epoch ?? null, title);
}
