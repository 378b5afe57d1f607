/**
 * What torchxrayvision's DenseNets have in common: their 18 outputs, and where each was trained, its operating point.
 *
 * Knows:      facts. Reference: torchxrayvision/models.py (`model_urls`).
 */

import type { ModelCard } from "./card.ts";

/** The 18 outputs that all of torchxrayvision's models have. Not each was trained in every model. */
export const XRV_LABELS = [
  "Atelectasis",
  "Consolidation",
  "Infiltration",
  "Pneumothorax",
  "Edema",
  "Emphysema",
  "Fibrosis",
  "Effusion",
  "Pneumonia",
  "Pleural_Thickening",
  "Cardiomegaly",
  "Nodule",
  "Mass",
  "Hernia",
  "Lung Lesion",
  "Fracture",
  "Lung Opacity",
  "Enlarged Cardiomediastinum",
];

/** Of an output that was never trained. */
const NONE = Number.NaN;

/** `op_threshs` in the order of the outputs. */
export const XRV_POINTS = {
  all: [
    0.07422872, 0.038290843, 0.09814756, 0.0098118475, 0.023601074, 0.0022490358, 0.010060724, 0.103246614,
    0.056810737, 0.026791653, 0.050318155, 0.023985857, 0.01939503, 0.042889766, 0.053369623, 0.035975814,
    0.20204692, 0.05015312,
  ],
  nih: [
    0.039117552,
    0.0034529066,
    0.11396341,
    0.0057298196,
    0.00045666535,
    0.0018880932,
    0.012037827,
    0.038744126,
    0.0037213727,
    0.014730946,
    0.016149804,
    0.054241467,
    0.037198864,
    0.0004403434,
    NONE,
    NONE,
    NONE,
    NONE,
  ],
  pc: [
    0.031012505,
    0.013347598,
    0.081435576,
    0.001262615,
    0.002587246,
    0.0035944257,
    0.0023071,
    0.055412333,
    0.044385884,
    0.042766232,
    0.043258056,
    0.037629247,
    0.005658899,
    0.0091741895,
    NONE,
    0.026507627,
    NONE,
    NONE,
  ],
  chex: [
    0.1988969,
    0.05710573,
    NONE,
    0.0531293,
    0.1435217,
    NONE,
    NONE,
    0.27212676,
    0.07749717,
    NONE,
    0.19712369,
    NONE,
    NONE,
    NONE,
    0.09932402,
    0.09273402,
    0.3270967,
    0.10888247,
  ],
  mimic_nb: [
    0.08558747,
    0.011884617,
    NONE,
    0.0040595434,
    0.010733786,
    NONE,
    NONE,
    0.118761964,
    0.022924708,
    NONE,
    0.06358637,
    NONE,
    NONE,
    NONE,
    0.022143636,
    0.017476924,
    0.1258702,
    0.014020768,
  ],
  mimic_ch: [
    0.09121389,
    0.010573786,
    NONE,
    0.005023008,
    0.003698257,
    NONE,
    NONE,
    0.08001232,
    0.037242252,
    NONE,
    0.05006329,
    NONE,
    NONE,
    NONE,
    0.019866971,
    0.03823637,
    0.11303808,
    0.0069147074,
  ],
  rsna: [
    NONE,
    NONE,
    NONE,
    NONE,
    NONE,
    NONE,
    NONE,
    NONE,
    0.13486601,
    NONE,
    NONE,
    NONE,
    NONE,
    NONE,
    NONE,
    NONE,
    0.13511065,
    NONE,
  ],
} as const;

/** Which data they were trained on. */
export type XrvName = keyof typeof XRV_POINTS;

/** The outputs of torchxrayvision's models by index, where `op_threshs` says that they were trained, with these points. */
export function xrvOutputs(points: ArrayLike<number>): Pick<ModelCard, "labels" | "operatingPoints"> {
  const isTrained = (i: number) => !Number.isNaN(points[i]);
  return {
    labels: XRV_LABELS.map((label, i) => (isTrained(i) ? label : "")),
    operatingPoints: Object.fromEntries(
      XRV_LABELS.flatMap((label, i) => (isTrained(i) ? [[label, points[i]!]] : [])),
    ),
  };
}
