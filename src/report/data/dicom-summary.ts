/**
 * The DICOM files of a folder, for people and for programs.
 *
 * Knows: summaries. Not files or terminals.
 */

import type { CountedAttribute, DicomPartJson, DicomSummary } from "../../results/dicom-summary.ts";
import { count, counted } from "../../text.ts";

/** Values to show of each attribute. */
const MOST_SHOWN = 6;

/** The titles of the lines, in their order. */
const TITLES: readonly (readonly [CountedAttribute, string])[] = [
  ["modalities", "Modality"],
  ["bodyParts", "Body part"],
  ["views", "View"],
  ["presentationIntents", "Intent"],
  ["photometricInterpretations", "Greys"],
  ["transferSyntaxes", "Syntax"],
  ["bitsStored", "Bits"],
  ["sizes", "Size"],
];

/** `DX 900, CR 300, 4 others 12`. */
function shown(values: ReadonlyMap<string, number>): string {
  const all = [...values].map(([value, n]) => ({ value: value.replace(/^(\d+)x(\d+)$/, "$1 × $2"), n }));
  const rest = all.slice(MOST_SHOWN);
  const others = rest.reduce((sum, { n }) => sum + n, 0);
  return [
    ...all.slice(0, MOST_SHOWN).map(({ value, n }) => `${value}: ${count(n)}`),
    ...(rest.length === 0 ? [] : [`${counted(rest.length, "other value")}: ${count(others)}`]),
  ].join(", ");
}

/** The lines of text. */
export function dicomLines({ images, multiFrame, unreadable, objects, counts }: DicomSummary): string[] {
  const kinds = [...objects].map(([kind, n]) => counted(n, kind));
  const parts = [
    counted(images, "image"),
    ...(multiFrame > 0 ? [`${count(multiFrame)} of them with several frames`] : []),
    ...(unreadable > 0 ? [`${count(unreadable)} unreadable`] : []),
    ...kinds,
  ];
  const line = (title: string, text: string) => `${title.padEnd(10)}: ${text}`;
  return [
    line("DICOM", parts.join(", ")),
    ...(images === 0 ? [] : TITLES.map(([name, title]) => line(title, shown(counts[name])))),
  ];
}

/** The object that stands for them in JSON. */
export function dicomObject({
  images,
  multiFrame,
  unreadable,
  objects,
  counts,
}: DicomSummary): DicomPartJson {
  const by = (name: CountedAttribute) => Object.fromEntries(counts[name]);
  return {
    n_images: images,
    n_multi_frame: multiFrame,
    n_unreadable: unreadable,
    without_picture: Object.fromEntries(objects),
    modalities: by("modalities"),
    body_parts: by("bodyParts"),
    views: by("views"),
    presentation_intents: by("presentationIntents"),
    photometric_interpretations: by("photometricInterpretations"),
    transfer_syntaxes: by("transferSyntaxes"),
    bits_stored: by("bitsStored"),
    sizes: by("sizes"),
  };
}
