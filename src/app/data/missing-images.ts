/**
 * Notes on images of a label file that have no file, or whose file cannot be determined.
 *
 * Knows: words. `node/find-images.ts` finds the files.
 */

import { relative } from "node:path";
import type { LabelledImage } from "../../dataset/label-table.ts";
import { XrayError } from "../../errors.ts";
import type { FoundImages } from "../../node/find-images.ts";
import { agreeing, count, counted, eitherOf, some, someOf } from "../../text.ts";

/** Maximum number of searched places to name. */
const MOST_PLACES = 6;

/** A data folder, and the image files found in it. */
export interface Searched {
  readonly folder: string;
  readonly images: readonly LabelledImage[];
  readonly found: FoundImages;
  /** Indices of lateral images, which are not used and therefore not missed. */
  readonly leftOut: ReadonlySet<number>;
}

/** Notes on names that may refer to several files. */
function unclearNotes({ folder, images, found, leftOut }: Searched): string[] {
  const unclear = found.unclear.filter(({ index }) => !leftOut.has(index));
  if (unclear.length === 0) return [];
  const files = (paths: readonly string[]) => eitherOf(paths.map((path) => relative(folder, path)));
  const shown = someOf(unclear, ({ index, files: paths }) =>
    paths.length === 0 ? images[index]!.image : `${images[index]!.image} (${files(paths)})`,
  );
  const n = unclear.length;
  return [
    `${counted(n, "name")} in the label file may mean several files and ${agreeing(n, "is", "are")} left out: ${shown}`,
  ];
}

/** Notes on files that several names refer to. */
function sharedNotes({ folder, images, found, leftOut }: Searched): string[] {
  const shared = found.shared.filter(({ indices }) => indices.some((i) => !leftOut.has(i)));
  if (shared.length === 0) return [];
  const names = shared.reduce((sum, { indices }) => sum + indices.length, 0);
  const shown = someOf(
    shared,
    ({ file, indices }) => `${relative(folder, file)} (${some(indices.map((i) => images[i]!.image))})`,
  );
  return [
    `${count(names)} names in the label file stand for only ${counted(shared.length, "file")} and are left out: ${shown}`,
  ];
}

/**
 * Notes on images without a file, except for those that are not used.
 *
 * @throws  XrayError `data/most-missing` if more than half of them are missing, since that is no data set.
 */
export function missingNotes(searched: Searched): string[] {
  const { folder, images: all, found, leftOut } = searched;
  const { paths, places } = found;
  const explained = new Set([
    ...found.unclear.map(({ index }) => index),
    ...found.shared.flatMap(({ indices }) => indices),
  ]);
  const images = all.filter((_, i) => !leftOut.has(i));
  const lost = all.filter((_, i) => paths[i] === undefined && !leftOut.has(i)).length;
  if (lost === 0) return [];
  const missing = all.flatMap(({ image }, i) =>
    paths[i] === undefined && !leftOut.has(i) && !explained.has(i) ? [image] : [],
  );
  const n = missing.length;
  const which = leftOut.size === 0 ? "in the label file" : "without a lateral view in the label file";
  const share = (part: number) => `${count(part)} of the ${counted(images.length, "image")} ${which}`;
  const others = [...unclearNotes(searched), ...sharedNotes(searched)];
  if (lost * 2 <= images.length)
    return [
      ...(n === 0
        ? []
        : [
            `${share(n)} ${agreeing(n, "was", "were")} not found and ${agreeing(n, "is", "are")} left out: ${some(missing)}`,
          ]),
      ...others,
    ];
  const lookedIn = `looked in ${places.slice(0, MOST_PLACES).join(", ")}${places.length > MOST_PLACES ? " and the like" : ""}`;
  const problems = [
    ...(n === 0
      ? []
      : [`${share(n)} ${agreeing(n, "was", "were")} not found (${some(missing)}); ${lookedIn}`]),
    ...others,
  ];
  throw new XrayError(
    "data/most-missing",
    `${folder}: ${problems.join("; ")}; put the images into ${folder}/images, or name a label file of the images that are there`,
    { file: folder, missing: lost, images: images.length, places },
  );
}
