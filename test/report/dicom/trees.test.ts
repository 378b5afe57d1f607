import { describe, expect, test } from "vitest";
import { SR_STYLES } from "../../../src/report/dicom/result-object.ts";
import { VERSION } from "../../../src/version.ts";
import { dicomFile, pictureAttributes } from "../../support/dicom-file.ts";
import { resultOfLabels } from "../../support/results.ts";
import { flat, type Item, itemOf, reportOf } from "./read-back.ts";

const LABELS = ["Effusion", "Cardiomegaly", "Lung Opacity"];
const [EFFUSION, CARDIOMEGALY, OPACITY] = [0.1234567, 0.98765432, 0.00001234567];
const RESULT = resultOfLabels(LABELS, {
  probabilities: { Effusion: EFFUSION, Cardiomegaly: CARDIOMEGALY, "Lung Opacity": OPACITY },
  detected: ["Cardiomegaly"],
});
const { sha256 } = RESULT.model;

const treeOf = async (...request: Parameters<typeof reportOf>): Promise<Item> =>
  itemOf((await reportOf(...request)).elements);

const section = (tree: Item, title: string): Item =>
  tree.below.find(({ concept }) => concept.endsWith(` ${title}`))!;

describe("the report", () => {
  test("begins with what it is for, then the findings over their operating points, then the model", async () => {
    const conclusion = section(await treeOf({ result: RESULT }), "Conclusions").below[0]!;
    expect(conclusion.concept).toBe("121077 DCM Conclusion");
    expect(conclusion.value.split("\r\n")).toEqual([
      "Research use only. Not a medical device; not for diagnosis. Preliminary, and not verified by a physician.",
      "At or above its operating point: Cardiomegaly (98.77 %).",
      `Computed by Medical-X ${VERSION} with the model densenet121_model.pth.`,
    ]);
  });

  test("has a table for a monospaced font, in falling order of probability", async () => {
    const table = section(await treeOf({ result: RESULT }), "Findings").below[0]!;
    expect(table).toMatchObject({ type: "TEXT", concept: "121071 DCM Finding" });
    expect(table.value.split("\r\n")).toEqual([
      "Finding      | Probability | Operating point | Reached",
      "Cardiomegaly |     98.77 % |         50.00 % |     yes",
      "Effusion     |     12.35 % |         50.00 % |      no",
      "Lung Opacity |      0.00 % |         50.00 % |      no",
    ]);
  });

  test("has a coded number for each finding, and the algorithm and the image below it", async () => {
    const numbers = section(await treeOf({ result: RESULT }), "Findings").below.slice(1);
    expect(
      numbers.map(({ type, concept, value }) => [type, concept.replace(/-\d{10}/, "-…"), value]),
    ).toEqual([
      ["NUM", "CARDIOMEGALY 99MEDX Cardiomegaly", "98.76543 %"],
      ["NUM", "60046008 SCT Pleural effusion", "12.34567 %"],
      ["NUM", "LABEL-… 99MEDX Lung Opacity", "0.001234567 %"],
    ]);
    expect(
      numbers[0]!.below.map(({ relationship, concept, value }) => [relationship, concept, value]),
    ).toEqual([
      ["HAS CONCEPT MOD", "121401 DCM Derivation", "122157 DCM Probability"],
      ["HAS PROPERTIES", "OPERATING-POINT 99MEDX Operating point", "50 %"],
      ["HAS PROPERTIES", "111001 DCM Algorithm Name", "densenet121_model.pth"],
      ["HAS PROPERTIES", "111003 DCM Algorithm Version", VERSION],
      ["HAS PROPERTIES", "122405 DCM Algorithm Manufacturer", "The Medical-X authors"],
      ["HAS PROPERTIES", "111002 DCM Algorithm Parameters", `sha256:${sha256}`],
      ["INFERRED FROM", "121112 DCM Source of Measurement", "1.2.840.10008.5.1.4.1.1.1.1 1.2.3.4.5"],
    ]);
  });

  test("refers to no image where OHIF would render it", async () => {
    const tree = await treeOf({ result: RESULT });
    const rendered = [tree, ...tree.below, ...tree.below.flatMap(({ below }) => below)];
    expect(rendered.filter(({ type }) => type === "IMAGE")).toEqual([]);
  });

  test("says what was assumed", async () => {
    const result = { ...RESULT, notes: ["the file holds 3 frames; the first was read"] };
    const text = section(await treeOf({ result }), "Current Procedure Descriptions").below[0]!.value;
    expect(text.split("\r\n")).toEqual([
      `Program: Medical-X ${VERSION}.`,
      `Model: densenet121_model.pth, SHA-256 ${sha256}.`,
      "Operating point: 50.00 % for every finding, which is a fixed number and was not measured for this model.",
      "Names of the findings: the CheXNet family's order.",
      "Preparation of the image: decode dicom 16x16 grey8, explicit little endian; resize 224x224.",
      "Note: The image names no valid UID of its study; one was made from the image's own.",
      "Note: the file holds 3 frames; the first was read",
    ]);
  });

  test("says that operating points are the card's, what calibration makes of the numbers, and each warning once", async () => {
    const calibrated = { Effusion: 0.2, Cardiomegaly: 0.75 };
    const reason = "The image is almost black.";
    const checks = (["exposure", "view"] as const).map((check) => ({
      check,
      outcome: "warn" as const,
      reason,
    }));
    const tree = await treeOf({
      result: { ...RESULT, threshold: "card", detected: [], calibrated, checks },
    });
    const conclusion = section(tree, "Conclusions").below[0]!.value.split("\r\n");
    expect(conclusion[1]).toBe(
      "No finding reaches its operating point. This does not mean that none is present.",
    );
    expect(conclusion.filter((line) => line.includes("black"))).toEqual([`Warning: ${reason}`]);
    const [table, ...numbers] = section(tree, "Findings").below;
    expect(table!.value.split("\r\n").map((line) => line.split(" | ").at(-1))).toEqual([
      "Calibrated",
      "   75.00 %",
      "   20.00 %",
      "         -",
    ]);
    expect(numbers[0]!.below.map(({ concept, value }) => `${concept} ${value}`)).toContain(
      "CALIBRATED-PROB 99MEDX Calibrated probability 75 %",
    );
    const description = section(tree, "Current Procedure Descriptions").below[0]!.value;
    expect(description).toContain("Operating points: one for each finding, from the model's card.");
    expect(description).toContain("Operating points apply to the probabilities, not to the calibrated ones.");
  });
});

test.each(SR_STYLES)(
  "a report of style %s names its observer, and has the words that every report has",
  async (style) => {
    const tree = await treeOf({ style, result: RESULT });
    expect(tree.concept).toBe("18748-4 LN Diagnostic Imaging Report");
    expect(
      tree.below.slice(0, 7).map(({ relationship, concept, value }) => [relationship, concept, value]),
    ).toEqual([
      [
        "HAS CONCEPT MOD",
        "121049 DCM Language of Content Item and Descendants",
        "en-US RFC5646 English (United States)",
      ],
      ["HAS OBS CONTEXT", "121005 DCM Observer Type", "121007 DCM Device"],
      ["HAS OBS CONTEXT", "121012 DCM Device Observer UID", expect.stringMatching(/^2\.25\.\d+$/)],
      ["HAS OBS CONTEXT", "121013 DCM Device Observer Name", "Medical-X"],
      ["HAS OBS CONTEXT", "121014 DCM Device Observer Manufacturer", "The Medical-X authors"],
      ["HAS OBS CONTEXT", "121015 DCM Device Observer Model Name", `Medical-X ${VERSION}`],
      ["HAS CONCEPT MOD", "121058 DCM Procedure reported", "36554-4 LN XR Chest Single view"],
    ]);
    const words = flat(tree)
      .map(({ value }) => value)
      .join("\n");
    for (const part of ["Research use only", sha256, "98.76543 %", "densenet121_model.pth", "50 %"])
      expect(words).toContain(part);
    expect(flat(tree).filter(({ concept }) => concept === "")).toEqual([]);
  },
);

test("the tree of measurements has a group for each finding, with its own tracking UID", async () => {
  const tree = await treeOf({ style: "tid1500", result: RESULT });
  const groups = section(tree, "Imaging Measurements").below;
  expect(groups.map(({ concept }) => concept)).toEqual(Array(3).fill("125007 DCM Measurement Group"));
  expect(groups[1]!.below.map(({ relationship, concept, value }) => [relationship, concept, value])).toEqual([
    ["HAS OBS CONTEXT", "112039 DCM Tracking Identifier", "Effusion"],
    ["HAS OBS CONTEXT", "112040 DCM Tracking Unique Identifier", expect.stringMatching(/^2\.25\.\d+$/)],
    ["CONTAINS", "121071 DCM Finding", "60046008 SCT Pleural effusion"],
    ["CONTAINS", "121112 DCM Source of Measurement", "1.2.840.10008.5.1.4.1.1.1.1 1.2.3.4.5"],
    ["CONTAINS", "122157 DCM Probability", "12.34567 %"],
    ["CONTAINS", "OPERATING-POINT 99MEDX Operating point", "50 %"],
  ]);
  expect(new Set(groups.map(({ below }) => below[1]!.value)).size).toBe(3);
  const library = flat(section(tree, "Image Library"));
  expect(library.map(({ value }) => value)).toEqual(
    expect.arrayContaining(["DX DCM Digital Radiography", "16 {pixels}"]),
  );
});

test("references name the frame that was read of an image with several, and no frame of another", async () => {
  const attributes = { ...pictureAttributes(), "00280008": ["IS", "3"] } as const;
  const file = dicomFile({ sopClass: "1.2.840.10008.5.1.4.1.1.7.2", attributes });
  const framesOf = (tree: Item) =>
    new Set(
      flat(tree)
        .filter(({ type }) => type === "IMAGE")
        .map(({ value }) => value.split(" ")[2]),
    );
  expect(framesOf(await treeOf({ frame: 2 }, file))).toEqual(new Set(["2"]));
  expect(framesOf(await treeOf({}, file))).toEqual(new Set(["1"]));
  expect(framesOf(await treeOf({ frame: 1 }))).toEqual(new Set([undefined]));
  // A class whose images have one frame: dciodvfy refuses a reference to another.
  expect(framesOf(await treeOf({ frame: 2 }, dicomFile({ attributes })))).toEqual(new Set([undefined]));
});

test("earlier reports are named by study and series", async () => {
  const earlier = (number: number) => ({
    studyInstanceUid: "1.2.3",
    seriesInstanceUid: `1.2.3.${number > 2 ? 2 : 1}`,
    sopClassUid: "1.2.840.10008.5.1.4.1.1.88.33",
    sopInstanceUid: `1.2.3.9.${number}`,
  });
  const { elements } = await reportOf({ predecessors: [1, 2, 3].map(earlier) });
  const studies = elements.sequence("x0040a360");
  expect(studies.map((study) => study.text("x0020000d"))).toEqual(["1.2.3"]);
  const named = studies[0]!
    .sequence("x00081115")
    .map((series) => [
      series.text("x0020000e"),
      series.sequence("x00081199").map((object) => object.text("x00081155")),
    ]);
  expect(named).toEqual([
    ["1.2.3.1", ["1.2.3.9.1", "1.2.3.9.2"]],
    ["1.2.3.2", ["1.2.3.9.3"]],
  ]);
  expect((await reportOf()).elements.raw("x0040a360")).toBeUndefined();
});

test("the schemes that a report uses are declared, the private one with its maker", async () => {
  const { elements } = await reportOf();
  const schemes = elements.sequence("x00080110");
  expect(schemes.map((scheme) => scheme.text("x00080102"))).toEqual([
    ...["99MEDX", "DCM", "LN", "RADLEX", "RFC5646", "SCT", "UCUM"],
  ]);
  expect(schemes[0]!.text("x00080116")).toBe("Medical-X");
  expect(schemes[5]!.text("x0008010c")).toBe("2.16.840.1.113883.6.96");
});
