/** Reading each fixtures/labels/<name>.csv must give what <name>.json says: a table, boxes, or an error. */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Box, parseBoxTable } from "../../src/dataset/box-table.ts";
import { type LabelTable, type LabelTableOptions, parseLabelTable } from "../../src/dataset/label-table.ts";
import { XrayError } from "../../src/errors.ts";

const FOLDER = new URL("../../fixtures/labels/", import.meta.url);

interface ExpectedError {
  readonly code: string;
  /** Each is part of the message. */
  readonly says: readonly string[];
  readonly details: Readonly<Record<string, unknown>>;
}

interface Expected {
  readonly options?: LabelTableOptions;
  readonly labels?: readonly string[];
  /** Unknown labels are null. */
  readonly images?: readonly unknown[];
  readonly notes?: readonly string[];
  readonly error?: ExpectedError;
  readonly boxes?: readonly Box[];
  readonly boxError?: ExpectedError;
}

const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".csv"))
  .map((name) => name.replace(/\.csv$/, ""));
const textOf = (name: string) => readFileSync(new URL(`${name}.csv`, FOLDER), "utf8");
const expectedOf = (name: string): Expected =>
  JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"));

function plain({ labels, images, notes }: LabelTable) {
  const rows = images.map((image) => ({
    ...image,
    labels: Array.from(image.labels, (value) => (Number.isNaN(value) ? null : value)),
  }));
  return { labels, images: rows, notes };
}

function mustFail(read: () => unknown, { code, says, details }: ExpectedError): void {
  let thrown: unknown;
  try {
    read();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(XrayError);
  const error = thrown as XrayError;
  expect(error.code).toBe(code);
  for (const part of says) expect(error.message).toContain(part);
  expect(error.details).toEqual(details);
}

test("there are cases", () => {
  expect(names.length).toBeGreaterThan(30);
});

describe.each(names)("%s", (name) => {
  const { options, labels, images, notes, error, boxes, boxError } = expectedOf(name);
  const text = textOf(name);

  if (images !== undefined) {
    test("is this table", () => {
      expect(plain(parseLabelTable(text, options))).toStrictEqual({ labels, images, notes });
    });

    test("is the same table with other line ends and a byte order mark", () => {
      const table = parseLabelTable(text, options);
      const unix = text.replaceAll("\r\n", "\n");
      for (const other of [
        unix,
        unix.replaceAll("\n", "\r\n"),
        unix.replaceAll("\n", "\r"),
        unix.trimEnd(),
      ]) {
        const again = parseLabelTable(`\ufeff${other.replace(/^\ufeff/, "")}`, options);
        expect(plain(again)).toEqual(plain(table));
      }
    });
  }

  if (error !== undefined)
    test("is refused", () => {
      mustFail(() => parseLabelTable(text, options), error);
    });

  if (boxes !== undefined)
    test("are these boxes", () => {
      expect(parseBoxTable(text)).toStrictEqual(boxes);
    });

  if (boxError !== undefined)
    test("are refused as boxes", () => {
      mustFail(() => parseBoxTable(text), boxError);
    });
});
