/**
 * Content items, of which the tree of a structured report consists.
 *
 * Knows:      value types and relationships. Not what is reported.
 * Reference:  DICOM PS3.3, C.17.3 (SR Document Content).
 */

import { attribute, type DataSet, ifAny, sequence } from "./attributes.ts";
import { type Code, codeItem } from "./codes.ts";
import { imageReference, type SourceImage } from "./source-image.ts";
import { lines } from "./valid-values.ts";

/** What an item is to the one above it. */
export type Relationship =
  | "CONTAINS"
  | "HAS CONCEPT MOD"
  | "HAS OBS CONTEXT"
  | "HAS ACQ CONTEXT"
  | "HAS PROPERTIES"
  | "INFERRED FROM";

type Items = readonly DataSet[];

const item = (
  relationship: Relationship,
  type: string,
  concept: Code,
  value: DataSet,
  below: Items,
): DataSet => ({
  "0040A010": attribute("CS", relationship),
  "0040A040": attribute("CS", type),
  "0040A043": sequence(codeItem(concept)),
  ...value,
  ...ifAny("0040A730", sequence(...below)),
});

const template = (number: string | undefined): DataSet =>
  number === undefined
    ? {}
    : {
        "0040A504": sequence({
          "00080105": attribute("CS", "DCMR"),
          "0040DB00": attribute("CS", number),
        }),
      };

/** The root of a tree. */
export const root = (title: Code, templateNumber: string, below: Items): DataSet => ({
  "0040A040": attribute("CS", "CONTAINER"),
  "0040A043": sequence(codeItem(title)),
  "0040A050": attribute("CS", "SEPARATE"),
  ...template(templateNumber),
  "0040A730": sequence(...below),
});

export const container = (concept: Code, below: Items, templateNumber?: string): DataSet =>
  item(
    "CONTAINS",
    "CONTAINER",
    concept,
    { "0040A050": attribute("CS", "SEPARATE"), ...template(templateNumber) },
    below,
  );

export const text = (relationship: Relationship, concept: Code, words: string, below: Items = []): DataSet =>
  item(relationship, "TEXT", concept, { "0040A160": attribute("UT", lines(words)) }, below);

export const code = (relationship: Relationship, concept: Code, value: Code, below: Items = []): DataSet =>
  item(relationship, "CODE", concept, { "0040A168": sequence(codeItem(value)) }, below);

export const uidReference = (relationship: Relationship, concept: Code, uid: string): DataSet =>
  item(relationship, "UIDREF", concept, { "0040A124": attribute("UI", uid) }, []);

/** @param value  As it is written, at most 16 characters. */
export const number = (
  relationship: Relationship,
  concept: Code,
  value: string,
  unit: Code,
  below: Items = [],
): DataSet =>
  item(
    relationship,
    "NUM",
    concept,
    {
      "0040A300": sequence({
        "004008EA": sequence(codeItem(unit)),
        "0040A30A": attribute("DS", value),
      }),
    },
    below,
  );

/** Classes of images of the standard are below this. Readers refuse others in a reference to an image. */
const STORAGE = "1.2.840.10008.5.1.4.1.1.";

/**
 * A reference to the image, with its concept: OHIF's page goes blank at one that has none. An image of a manufacturer's
 * own class is referred to as an object.
 */
export const image = (
  relationship: Relationship,
  concept: Code,
  source: SourceImage,
  below: Items = [],
): DataSet => {
  const type = source.sopClassUid.startsWith(STORAGE) ? "IMAGE" : "COMPOSITE";
  return item(relationship, type, concept, { "00081199": sequence(imageReference(source)) }, below);
};
