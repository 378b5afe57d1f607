/**
 * Published AUROCs of models trained on ChestX-ray14, shown for orientation.
 *
 * Knows: numbers of papers. Wang's are of the official test list; CheXNet's test set was never published, and its
 *        reimplementations share a third one.
 */

/** One publication. */
export interface Published {
  readonly name: string;
  /** As it is cited. */
  readonly citation: string;
  readonly images: string;
  /** By NIH's name. */
  readonly auroc: Readonly<Record<string, number>>;
  readonly mean: number;
}

const NAMES = [
  ...["Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia"],
  ...["Pneumothorax", "Consolidation", "Edema", "Emphysema", "Fibrosis", "Pleural_Thickening", "Hernia"],
];

const byName = (values: readonly number[]): Readonly<Record<string, number>> =>
  Object.fromEntries(NAMES.map((name, i) => [name, values[i]!]));

export const PUBLISHED: readonly Published[] = [
  {
    name: "Wang et al.",
    citation: "Wang et al., ChestX-ray8, CVPR 2017 (their figures for 14 findings)",
    images: "official split: 25,596 images of test_list.txt",
    auroc: byName([
      ...[0.7003, 0.81, 0.7585, 0.6614, 0.6933, 0.6687, 0.658],
      ...[0.7993, 0.7032, 0.8052, 0.833, 0.7859, 0.6835, 0.8717],
    ]),
    mean: 0.745,
  },
  {
    name: "CheXNet",
    citation: "Rajpurkar et al., CheXNet, arXiv:1711.05225, 2017 (DenseNet121)",
    images: "its own test set, which was not published",
    auroc: byName([
      ...[0.8094, 0.9248, 0.8638, 0.7345, 0.8676, 0.7802, 0.768],
      ...[0.8887, 0.7901, 0.8878, 0.9371, 0.8047, 0.8062, 0.9164],
    ]),
    mean: 0.841,
  },
];
