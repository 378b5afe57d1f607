/**
 * Attributes of the patient and of the study that a result carries over from its image, so that an archive files it in
 * the same study.
 *
 * Knows:      which attributes DICOM requires. Their texts appear in no message.
 * Reference:  DICOM PS3.3, C.7.1.1 (Patient), C.7.2.1 (General Study), C.12.1 (SOP Common).
 */

import type { DicomElements } from "../../formats/dicom/elements.ts";
import { attribute, type DataSet, ifAny, sequence } from "./attributes.ts";
import { date, description, identifier, personName, term, time, zoneMinutes } from "./valid-values.ts";

/** No image says more often how its patient's identity was removed; a damaged one might. */
const MOST_METHODS = 32;

/** Codes of an image's sequence, as they are; those without a value, a scheme and a meaning are left out. */
function codes(elements: DicomElements, tag: string): readonly DataSet[] {
  return elements
    .sequence(tag)
    .slice(0, MOST_METHODS)
    .flatMap((item) => {
      const value = identifier(item.texts("x00080100"), 16);
      const scheme = identifier(item.texts("x00080102"), 16);
      const meaning = description(item.text("x00080104"));
      if (value === "" || scheme === "" || meaning === "") return [];
      return [
        {
          "00080100": attribute("SH", value),
          "00080102": attribute("SH", scheme),
          ...ifAny("00080103", attribute("SH", identifier(item.texts("x00080103"), 16))),
          "00080104": attribute("LO", meaning),
        },
      ];
    });
}

/** What the image says about the removal of the patient's identity: it holds for results, too. */
function deidentification(elements: DicomElements): DataSet {
  const isRemoved = term(elements.text("x00120062"), ["YES", "NO"]);
  if (isRemoved !== "YES") return ifAny("00120062", attribute("CS", isRemoved));
  const methods = elements
    .texts("x00120063")
    .slice(0, MOST_METHODS)
    .map((text) => description(text));
  const methodCodes = codes(elements, "x00120064");
  const said = methods.filter((text) => text !== "");
  // One of the two is required.
  const words = said.length === 0 && methodCodes.length === 0 ? ["Not stated by the image"] : said;
  return {
    "00120062": attribute("CS", "YES"),
    ...ifAny("00120063", attribute("LO", ...words)),
    ...ifAny("00120064", sequence(...methodCodes)),
  };
}

/**
 * The attributes of the patient and of the study but for the study's UID. What an image lacks, or has in a form that
 * cannot be written, is empty where DICOM requires the attribute, and left out elsewhere.
 */
export function carriedAttributes(elements: DicomElements): DataSet {
  const zone = elements.text("x00080201")?.trim();
  return {
    "00080020": attribute("DA", date(elements.text("x00080020"))),
    "00080030": attribute("TM", time(elements.text("x00080030"))),
    "00080050": attribute("SH", identifier(elements.texts("x00080050"), 16)),
    "00080090": attribute("PN", personName(elements.text("x00080090"))),
    ...ifAny("00080201", attribute("SH", zoneMinutes(zone) === undefined ? "" : zone)),
    ...ifAny("00081030", attribute("LO", description(elements.text("x00081030")))),
    "00100010": attribute("PN", personName(elements.text("x00100010"))),
    "00100020": attribute("LO", identifier(elements.texts("x00100020"), 64)),
    ...ifAny("00100021", attribute("LO", identifier(elements.texts("x00100021"), 64))),
    "00100030": attribute("DA", date(elements.text("x00100030"))),
    "00100040": attribute("CS", term(elements.text("x00100040"), ["M", "F", "O"])),
    ...deidentification(elements),
    "00200010": attribute("SH", identifier(elements.texts("x00200010"), 16)),
  };
}
