/** A box file for phantoms, for tests that need boxes of every finding. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FINDING_NAMES } from "../../src/findings.ts";
import { Random } from "../../src/random.ts";

/**
 * Boxes anywhere, one or two for each finding in every phantom, which are enough to tell maps apart.
 *
 * @param folder  Of the phantoms.
 * @param size    Of their sides, in pixels.
 */
export function boxesAnywhere(folder: string, size: number): string {
  const random = Random.of(1, "many boxes");
  const images = readFileSync(join(folder, "Data_Entry_2017.csv"), "utf8").match(/^\w+\.png/gm)!;
  const rows = images.flatMap((image) =>
    FINDING_NAMES.flatMap((finding) =>
      Array.from({ length: 1 + random.int(2) }, () => {
        const [width, height] = [4 + random.int(40), 4 + random.int(40)];
        return `${image},${finding},${random.int(size - width)},${random.int(size - height)},${width},${height}`;
      }),
    ),
  );
  return `Image Index,Finding Label,Bbox [x,y,w,h],,,\n${rows.join("\n")}\n`;
}
