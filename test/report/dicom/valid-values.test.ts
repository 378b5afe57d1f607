import { expect, test } from "vitest";
import {
  codeString,
  date,
  description,
  identifier,
  lines,
  personName,
  shortText,
  term,
  time,
  uid,
  zoneMinutes,
} from "../../../src/report/dicom/valid-values.ts";

test.each([
  ["20261127", "20261127"],
  [" 20240229 ", "20240229"],
  ["2026.11.27", "20261127"],
  ["20230229", ""],
  ["00000101", ""],
  ["20261301", ""],
  ["2026-11-27", ""],
  ["2026.1127", ""],
  ["20261127-20261128", ""],
  ["", ""],
  [undefined, ""],
])("the date %j is written as %j", (text, written) => {
  expect(date(text)).toBe(written);
});

test.each([
  ["10", "10"],
  ["1015", "1015"],
  ["101530", "101530"],
  ["235960", "235960"],
  ["101530.123456", "101530.123456"],
  ["10:15:30", "101530"],
  ["10:15", "1015"],
  ["101530.1234567", ""],
  ["24", ""],
  ["1060", ""],
  ["9:15", ""],
  ["noon", ""],
  [undefined, ""],
])("the time %j is written as %j", (text, written) => {
  expect(time(text)).toBe(written);
});

test.each([
  [["P-17"], 64, "P-17"],
  [["1234567890123456"], 16, "1234567890123456"],
  [["12345678901234567"], 16, ""],
  [["12", "34"], 64, ""],
  [["12\n34"], 64, ""],
  [["病歴-17"], 5, "病歴-17"],
  [[], 64, ""],
])("the identifier %j of at most %i characters is whole or empty", (values, most, written) => {
  expect(identifier(values, most)).toBe(written);
});

test.each([
  ["Doe^Jane", "Doe^Jane"],
  ["Doe^Jane\\Roe^Richard", "Doe^Jane/Roe^Richard"],
  ["Yamada^Tarou=山田^太郎=やまだ^たろう", "Yamada^Tarou=山田^太郎=やまだ^たろう"],
  ["A^B^C^D^E^F^G", "A^B^C^D^E"],
  ["A=B=C=D", "A=B=C"],
  ["A==", "A"],
  ["\u001bDoe\u0000", "Doe"],
  ["x".repeat(64), "x".repeat(64)],
  ["x".repeat(65), "x".repeat(64)],
  [`${"x".repeat(70)}=${"長".repeat(64)}`, "x".repeat(64)],
  [`Doe=${"長".repeat(65)}`, `Doe=${"長".repeat(20)}`],
  ["Ж".repeat(64), "Ж".repeat(64)],
  ["", ""],
  [undefined, ""],
])("the name %j is written as %j", (text, written) => {
  expect(personName(text)).toBe(written);
});

test("a description is cut where it is too long, and no character is cut in two", () => {
  expect(description("  a\tb\\c ")).toBe("a b/c");
  expect(description("é".repeat(64))).toBe("é".repeat(64));
  expect(description("é".repeat(65))).toBe("é".repeat(32));
  expect(description(`${"a".repeat(62)}🫁🫁🫁`)).toBe("a".repeat(62));
  expect(shortText("é".repeat(64))).toBe("é".repeat(32));
});

test("lines end with CR and LF, and other control characters become spaces", () => {
  expect(lines("a\nb\r\nc\rd\u0007e\u001bf\tg\u0085h\\i")).toBe("a\r\nb\r\nc\r\nd e f\tg h\\i");
});

test.each([
  ["1.2.840.10008.1.1", "1.2.840.10008.1.1"],
  [" 1.2.3 ", "1.2.3"],
  ["1.02.3", "1.02.3"],
  [`1.${"2".repeat(62)}`, `1.${"2".repeat(62)}`],
  [`1.${"2".repeat(63)}`, undefined],
  ["1..2", undefined],
  [".1.2", undefined],
  ["1.2.", undefined],
  ["17", undefined],
  ["../../etc/passwd", undefined],
  ["1.2/3", undefined],
  ["1.2.٣", undefined],
  ["", undefined],
  [undefined, undefined],
])("%j is the UID %j", (text, found) => {
  expect(uid(text)).toBe(found);
});

test.each([
  ["+0000", 0],
  ["-0500", -300],
  ["+0530", 330],
  ["+1400", 840],
  ["-1200", -720],
  ["+1500", undefined],
  ["+0560", undefined],
  ["0500", undefined],
  ["UTC", undefined],
])("the time zone %j is %j minutes ahead of UTC", (text, minutes) => {
  expect(zoneMinutes(text)).toBe(minutes);
});

test("terms and code strings are written in capitals, or not at all", () => {
  expect(term(" f ", ["M", "F", "O"])).toBe("F");
  expect(term("female", ["M", "F", "O"])).toBe("");
  expect(codeString("chest ")).toBe("CHEST");
  expect(codeString("Thorax (p.a.)")).toBe("");
  expect(codeString("A".repeat(17))).toBe("");
});
