/**
 * What the names in a column of findings mean: NIH's names and their aliases, or a data set's own vocabulary.
 *
 * Knows:      words. Not rows.
 * Reference:  Wang et al., ChestX-ray8, CVPR 2017; Bustos et al., PadChest, Medical Image Analysis 2020, and its reader
 *             in torchxrayvision (`PC_Dataset`).
 */

import { FINDING_NAMES, matchLabel } from "../findings.ts";

/** How names are read. */
export interface Vocabulary {
  /** Whether a name says that there is no finding. */
  isNone(name: string): boolean;
  /** NIH's findings for which a name stands. */
  findingsOf(name: string): readonly string[];
  /** Whether a row with this name says nothing about findings that it does not name. */
  isOpen(name: string): boolean;
  /** Whether names other than NIH's findings are expected, and so are not misspellings. */
  readonly hasOthers: boolean;
}

/** Whether a name is `No Finding`, `no_finding`, `No findings` or the like. */
export const isNoFinding = (name: string): boolean => /^no[ _-]?findings?$/i.test(name.trim());

/** NIH's vocabulary. */
export const NIH: Vocabulary = {
  isNone: isNoFinding,
  findingsOf(name) {
    const finding = matchLabel(name, FINDING_NAMES);
    return finding === undefined ? [] : [finding];
  },
  isOpen: () => false,
  hasOthers: false,
};

/**
 * PadChest's names for NIH's findings. torchxrayvision searches for parts of names, and so takes subcutaneous emphysema
 * for Emphysema and a mass of the breast for Mass; here, whole names are compared.
 */
const PADCHEST_NAMES: Readonly<Record<string, readonly string[]>> = {
  Atelectasis: [
    ...["atelectasis", "atelectasis basal", "laminar atelectasis", "lobar atelectasis"],
    ...["round atelectasis", "segmental atelectasis", "total atelectasis"],
  ],
  Cardiomegaly: ["cardiomegaly"],
  Effusion: ["pleural effusion", "loculated pleural effusion", "loculated fissural effusion"],
  Infiltration: [
    ...["infiltrates", "interstitial pattern", "ground glass pattern", "reticular interstitial pattern"],
    ...["reticulonodular interstitial pattern", "alveolar pattern", "consolidation", "air bronchogram"],
  ],
  Mass: ["mass", "pulmonary mass"],
  Nodule: ["nodule", "multiple nodules"],
  Pneumonia: ["pneumonia", "atypical pneumonia"],
  Pneumothorax: ["pneumothorax", "hydropneumothorax"],
  Consolidation: ["consolidation", "air bronchogram"],
  Edema: ["pulmonary edema"],
  Emphysema: ["emphysema"],
  Fibrosis: ["pulmonary fibrosis"],
  Pleural_Thickening: ["pleural thickening", "apical pleural thickening", "calcified pleural thickening"],
  Hernia: ["hiatal hernia"],
};

/** Names of reports that only compare with an earlier image, and of unusable images, which may show anything else. */
const PADCHEST_OPEN = new Set(["unchanged", "exclude", "suboptimal study"]);

/** PadChest's vocabulary. Its names are in lower case. */
export const PADCHEST: Vocabulary = {
  isNone: (name) => name.toLowerCase() === "normal" || isNoFinding(name),
  findingsOf: (name) =>
    FINDING_NAMES.filter((finding) => PADCHEST_NAMES[finding]?.includes(name.toLowerCase())),
  isOpen: (name) => PADCHEST_OPEN.has(name.toLowerCase()),
  hasOthers: true,
};
