import { expect, test } from "vitest";
import { type Judged, seenImages } from "../../../src/app/data/seen-images.ts";
import { seenName } from "../../../src/app/data/seen-names.ts";
import { packNames } from "../../../src/dataset/image-hashes.ts";
import { findListed } from "../../../src/dataset/image-list.ts";
import type { LabelledImage } from "../../../src/dataset/label-table.ts";
import { CATALOGUE } from "../../../src/models/catalogue.ts";

const imageOf = (image: string, patient = image.split("_")[0]!): LabelledImage => ({
  image,
  patient,
  labels: new Float32Array(0),
});

/** Patient 1 has three images, 2 and 3 one each. */
const TABLE = ["1_0.png", "1_1.png", "1_2.png", "2_0.png", "3_0.png"].map((name) => imageOf(name));

const judged = (given: Partial<Judged>): Judged => ({
  name: "m.pth",
  learnedFrom: undefined,
  images: TABLE,
  table: TABLE,
  phantom: undefined,
  ...given,
});

const learned = (training: string[], validation: string[] = [], phantomSeed?: number) => {
  const phantom = phantomSeed === undefined ? undefined : { seed: phantomSeed, size: 64 };
  const packed = (names: string[]) => packNames(names.map((name) => seenName(name, phantom)));
  return [{ dataset: "labels.csv", training: packed(training), validation: packed(validation) }];
};

test("images that a card names are counted, and others of the same patients", () => {
  const seen = seenImages(judged({ learnedFrom: learned(["1_0.png"], ["2_0.png"]) }));
  expect(seen).toMatchObject({ training: 1, validation: 1, samePatients: 2, unknowns: [] });
  expect(seen.warnings).toEqual([
    "m.pth was trained on 1 of the 5 evaluated images (its card: labels.csv), so its figures are optimistic",
    "1 of the 5 evaluated images was used to choose the epoch or the thresholds of m.pth (its card: labels.csv), so its figures are optimistic",
    "2 of the 5 evaluated images are of patients of whom m.pth has seen other images (its card: labels.csv), so its figures may be optimistic",
  ]);
});

test("a patient's images that were trained on count though they are not evaluated", () => {
  const images = TABLE.filter(({ image }) => image === "1_2.png");
  const seen = seenImages(judged({ images, learnedFrom: learned(["1_0.png"]) }));
  expect(seen).toMatchObject({ training: 0, samePatients: 1 });
  expect(seen.warnings[0]).toMatch(/^the only evaluated image is of patients/);
});

test("what a model started from counts as well; of both, training weighs more", () => {
  const [earlier] = learned(["2_0.png"]);
  const [own] = learned(["3_0.png"], ["2_0.png"]);
  expect(seenImages(judged({ learnedFrom: [earlier!, own!] }))).toMatchObject({ training: 2, validation: 0 });
});

test("phantoms of another seed are other images, though they are called alike", () => {
  const learnedFrom = learned(["1_0.png"], [], 5);
  expect(seenImages(judged({ learnedFrom, phantom: { seed: 5, size: 512 } })).training).toBe(1);
  expect(seenImages(judged({ learnedFrom, phantom: { seed: 6, size: 64 } })).training).toBe(0);
  expect(seenImages(judged({ learnedFrom })).training).toBe(0);
});

test("nothing is said where nothing was seen", () => {
  const none = { training: 0, validation: 0, calibration: 0, samePatients: 0, calibrationPatients: 0 };
  const nothing = { ...none, warnings: [], unknowns: [], notes: [] };
  expect(seenImages(judged({ learnedFrom: learned(["9_0.png"]) }))).toEqual(nothing);
  expect(seenImages(judged({}))).toEqual(nothing);
});

/** The first patients of the CheXNet lists' parts. */
const NIH = {
  training: imageOf("00001522_000.png"),
  test: imageOf("00000010_000.png"),
};

test.each(["arnoweng-chexnet", "zoogzog-chexnet", "jrzech-chexnet", "jrzech-chexnet-old"])(
  "of %s it is known by which lists it was trained",
  (name) => {
    const { learnedFrom } = CATALOGUE.find((row) => row.name === name)!.card;
    const images = [NIH.training, NIH.test];
    expect(seenImages(judged({ learnedFrom, images, table: images })).training).toBe(1);
    // Phantoms have names like NIH's, but are not its images.
    const phantom = { seed: 1, size: 64 };
    expect(seenImages(judged({ learnedFrom, images, table: images, phantom })).training).toBe(0);
  },
);

test("of a split that is not published nobody can tell, and that is said of NIH's images alone", () => {
  const { learnedFrom } = CATALOGUE.find(({ name }) => name === "xrv-nih")!.card;
  const of = (images: LabelledImage[]) => seenImages(judged({ learnedFrom, images, table: images }));
  expect(of([NIH.test, imageOf("a.png")]).unknowns).toEqual([
    "m.pth was trained on NIH ChestX-ray14 by a split that is not published, so nobody can tell whether it has seen 1 of the 2 evaluated images",
  ]);
  expect(of([imageOf("a.png")]).unknowns).toEqual([]);
});

test.each([
  ["xrv-all", "NIH, PadChest, CheXpert, MIMIC, Google, OpenI, RSNA"],
  ["xrv-rsna", "RSNA Pneumonia Challenge"],
])("%s learned from other images than NIH's too, under names that are not NIH's", (row, dataset) => {
  const { learnedFrom } = CATALOGUE.find(({ name }) => name === row)!.card;
  expect(seenImages(judged({ learnedFrom, images: [NIH.test, imageOf("a.png")] })).unknowns).toEqual([
    `m.pth was trained on ${dataset} by a split that is not published, so nobody can tell whether it has seen 1 of the 2 evaluated images`,
    `nothing says which images m.pth has learned from (${dataset}); it may have seen 1 of the 2 evaluated images`,
  ]);
});

test("who learned from other data sets has seen none of NIH's images, and no phantom; others it may have", () => {
  const { learnedFrom } = CATALOGUE.find(({ name }) => name === "xrv-chex")!.card;
  const of = (given: Partial<Judged>) => seenImages(judged({ learnedFrom, ...given })).unknowns;
  expect(of({ images: [NIH.test] })).toEqual([]);
  expect(of({ phantom: { seed: 1, size: 64 } })).toEqual([]);
  expect(of({ images: [NIH.test, imageOf("a.png")] })).toEqual([
    "nothing says which images m.pth has learned from (CheXpert); it may have seen 1 of the 2 evaluated images",
  ]);
  const unknown = [{ dataset: "unknown, of w.pth" }];
  expect(seenImages(judged({ learnedFrom: unknown, images: [NIH.test] })).unknowns[0]).toMatch(
    /it may have seen the only evaluated image$/,
  );
});

test("a published split tells nothing of images that are not called as NIH's are, and that is said", () => {
  const { learnedFrom } = CATALOGUE.find(({ name }) => name === "arnoweng-chexnet")!.card;
  const seen = seenImages(judged({ learnedFrom, images: [NIH.training, imageOf("a.png")] }));
  expect(seen).toMatchObject({ training: 1, unknowns: [] });
  expect(seen.notes).toEqual([
    "1 of the 2 evaluated images is not named as ChestX-ray14's images are, so the lists that m.pth was trained by say nothing about it",
  ]);
});

test("a list that does not tell training from validation is not made to", () => {
  const warningOf = (name: string) => {
    const { learnedFrom } = CATALOGUE.find((row) => row.name === name)!.card;
    return seenImages(judged({ learnedFrom, images: [NIH.training], table: [] })).warnings[0];
  };
  expect(warningOf("arnoweng-chexnet")).toMatch(/^m\.pth was trained on the only evaluated image/);
  expect(warningOf("jrzech-chexnet")).toMatch(/^m\.pth was trained or validated on the only evaluated image/);
});

test("NIH's images are known in any folder and format", () => {
  const learnedFrom = learned(["00000013_005.png", "images/00000014_000.jpg"]);
  const images = ["images_001/00000013_005.jpg", "00000014_000.png", "00000015_000.png"].map((name) =>
    imageOf(name, name),
  );
  expect(seenImages(judged({ learnedFrom, images, table: images }))).toMatchObject({
    training: 2,
    samePatients: 0,
  });
});

test("images that a calibration was fitted to are counted", () => {
  const calibratedOn = packNames(["1_0.png", "2_0.png"]);
  const seen = seenImages(judged({ calibratedOn, learnedFrom: learned(["9_0.png"]) }));
  expect(seen).toMatchObject({ training: 0, calibration: 2, samePatients: 0, calibrationPatients: 2 });
  expect(seen.warnings).toEqual([
    "the calibration of m.pth was fitted to 2 of the 5 evaluated images, so its calibrated figures are optimistic",
    "2 of the 5 evaluated images are of patients whose other images the calibration of m.pth was fitted to, so its calibrated figures may be optimistic",
  ]);
});

test("where nothing is known, images of the official training list are counted; test images speak for themselves", () => {
  const mixed = [imageOf("00000001_000.png"), imageOf("00000003_000.png")];
  expect(seenImages(judged({ images: mixed, table: mixed })).unknowns[0]).toMatch(
    /^nothing says which images m\.pth was trained on, and 1 of the 2 evaluated images is in the official train_val_list\.txt/,
  );
  const test_ = [imageOf("00000003_000.png")];
  expect(seenImages(judged({ images: test_, table: test_ }))).toMatchObject({
    unknowns: [],
    notes: ["all evaluated images are test images in the official lists of ChestX-ray14"],
  });
  const chexnet = [NIH.test];
  expect(seenImages(judged({ images: chexnet, table: chexnet })).notes).toEqual([
    "all evaluated images are test images in the lists that the CheXNet reimplementations share",
  ]);
  // A folder's own list takes precedence over the published one.
  const trainValList = new Set(["1_0.png"]);
  expect(seenImages(judged({ trainValList })).unknowns[0]).toMatch(
    /1 of the 5 evaluated images is in train_val_list/,
  );
});

test("one foreign image among NIH's does not silence the published lists", () => {
  const images = [imageOf("00000001_000.png"), imageOf("a.png")];
  expect(seenImages(judged({ images, table: images })).unknowns[0]).toMatch(
    /1 of the 2 evaluated images is in the official train_val_list\.txt/,
  );
});

test("a list of which no image is known does not hide what the card says", () => {
  const trainList = { name: "other.txt", listed: findListed(TABLE, ["a.png", "b.png"]) };
  const seen = seenImages(judged({ trainList, learnedFrom: learned(["1_0.png"]) }));
  expect(seen.training).toBe(1);
  expect(seen.notes).toEqual([
    "none of the names in other.txt is an image of the label file, so the list says nothing about the evaluated images",
  ]);
});

test("a list of the user's own wins over what the card says, in folders or not", () => {
  const trainList = { name: "mine.txt", listed: findListed(TABLE, ["images/3_0.png", "gone.png"]) };
  const seen = seenImages(judged({ trainList, learnedFrom: learned(["1_0.png"]) }));
  expect(seen).toMatchObject({ training: 1, samePatients: 0 });
  expect(seen.warnings).toEqual([
    "m.pth was trained on 1 of the 5 evaluated images (mine.txt), so its figures are optimistic",
  ]);
  expect(seen.notes).toEqual(["1 name of the list mine.txt is not among the images"]);
});
