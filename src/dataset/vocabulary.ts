/**
 * What the names in a column of findings mean: NIH's names and their aliases, or a data set's own words.
 *
 * Knows:      words. Not rows.
 * Reference:  Wang et al., ChestX-ray8, CVPR 2017; Bustos et al., PadChest, Medical Image Analysis 2020, and its reader in
 *             torchxrayvision (`PC_Dataset`).
 */

import { FINDING_NAMES, matchLabel } from "../findings.ts";

/** How names are read. */
export interface Vocabulary {
  /** Whether a name says that there is no finding. */
  isNone(name: string): boolean;
  /** NIH's findings that a name stands for. */
  findingsOf(name: string): readonly string[];
  /** Whether a row with this name says nothing of what it does not name. */
  isOpen(name: string): boolean;
  /** Whether names beyond NIH's findings are expected, and are no misspelling. */
  readonly hasOthers: boolean;
}

/** `No Finding`, `no_finding`, `No findings`. */
export const isNoFinding = (name: string): boolean => /^no[ _-]?findings?$/i.test(name.trim());

/** NIH's. */
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
 * PadChest's names for NIH's findings. torchxrayvision looks for parts of names, and so takes subcutaneous emphysema for
 * Emphysema and a mass of the breast for Mass; here names count as a whole.
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

/** Of a report that compares alone, and of images that should not be used, nobody knows what else there is. */
const PADCHEST_OPEN = new Set(["unchanged", "exclude", "suboptimal study"]);

/** PadChest's, which are in lower case. */
export const PADCHEST: Vocabulary = {
  isNone: (name) => name.toLowerCase() === "normal" || isNoFinding(name),
  findingsOf: (name) =>
    FINDING_NAMES.filter((finding) => PADCHEST_NAMES[finding]?.includes(name.toLowerCase())),
  isOpen: (name) => PADCHEST_OPEN.has(name.toLowerCase()),
  hasOthers: true,
};
