/**
 * The order of the list of images.
 *
 * Knows: items. Images that were not read stand behind the others when a finding decides.
 */

import { type ImageItem, probabilityOf } from "./item.ts";

/** `dropped`, `name`, or a finding's label. */
export type SortKey = "dropped" | "name" | { readonly finding: string };

const names = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** A new list in the wanted order. Equals keep the order of dropping. */
export function sorted(items: readonly ImageItem[], by: SortKey): readonly ImageItem[] {
  const inOrder = [...items].sort((a, b) => a.id - b.id);
  if (by === "dropped") return inOrder;
  if (by === "name") return inOrder.sort((a, b) => names.compare(a.name, b.name));
  const rank = (item: ImageItem) => probabilityOf(item, by.finding) ?? -1;
  return inOrder.sort((a, b) => rank(b) - rank(a));
}

/** The findings of one image in falling order of probability; equals keep the model's order. */
export const byProbability = (
  labels: readonly string[],
  probabilities: Readonly<Record<string, number>>,
): readonly string[] => [...labels].sort((a, b) => probabilities[b]! - probabilities[a]!);
