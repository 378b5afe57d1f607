/**
 * What became of a study, in numbers.
 *
 * Knows: the state's plain data.
 */

import type { ObjectKind } from "../../../report/dicom/result-object.ts";
import type { PassedOver } from "../state/events.ts";
import type { OpenStudy } from "../state/open-work.ts";

export interface StudySummary {
  /** The study's number in the state folder. */
  readonly study: number;
  /** Objects that the archive accepted, by their kind. */
  readonly stored: ReadonlyMap<ObjectKind, number>;
  /** Images without results, by the code of the reason. */
  readonly passedOver: ReadonlyMap<string, number>;
  /** Images that were set aside, by the code of the reason. */
  readonly setAside: ReadonlyMap<string, number>;
}

function add<K>(counts: Map<K, number>, key: K, count = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

/** @param passedOver  Images that were not even fetched. */
export function summaryOf({ study, images }: OpenStudy, passedOver: readonly PassedOver[]): StudySummary {
  const stored = new Map<ObjectKind, number>();
  const over = new Map<string, number>();
  const setAside = new Map<string, number>();
  for (const { outcome } of images.values()) {
    if (outcome?.event === "accepted") for (const { kind } of outcome.objects) add(stored, kind);
    if (outcome?.event === "refused") add(over, outcome.code);
    if (outcome?.event === "aside") add(setAside, outcome.code);
  }
  for (const { code, count } of passedOver) add(over, code, count);
  return { study, stored, passedOver: over, setAside };
}
