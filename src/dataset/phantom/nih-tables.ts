/**
 * The tables that accompany phantoms, in the format of NIH's own.
 *
 * Knows: `Data_Entry_2017.csv` (with the empty twelfth field that ends each line) and `BBox_List_2017.csv`
 *        (`Infiltrate` for Infiltration). Boxes are in pixels of the image to which they belong.
 */

import type { DrawnBox } from "./chest/scene.ts";
import type { PhantomImage } from "./patients/patients.ts";

const ENTRY_HEADER =
  "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],";
const BOX_HEADER = "Image Index,Finding Label,Bbox [x,y,w,h],,,";

/** Width of the film in millimetres. */
const FILM = 360;

/** `Data_Entry_2017.csv` for images with `size` pixels per side. */
export function entryTable(images: readonly PhantomImage[], size: number): string {
  const spacing = (FILM / size).toFixed(3);
  const rows = images.map(({ name, findings, followUp, patient, age, sex, view }) => {
    const labels = findings.length === 0 ? "No Finding" : findings.join("|");
    return `${name},${labels},${followUp},${patient},${age},${sex},${view},${size},${size},${spacing},${spacing},`;
  });
  return `${[ENTRY_HEADER, ...rows].join("\n")}\n`;
}

/** `BBox_List_2017.csv`, with a row for each box of each image. */
export function boxTable(
  images: readonly { readonly name: string; readonly boxes: readonly DrawnBox[] }[],
): string {
  const rows = images.flatMap(({ name, boxes }) =>
    boxes.map(({ finding, box }) => {
      const label = finding === "Infiltration" ? "Infiltrate" : finding;
      return `${name},${label},${box.x},${box.y},${box.width},${box.height},,,`;
    }),
  );
  return `${[BOX_HEADER, ...rows].join("\n")}\n`;
}
