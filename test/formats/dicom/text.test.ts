/** DICOM text against pydicom: values in every character set, and whole tables of characters. */

import { describe, expect, test } from "vitest";
import { type Encoding, encodingsOf } from "../../../src/formats/dicom/character-sets.ts";
import { decodeBytes } from "../../../src/formats/dicom/encodings.ts";
import { textValues } from "../../../src/formats/dicom/text.ts";
import { fixtureJson } from "../../fixtures.ts";

interface Case {
  readonly name: string;
  readonly terms: readonly string[] | null;
  readonly vr: string;
  /** Hexadecimal. */
  readonly bytes: string;
  readonly values: readonly string[];
}

interface Table {
  readonly encoding: Encoding;
  /** The second byte of each row's first character; or the only byte, where `first` is null. */
  readonly from: number;
  readonly rows: readonly { readonly first: number | null; readonly text: string }[];
}

const { cases } = fixtureJson<{ cases: readonly Case[] }>("dicom/text.json");
const { tables } = fixtureJson<{ tables: readonly Table[] }>("dicom/character-sets.json");

describe("values are as pydicom reads them", () => {
  test.for(cases)("$name", ({ terms, vr, bytes, values }) => {
    const value = Uint8Array.from(Buffer.from(bytes, "hex"));
    expect(textValues(value, vr, encodingsOf(terms ?? []))).toEqual(values);
  });
});

/** The characters of a table that are not decoded as Python does. Python knows fewer; those it lacks are not compared. */
function differences({ encoding, from, rows }: Table): string[] {
  return rows.flatMap(({ first, text }) =>
    Array.from(text).flatMap((wanted, i) => {
      const bytes = first === null ? [from + i] : [first, from + i];
      const read = wanted === "\ufffd" ? wanted : decodeBytes(Uint8Array.from(bytes), encoding);
      return read === wanted ? [] : [`${bytes.map((byte) => byte.toString(16))}: ${read} for ${wanted}`];
    }),
  );
}

describe("every character of a set is Python's", () => {
  test.for(tables)("$encoding from $from", (table) => {
    expect(differences(table)).toEqual([]);
  });
});

test("the tables hold as many characters as the sets have", () => {
  const assigned = tables.map(({ rows }) =>
    rows.reduce((sum, { text }) => sum + Array.from(text).filter((one) => one !== "\ufffd").length, 0),
  );
  // JIS X 0208 has 6,879 characters, JIS X 0212 has 6,067, KS X 1001 has 8,226 with the euro and registered signs but one
  // that fills gaps, which Python leaves out, and GB 2312 has 7,445.
  expect(assigned.slice(12, 16)).toEqual([6879, 6067, 8226 - 1, 7445]);
});
