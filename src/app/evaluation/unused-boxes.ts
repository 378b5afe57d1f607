/**
 * Notes on the boxes of a box file that were not used, for people.
 *
 * Knows: boxes, images and a model's labels. Not what the others are used for.
 */

import { basename } from "node:path";
import { imagesMeant } from "../../dataset/image-identity.ts";
import { matchLabel } from "../../findings.ts";
import { agreeing, counted, eitherOf } from "../../text.ts";
import type { BoxesOfImages, NamedBox } from "../data/known-boxes.ts";

/** ` (a.png: 1/a.png or 2/a.png)`, for the first box. */
function exampleOf({ images }: BoxesOfImages, [first]: readonly NamedBox[]): string {
  if (first === undefined) return "";
  const meant = imagesMeant(images, first.image).map((at) => images[at]!);
  return ` (${first.image}: ${eitherOf(meant)})`;
}

/**
 * Notes on boxes that were not used, with counts.
 *
 * @param labels     The model's labels.
 * @param isUsed     Whether an image of the table, by its name, was used.
 * @param elsewhere  What other images are: `images that are not evaluated`.
 */
export function unusedBoxNotes(
  boxes: BoxesOfImages,
  labels: readonly string[],
  isUsed: (image: string) => boolean,
  elsewhere: string,
): string[] {
  let [outside, foreign] = [boxes.lacking.length, 0];
  const unknown = new Set<string>();
  for (const [name, its] of boxes.of) {
    if (!isUsed(name)) outside += its.length;
    else
      for (const { finding } of its) {
        if (matchLabel(finding, labels) !== undefined) continue;
        foreign += 1;
        unknown.add(finding);
      }
  }
  const leftOut = (n: number, of: string): string[] =>
    n === 0
      ? []
      : [
          `${basename(boxes.path)}: ${counted(n, "box", "boxes")} of ${of} ${agreeing(n, "is", "are")} left out`,
        ];
  return [
    ...leftOut(outside, elsewhere),
    ...leftOut(boxes.unclear.length, `names that may mean several images${exampleOf(boxes, boxes.unclear)}`),
    ...leftOut(foreign, `findings that the model lacks (${[...unknown].join(", ")})`),
  ];
}
