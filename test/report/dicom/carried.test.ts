import { expect, test } from "vitest";
import { type Attributes, dicomFile, pictureAttributes } from "../../support/dicom-file.ts";
import { objectsOf, type ReadBack } from "./read-back.ts";

const overlay = { width: 2, height: 1, data: new Uint8Array(6) };

/** The report and the overlay of an image with these attributes. */
const madeOf = (attributes: Attributes): Promise<ReadBack[]> =>
  objectsOf({ overlay }, dicomFile({ attributes: { ...pictureAttributes(), ...attributes } }));

const utf8 = (text: string) => new TextEncoder().encode(text);

/** Attributes of type 2, which are there even if they are empty. */
const REQUIRED = [
  "00080020",
  "00080030",
  "00080050",
  "00080090",
  "00100010",
  "00100020",
  "00100030",
  "00100040",
  "00200010",
];

test("what an image lacks is empty where DICOM requires it, and left out elsewhere", async () => {
  for (const { elements } of await madeOf({})) {
    for (const tag of REQUIRED) expect([tag, elements.bytes(`x${tag}`)?.length]).toEqual([tag, 0]);
    for (const tag of ["00081030", "00100021", "00120062", "00080201"])
      expect(elements.raw(`x${tag}`)).toBeUndefined();
  }
});

test("the patient and the study are the image's, in UTF-8, and nothing else of it is taken over", async () => {
  const image: Attributes = {
    "00080005": ["CS", "ISO_IR 192"],
    "00080020": ["DA", "20261127"],
    "00080030": ["TM", "101530"],
    "00080050": ["SH", "A-17"],
    "00080080": ["LO", "Hospital"],
    "00080090": ["PN", "Quill^Ada"],
    "00081030": ["LO", "Thorax – nüchtern"],
    "00081070": ["PN", "Operator^Olga"],
    "00100010": ["PN", utf8("Yamada^Tarou=山田^太郎")],
    "00100020": ["LO", "P-1"],
    "00100021": ["LO", "Registry"],
    "00100030": ["DA", "19700101"],
    "00100040": ["CS", "O"],
    "00101010": ["AS", "056Y"],
    "00104000": ["LT", "a remark about the patient"],
    "0020000d": ["UI", "1.2.3"],
    "00200010": ["SH", "S1"],
    "00324000": ["LT", "a remark about the study"],
  };
  const LEFT_BEHIND = ["00080080", "00081070", "00101010", "00104000", "00324000"];
  for (const { elements } of await madeOf(image)) {
    expect(elements.text("x00080005")).toBe("ISO_IR 192");
    const carried = Object.keys(image).filter((tag) => tag !== "00080005" && !LEFT_BEHIND.includes(tag));
    for (const tag of carried) {
      const value = image[tag]![1];
      const text = typeof value === "string" ? value : new TextDecoder().decode(value as Uint8Array);
      expect([tag, elements.text(`x${tag}`)]).toEqual([tag, text]);
    }
    for (const tag of LEFT_BEHIND) expect([tag, elements.raw(`x${tag}`)]).toEqual([tag, undefined]);
  }
});

test.each([
  ["ISO_IR 100", [0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72], "Müller"],
  ["ISO_IR 144", [0xbb, 0xee, 0xda], "Люк"],
  ["\\ISO 2022 IR 87", [0x41, 0x3d, 0x1b, 0x24, 0x42, 0x3b, 0x33, 0x45, 0x44, 0x1b, 0x28, 0x42], "A=山田"],
  ["GB18030", [0xcd, 0xf5], "王"],
])("a name in %s is decoded and written in UTF-8", async (set, bytes, name) => {
  for (const { elements } of await madeOf({
    "00080005": ["CS", set],
    "00100010": ["PN", Uint8Array.from(bytes)],
  })) {
    expect(elements.text("x00100010")).toBe(name);
    expect(new TextDecoder().decode(elements.bytes("x00100010")).trim()).toBe(name);
  }
});

test("values that are not valid leave their attributes empty or are cut, and nothing fails", async () => {
  const odd: Attributes = {
    "00080020": ["DA", "yesterday"],
    "00080030": ["TM", "25:00"],
    "00080050": ["SH", "A".repeat(40)],
    "00081030": ["LO", "Thorax ".repeat(20)],
    "00100010": ["PN", `${"N".repeat(200)}^^^^^^^`],
    "00100020": ["LO", "1\\2"],
    "00100030": ["DA", "19700230"],
    "00100040": ["CS", "UNKNOWN"],
    "00200010": ["SH", "\u0000\u0001"],
    "0020000d": ["UI", "not a UID"],
  };
  for (const { elements } of await madeOf(odd)) {
    for (const tag of ["00080020", "00080030", "00080050", "00100020", "00100030", "00100040", "00200010"])
      expect([tag, elements.bytes(`x${tag}`)?.length]).toEqual([tag, 0]);
    expect(elements.text("x00081030")).toBe("Thorax ".repeat(20).slice(0, 64).trim());
    expect(elements.text("x00100010")).toBe("N".repeat(64));
    expect(elements.text("x0020000d")).toMatch(/^2\.25\.\d+$/);
  }
});

test("what an image says of the removal of the patient's identity holds for its results", async () => {
  for (const { elements } of await madeOf({ "00120062": ["CS", "YES"] })) {
    expect(elements.text("x00120062")).toBe("YES");
    expect(elements.text("x00120063")).toBe("Not stated by the image");
  }
  for (const { elements } of await madeOf({
    "00120062": ["CS", "YES"],
    "00120063": ["LO", "Basic\\Clean pixels"],
  }))
    expect(elements.texts("x00120063")).toEqual(["Basic", "Clean pixels"]);
  for (const { elements } of await madeOf({ "00120062": ["CS", "NO"], "00120063": ["LO", "Basic"] })) {
    expect(elements.text("x00120062")).toBe("NO");
    expect(elements.raw("x00120063")).toBeUndefined();
  }
});

test("times are in the image's time zone", async () => {
  for (const { elements } of await madeOf({ "00080201": ["SH", "+0530"] })) {
    expect(elements.text("x00080201")).toBe("+0530");
    expect([elements.text("x00080023"), elements.text("x00080033")]).toEqual(["20261127", "154530"]);
  }
});

test("the overlay takes over what holds for its pixels as well", async () => {
  const overlayOf = async (attributes: Attributes) => (await madeOf(attributes))[1]!.elements;
  const plain = await overlayOf({});
  expect(["x00280301", "x00282110", "x00180015"].map((tag) => plain.text(tag))).toEqual([
    "NO",
    "00",
    "CHEST",
  ]);
  expect([plain.raw("x00200060"), plain.texts("x00200020"), plain.raw("x00280030")]).toEqual([
    undefined,
    [],
    undefined,
  ]);
  const lossy = await overlayOf({
    "00180015": ["CS", "HAND"],
    "00200020": ["CS", "A\\F"],
    "00200060": ["CS", "R"],
    "00280030": ["DS", "0.1\\0.1"],
    "00280301": ["CS", "YES"],
    "00282110": ["CS", "01"],
  });
  expect(["x00280301", "x00282110", "x00180015", "x00200060"].map((tag) => lossy.text(tag))).toEqual([
    "YES",
    "01",
    "HAND",
    "R",
  ]);
  expect([lossy.texts("x00200020"), lossy.raw("x00280030")]).toEqual([["A", "F"], undefined]);
  expect((await overlayOf({ "00200020": ["CS", "LEFT\\5"] })).texts("x00200020")).toEqual([]);
});
