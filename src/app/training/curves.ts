/**
 * The library's function that draws the curves of a training.
 *
 * Knows: epochs as programs have them. The picture is drawn by `report/training/curves.ts`.
 */

import { curvesSvg } from "../../report/training/curves.ts";
import type { Epoch } from "./training.ts";

/**
 * Draw loss, mean validation AUROC and learning rate over the epochs, as in a run's `curves.svg`.
 *
 * @param epochs  In order; at least one.
 * @param title   Shown above the panels.
 * @returns       An SVG document.
 *
 * @example
 * const { epochs } = await train({ data: "chestxray14", backbone: "densenet121_model.pth" }).result();
 * const svg = trainingCurves(epochs);
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
