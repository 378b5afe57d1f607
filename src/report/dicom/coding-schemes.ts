/**
 * The coding schemes that an object uses, as it declares them.
 *
 * Knows:      schemes.
 * Reference:  DICOM PS3.3, C.12.1.1.1 (Coding Scheme Identification); PS3.16, table 8-1.
 */

import { attribute, type DataSet, ifAny, sequence } from "./attributes.ts";
import { PRIVATE_SCHEME } from "./codes.ts";

interface CodingScheme {
  readonly uid?: string;
  readonly name: string;
  readonly organization?: string;
}

const SCHEMES: Readonly<Record<string, CodingScheme>> = {
  DCM: { uid: "1.2.840.10008.2.16.4", name: "DICOM Controlled Terminology" },
  LN: { uid: "2.16.840.1.113883.6.1", name: "LOINC" },
  RADLEX: { uid: "2.16.840.1.113883.6.256", name: "RadLex" },
  RFC5646: { uid: "2.16.840.1.113883.6.316", name: "Tags for Identifying Languages" },
  SCT: { uid: "2.16.840.1.113883.6.96", name: "SNOMED CT" },
  UCUM: { uid: "2.16.840.1.113883.6.8", name: "Unified Code for Units of Measure" },
  [PRIVATE_SCHEME]: { name: "Medical-X, codes of its own", organization: "Medical-X" },
};

/** Add the designators of a data set's codes, at any depth. */
function collect(set: DataSet, into: Set<string>): void {
  for (const [tag, { vr, Value }] of Object.entries(set)) {
    if (tag === "00080102") into.add(Value[0] as string);
    if (vr === "SQ") for (const item of Value) collect(item as DataSet, into);
  }
}

/** A data set with the declaration of the schemes that it uses (0008,0110). Those of an image that are unknown are not. */
export function withCodingSchemes(set: DataSet): DataSet {
  const used = new Set<string>();
  collect(set, used);
  const items = [...used].sort().flatMap((designator) => {
    const scheme = SCHEMES[designator];
    if (scheme === undefined) return [];
    return [
      {
        "00080102": attribute("SH", designator),
        ...(scheme.uid === undefined
          ? {}
          : { "00080112": attribute("LO", "HL7"), "0008010C": attribute("UI", scheme.uid) }),
        "00080115": attribute("ST", scheme.name),
        ...ifAny("00080116", attribute("ST", scheme.organization)),
      },
    ];
  });
  return { ...set, ...ifAny("00080110", sequence(...items)) };
}
