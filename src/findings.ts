/**
 * The 14 findings of NIH ChestX-ray14, one row each, in the order of the CheXNet family.
 *
 * Knows: names. A checkpoint that says nothing about its labels is taken to have its outputs in this order.
 * Reference: Wang et al., ChestX-ray8, CVPR 2017; Rajpurkar et al., CheXNet, 2017.
 */

/** One radiographic finding. */
export interface Finding {
  /** The name in NIH's files, and in every machine-readable output here. */
  readonly name: string;
  /** The name shown to people. */
  readonly displayName: string;
  /** Other spellings in use, for matching only. */
  readonly aliases: readonly string[];
}

const row = (name: string, aliases: readonly string[] = []): Finding => ({
  name,
  displayName: displayName(name),
  aliases,
});

/**
 * The findings in the order of the CheXNet family's outputs.
 *
 * Aliases are other names for the same finding: `Pleural Effusion` in CheXpert and MIMIC-CXR, `Infiltrate` in NIH's own
 * box file, and `Pulmonary Edema`, `Infiltrates` and `Hiatal Hernia` in MeSH and PadChest (torchxrayvision's
 * `PC_Dataset` and `Openi_Dataset` map them too). `Enlarged Cardiomediastinum` is not Cardiomegaly, `Lung Opacity` is
 * not Infiltration, `Nodule/Mass` is neither Nodule nor Mass, and `Pleural Other` is not Pleural_Thickening: these
 * remain labels of their own.
 */
export const FINDINGS: readonly Finding[] = [
  row("Atelectasis"),
  row("Cardiomegaly"),
  row("Effusion", ["Pleural Effusion"]),
  row("Infiltration", ["Infiltrate", "Infiltrates"]),
  row("Mass"),
  row("Nodule"),
  row("Pneumonia"),
  row("Pneumothorax"),
  row("Consolidation"),
  row("Edema", ["Oedema", "Pulmonary Edema", "Pulmonary Oedema"]),
  row("Emphysema"),
  row("Fibrosis"),
  row("Pleural_Thickening", ["Pleural Thickening", "PleuralThickening", "Pleural_thickening"]),
  row("Hernia", ["Hiatal Hernia", "Hiatus Hernia"]),
];

/** The 14 names, in order. */
export const FINDING_NAMES: readonly string[] = FINDINGS.map((finding) => finding.name);

/** A label as people read it: `Pleural_Thickening` → `Pleural Thickening`. */
export function displayName(label: string): string {
  return label.replaceAll("_", " ");
}

/** A label without what does not distinguish it: case, spaces, hyphens and underscores. */
function fold(label: string): string {
  return label.toLowerCase().replaceAll(/[\s_-]+/g, "");
}

/**
 * Find the model's label that a person means by `wanted`.
 *
 * @param wanted  Any spelling: `pleural thickening`, `Infiltrate`, `EFFUSION`.
 * @param labels  The model's labels.
 * @returns       The model's own spelling, or undefined if none fits.
 */
export function matchLabel(wanted: string, labels: readonly string[]): string | undefined {
  const direct = labels.find((label) => fold(label) === fold(wanted));
  if (direct !== undefined) return direct;
  const finding = FINDINGS.find((f) => [f.name, ...f.aliases].some((name) => fold(name) === fold(wanted)));
  if (finding === undefined) return undefined;
  return labels.find((label) =>
    [finding.name, ...finding.aliases].some((name) => fold(name) === fold(label)),
  );
}
