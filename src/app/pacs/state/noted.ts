/**
 * An image as an archive names it, as the journal notes it, and the reports that its new results replace.
 *
 * Knows: events.
 */

import type { ArchiveImage } from "../ports.ts";
import type { KeptObject, NotedImage, StateEvent } from "./events.ts";

/** Without the number that it gets. */
export const notedAs = (study: number, image: ArchiveImage): Omit<NotedImage, "image"> => ({
  study,
  uid: image.sopInstanceUid,
  series: image.seriesInstanceUid,
  ...(image.sopClassUid === undefined ? {} : { class: image.sopClassUid }),
  ...(image.modality === undefined ? {} : { modality: image.modality }),
  ...(image.at === undefined ? {} : { at: image.at }),
  ...(image.content === undefined ? {} : { content: image.content }),
});

/** The reason of an image that the archive no longer had when it was to be read. */
export const GONE = "pacs/not-found";

/** Whether an image was refused since the archive no longer had it. @param end  How the work on it ended. */
export const wasGone = (end: StateEvent): boolean => end.event === "refused" && end.code === GONE;

/** Whether the archive finds an image elsewhere than it was noted. */
export const isElsewhere = (noted: StateEvent, { at }: ArchiveImage): boolean =>
  "at" in noted && noted.at !== undefined && at !== undefined && noted.at !== at;

/** The reports that a new result of an image replaces. */
export function replacedBy(before: StateEvent): readonly KeptObject[] {
  if (before.event === "aside") return before.predecessors ?? [];
  return before.event === "accepted" ? before.objects.filter(({ kind }) => kind !== "overlay") : [];
}
