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

/** The reports that a new result of an image replaces. */
export function replacedBy(before: StateEvent): readonly KeptObject[] {
  if (before.event === "aside") return before.predecessors ?? [];
  return before.event === "accepted" ? before.objects.filter(({ kind }) => kind !== "overlay") : [];
}
