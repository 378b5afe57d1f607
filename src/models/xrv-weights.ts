/**
 * The 18 outputs that torchxrayvision's DenseNets have in common, and the operating points of those that were trained.
 *
 * Knows:      facts.
 * Reference:  torchxrayvision/models.py (`model_urls`: `labels`, `op_threshs`).
 */

import type { ModelCard } from "./card.ts";

/** The operating point of an output that was never trained. */
const NONE = Number.NaN;

/** The sets of weights, named after what they were trained on. */
export const XRV_NAMES = ["all", "nih", "pc", "chex", "mimic_nb", "mimic_ch", "rsna"] as const;

export type XrvName = (typeof XRV_NAMES)[number];

/** The outputs, each with its operating points in the order of `XRV_NAMES`. */
const OUTPUTS: readonly (readonly [label: string, ...points: number[]])[] = [
  ["Atelectasis", 0.07422872, 0.039117552, 0.031012505, 0.1988969, 0.08558747, 0.09121389, NONE],
  ["Consolidation", 0.038290843, 0.0034529066, 0.013347598, 0.05710573, 0.011884617, 0.010573786, NONE],
  ["Infiltration", 0.09814756, 0.11396341, 0.081435576, NONE, NONE, NONE, NONE],
  ["Pneumothorax", 0.0098118475, 0.0057298196, 0.001262615, 0.0531293, 0.0040595434, 0.005023008, NONE],
  ["Edema", 0.023601074, 0.00045666535, 0.002587246, 0.1435217, 0.010733786, 0.003698257, NONE],
  ["Emphysema", 0.0022490358, 0.0018880932, 0.0035944257, NONE, NONE, NONE, NONE],
  ["Fibrosis", 0.010060724, 0.012037827, 0.0023071, NONE, NONE, NONE, NONE],
  ["Effusion", 0.103246614, 0.038744126, 0.055412333, 0.27212676, 0.118761964, 0.08001232, NONE],
  ["Pneumonia", 0.056810737, 0.0037213727, 0.044385884, 0.07749717, 0.022924708, 0.037242252, 0.13486601],
  ["Pleural_Thickening", 0.026791653, 0.014730946, 0.042766232, NONE, NONE, NONE, NONE],
  ["Cardiomegaly", 0.050318155, 0.016149804, 0.043258056, 0.19712369, 0.06358637, 0.05006329, NONE],
  ["Nodule", 0.023985857, 0.054241467, 0.037629247, NONE, NONE, NONE, NONE],
  ["Mass", 0.01939503, 0.037198864, 0.005658899, NONE, NONE, NONE, NONE],
  ["Hernia", 0.042889766, 0.0004403434, 0.0091741895, NONE, NONE, NONE, NONE],
  ["Lung Lesion", 0.053369623, NONE, NONE, 0.09932402, 0.022143636, 0.019866971, NONE],
  ["Fracture", 0.035975814, NONE, 0.026507627, 0.09273402, 0.017476924, 0.03823637, NONE],
  ["Lung Opacity", 0.20204692, NONE, NONE, 0.3270967, 0.1258702, 0.11303808, 0.13511065],
  ["Enlarged Cardiomediastinum", 0.05015312, NONE, NONE, 0.10888247, 0.014020768, 0.0069147074, NONE],
];

/** The 18 outputs of all of torchxrayvision's models, in order. Not every model was trained on all of them. */
export const XRV_LABELS: readonly string[] = OUTPUTS.map(([label]) => label);

/** The operating points of a set of weights, in the order of the outputs; NaN for outputs that were never trained. */
export const xrvPoints = (name: XrvName): readonly number[] =>
  OUTPUTS.map(([, ...points]) => points[XRV_NAMES.indexOf(name)]!);

/**
 * The labels and operating points of a torchxrayvision model. Outputs that were never trained get empty labels.
 *
 * @param points  An operating point for each output; NaN for those that were never trained.
 * @param labels  The file's own labels, if it has any. All of them are kept.
 */
export function xrvOutputs(
  points: ArrayLike<number>,
  labels?: readonly string[],
): Pick<ModelCard, "labels" | "operatingPoints"> {
  const isTrained = (i: number) => !Number.isNaN(points[i]);
  const names = labels ?? XRV_LABELS.map((label, i) => (isTrained(i) ? label : ""));
  return {
    labels: names,
    operatingPoints: Object.fromEntries(
      names.flatMap((label, i) => (label !== "" && isTrained(i) ? [[label, points[i]!]] : [])),
    ),
  };
}
