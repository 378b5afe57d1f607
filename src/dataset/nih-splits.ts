/**
 * Published splits of ChestX-ray14: the part to which an image belongs, by its patient.
 *
 * Knows:      the official lists (86,524 images for training and validation, 25,596 for testing), and the lists of
 *             arnoweng/CheXNet, which the public CheXNet reimplementations share (78,468 images for training, 11,219
 *             for validation and 22,433 for testing).
 * Reference:  train_val_list.txt and test_list.txt of Wang et al., ChestX-ray8, CVPR 2017; the repositories
 *             arnoweng/CheXNet, zoogzog/chexnet (the same lists) and jrzech/reproduce-chexnet (the same test images).
 */

import type { KnownSplit } from "../models/learned-from.ts";
import { nihPatient } from "./nih-names.ts";
import { CHEXNET_TEST, CHEXNET_VALIDATION, OFFICIAL_TEST } from "./nih-split-tables.ts";

/** A published split. */
export type NihSplit = Exclude<KnownSplit, "unpublished" | "none">;

/** What a part is for. */
export type SplitPart = "training" | "validation" | "test";

/** The name of each split in messages. */
export const SPLIT_NAMES: Readonly<Record<NihSplit, string>> = {
  official: "the official lists of ChestX-ray14",
  chexnet: "the lists that the CheXNet reimplementations share",
  "chexnet-test": "the test list that the CheXNet reimplementations share",
};

/** Splits that do not separate validation from training. Every image that is not for testing counts as training. */
export const VAGUE_SPLITS: readonly string[] = ["official", "chexnet-test"];

const decode = (text: string): Uint8Array => Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));

/** The parts that are not for training, decoded on demand. */
const TABLES: Readonly<
  Record<NihSplit, () => { readonly validation?: Uint8Array; readonly test: Uint8Array }>
> = {
  official: () => ({ test: decode(OFFICIAL_TEST) }),
  chexnet: () => ({ validation: decode(CHEXNET_VALIDATION), test: decode(CHEXNET_TEST) }),
  "chexnet-test": () => ({ test: decode(CHEXNET_TEST) }),
};

/**
 * The part of a split to which an image belongs, by its name.
 *
 * @returns  A function of names such as `00000013_005.png`, which returns undefined for names that are not NIH's.
 */
export function partsOf(split: NihSplit): (image: string) => SplitPart | undefined {
  const { validation, test } = TABLES[split]();
  const holds = (table: Uint8Array | undefined, patient: number) =>
    table !== undefined && (table[patient >> 3]! & (1 << (patient & 7))) !== 0;
  return (image) => {
    const patient = nihPatient(image);
    if (patient === undefined) return undefined;
    return holds(test, patient) ? "test" : holds(validation, patient) ? "validation" : "training";
  };
}
