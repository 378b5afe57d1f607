/**
 * Which images of a data folder are evaluated: those of a list, otherwise those of test_list.txt, otherwise all.
 *
 * Knows: data folders and lists. Not models.
 */

import { findListed, type Listed } from "../../dataset/image-list.ts";
import { XrayError } from "../../errors.ts";
import { readText } from "../../node/data-folder.ts";
import { agreeing, counted } from "../../text.ts";
import { readListed } from "../data/label-file.ts";
import type { Dataset } from "../data/open-dataset.ts";

/** How the images are chosen. */
export interface Choice {
  /** A file of names. */
  readonly list?: string;
  /** Names instead of a list. */
  readonly chosen?: ReadonlySet<string>;
  /** What is done with the images, as a word for messages; `evaluated` by default. */
  readonly use?: "evaluated" | "calibrated";
}

/** The chosen images; `source` is undefined if nothing names them and all are meant. */
interface Named {
  readonly listed: Listed;
  readonly source: string | undefined;
}

async function named({ table: { images }, lists }: Dataset, { list, chosen }: Choice): Promise<Named> {
  if (chosen !== undefined) return { listed: findListed(images, chosen), source: "those chosen" };
  if (list !== undefined) return { listed: readListed(images, await readText(list), "list"), source: list };
  if (lists.test !== undefined) return { listed: lists.test, source: "test_list.txt" };
  return { listed: { indices: [...images.keys()], lacking: 0 }, source: undefined };
}

/** The error when no images are left. */
function noImages(folder: string, source: string | undefined, use: string, areLateral: boolean): XrayError {
  const which = source === undefined ? "its images" : `the images of ${source}`;
  const why = areLateral
    ? `all of ${which} have a lateral view, and the models here are made for frontal ones`
    : source === undefined
      ? "none of its images was found"
      : `none of ${which} was found`;
  const wayOn = areLateral ? "include lateral views to keep them" : "put them into the folder";
  return new XrayError("evaluation/no-images", `${folder}: ${why}, so nothing can be ${use}; ${wayOn}`, {
    file: folder,
    areLateral,
  });
}

/**
 * Choose images of a folder.
 *
 * @returns  Ascending indices of the chosen images that have a file and, unless the data set keeps lateral views, are
 *           frontal; with notes on how they were chosen.
 * @throws   XrayError `evaluation/no-images`, `split/…` for the list, `file/…`.
 */
export async function chosenImages(
  dataset: Dataset,
  choice: Choice,
): Promise<{ indices: number[]; notes: string[] }> {
  const { folder, paths, leftOut } = dataset;
  const { use = "evaluated" } = choice;
  const { listed, source } = await named(dataset, choice);
  const frontal = listed.indices.filter((i) => !leftOut.has(i));
  const indices = frontal.filter((i) => paths[i] !== undefined);
  if (indices.length === 0)
    throw noImages(folder, source, use, listed.indices.length > 0 && frontal.length === 0);
  const fileless = frontal.length - indices.length;
  return {
    indices,
    notes: [
      ...(source === undefined || choice.chosen !== undefined ? [] : [`${use} on the images of ${source}`]),
      ...(listed.lacking === 0 ? [] : [`${counted(listed.lacking, "name")} of ${source} without labels`]),
      // Where all are meant, the data set has said which are not there.
      ...(fileless === 0 || source === undefined
        ? []
        : [
            `${counted(fileless, "image")} of ${source} ${agreeing(fileless, "has", "have")} no file and ${agreeing(fileless, "is", "are")} left out`,
          ]),
    ],
  };
}
