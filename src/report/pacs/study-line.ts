/**
 * What became of a study, as one line without a UID or an attribute of a patient.
 *
 * Knows: numbers and words.
 */

import { count, counted } from "../../text.ts";
import type { ObjectKind } from "../dicom/result-object.ts";

/** What became of a study, in numbers. */
export interface StudyCounts {
  /** Its number in the state folder. */
  readonly study: number;
  /** Objects that the archive accepted. */
  readonly stored: ReadonlyMap<ObjectKind, number>;
  /** Images without results, by the code of the reason. */
  readonly passedOver: ReadonlyMap<string, number>;
  /** Images that were set aside, by the code of the reason. */
  readonly setAside: ReadonlyMap<string, number>;
}

const REASONS: Readonly<Record<string, string>> = {
  "input/modality": "no X-ray",
  "input/not-frontal-chest": "no frontal chest X-ray",
  "internal/unexpected": "an unexpected error",
  "pacs/bad-answer": "the archive sent something else",
  "pacs/bad-uid": "no valid UID",
  "pacs/deadly": "the program ended while reading it",
  "pacs/no-image": "no picture",
  "pacs/not-found": "no longer in the archive",
  "pacs/not-frontal": "no frontal view",
  "pacs/not-stored": "the archive keeps the results out",
  "pacs/other-modality": "another modality",
  "pacs/own-result": "a result of Medical-X",
  "pacs/refused": "the archive refused it",
  "pacs/server-error": "the archive failed",
  "pacs/store-failed": "the archive did not store the results",
  "pacs/too-large": "too large",
};

/** The reason that a code stands for, in words. */
function reasonOf(code: string): string {
  const reason = REASONS[code];
  if (reason !== undefined) return reason;
  return /^(?:dicom|raster|image|thread)\//.test(code) ? "not readable" : code;
}

/** "3 images passed over (no frontal view, 2 not readable)". */
function images(counts: ReadonlyMap<string, number>, what: string): string[] {
  const byReason = new Map<string, number>();
  for (const [code, number] of counts)
    byReason.set(reasonOf(code), (byReason.get(reasonOf(code)) ?? 0) + number);
  const total = [...byReason.values()].reduce((sum, number) => sum + number, 0);
  if (total === 0) return [];
  const reasons = [...byReason]
    .sort(([a], [b]) => a.localeCompare(b, "en"))
    .map(([reason, number]) => (byReason.size === 1 ? reason : `${count(number)} ${reason}`));
  return [`${counted(total, "image")} ${what} (${reasons.join(", ")})`];
}

/** The line, without its end. */
export function studyLine({ study, stored, passedOver, setAside }: StudyCounts): string {
  const overlays = stored.get("overlay") ?? 0;
  const reports = [...stored].reduce((sum, [kind, number]) => (kind === "overlay" ? sum : sum + number), 0);
  const kinds = [
    ...(reports === 0 ? [] : [counted(reports, "report")]),
    ...(overlays === 0 ? [] : [counted(overlays, "overlay")]),
  ];
  const parts = [
    ...(kinds.length === 0 ? [] : [`${kinds.join(" and ")} stored`]),
    ...images(passedOver, "passed over"),
    ...images(setAside, "set aside"),
  ];
  return `study ${study}: ${parts.length === 0 ? "nothing to read" : parts.join(", ")}`;
}
