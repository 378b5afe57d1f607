/**
 * Sorts what a study has into images that may be chest X-rays and others, by what the archive lists.
 *
 * Knows: plain data.
 */

import { hasUids, isCandidate, isOwnSeries } from "../candidates.ts";
import type { ArchiveImage } from "../ports.ts";
import type { StudyList } from "../work/study-feed.ts";

/** @param modalities  Those that are read; any if undefined. */
export function sortImages(
  instances: readonly ArchiveImage[],
  modalities: readonly string[] | undefined,
): StudyList {
  const candidates = instances.filter((one) => isCandidate(one, modalities));
  const images = candidates.filter(hasUids);
  const others = instances.filter((one) => !isCandidate(one, modalities) && !isOwnSeries(one));
  const passedOver = [
    { code: "pacs/other-modality", count: others.length },
    { code: "pacs/bad-uid", count: candidates.length - images.length },
  ];
  return { images, passedOver: passedOver.filter(({ count }) => count > 0) };
}
