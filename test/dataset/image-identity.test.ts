/** The rule of docs/data.md: each row is a set of images, a name, and the images that it means. */

import { describe, expect, test } from "vitest";
import { imagesCalled, imagesMeant, isSameImage } from "../../src/dataset/image-identity.ts";
import { matchNames, NO_IMAGE, SEVERAL_IMAGES } from "../../src/dataset/image-lookup.ts";
import { Random } from "../../src/random.ts";

const NFC = "Müller/Größe.png".normalize("NFC");
const NFD = NFC.normalize("NFD");
const UID = "1.2.840.113619.2.5.1762583153";
const KAGGLE = "/kaggle/input/data/images_001/images/00000001_000.png";
const LONG = `${"n".repeat(5000)}/${"m".repeat(5000)}`;

/** What it is about; the images; the name; the places that it may mean. */
type Row = readonly [about: string, images: readonly string[], name: string, meant: readonly number[]];

const ROWS: readonly Row[] = [
  ["as it stands", ["a.png", "b.png"], "b.png", [1]],
  ["another image", ["a.png"], "c.png", []],
  ["as it stands, though another is spelled alike", ["a.PNG", "a.png"], "a.png", [1]],

  ["fewer folders", ["images/a.png", "b.png"], "a.png", [0]],
  ["more folders", ["images/a.png", "b.png"], "data/b.png", [1]],
  ["other folders", ["1/a.png"], "2/a.png", []],
  ["other folders above equal ones", ["x/1/a.png"], "y/1/a.png", []],
  ["half of a folder's name", ["images/a.png"], "es/a.png", []],
  ["half of a file's name", ["images/a.png"], "xa.png", []],
  ["one base name in two folders", ["1/a.png", "2/a.png"], "a.png", [0, 1]],
  ["told apart by the folder", ["1/a.png", "2/a.png"], "x/2/a.png", [1]],
  ["the longest whole name", ["3/w.png", "w.png"], "x/3/w.png", [0]],
  ["a whole name before a part", ["3/w.png", "w.png"], "x/w.png", [1]],

  ["an absolute path", ["images/a.png"], "/data/images/a.png", [0]],
  ["among absolute paths", ["/data/images/a.png", "/data/images/b.png"], "images/b.png", [1]],
  ["Kaggle's path, of a plain name", ["00000001_000.png"], KAGGLE, [0]],
  ["a plain name, of Kaggle's path", [KAGGLE], "00000001_000.png", [0]],
  ["a Windows path", ["images/a.png"], "C:\\data\\images\\a.png", [0]],
  ["of a Windows path", ["C:\\data\\images\\a.png"], "data/images/a.png", [0]],
  ["of a Windows path, the other drive's", ["C:\\data\\a.png", "D:\\data\\a.png"], "D:/data/a.png", [1]],
  ["of either drive", ["C:\\data\\a.png", "D:\\data\\a.png"], "a.png", [0, 1]],
  ["what is no folder", ["../images/a.png", "c/./d.png"], "x/../c//d.png", [1]],
  ["what goes up", ["../images/a.png"], "./../images/a.png", [0]],
  ["nothing but slashes", ["a.png"], "///", []],

  ["without its ending", ["a.png", "b.png"], "b", [1]],
  ["of a name without an ending", ["a", "b"], "b.dcm", [1]],
  ["another ending", ["00000004_000.png"], "x/00000004_000.jpg", [0]],
  ["another ending and fewer folders", ["images/a.dcm"], "a.png", [0]],
  ["an ending in capitals", ["a.png"], "a.PNG", [0]],
  ["which ending, without one", ["a.png", "a.jpg"], "a", [0, 1]],
  ["its own ending of two", ["a.png", "a.jpg"], "a.JPG", [1]],
  ["a third ending of two", ["a.png", "a.jpg"], "a.tif", [0, 1]],
  ["its own ending before its own folder", ["a.jpg", "images/a.png"], "a.png", [1]],
  ["an ending behind an ending", ["abc.dcm.png"], "abc.dcm", [0]],
  ["what is no ending of a picture", ["a.png"], "a.txt", []],
  ["a text beside the picture", ["a.png", "a.txt"], "a", [0]],
  ["a file that is called as an ending", [".png"], "png", []],

  ["capitals in the name", ["A.png"], "a.png", []],
  ["capitals in a folder", ["Images/a.png"], "images/a.png", []],

  ["letters composed", [NFD], NFC, [0]],
  ["letters decomposed", [NFC], `data/${NFD}`, [0]],
  ["either, as it stands", [NFC, NFD], NFD, [1]],

  ["a UID", [UID, "1.2.840.113619.2.5.99"], UID, [0]],
  ["a UID with an ending", [UID], `${UID}.dcm`, [0]],
  ["a UID's last part is no ending", ["1.2.840.113619"], "1.2.840", []],
  ["two UIDs that differ in the last part", ["1.2.840.1"], "1.2.840.2", []],

  ["spaces within", ["my scan 1.png"], "x/my scan 1.png", [0]],
  ["spaces around", ["a.png"], "  a.png\t", [0]],
  ["a name with a space behind it, as it stands", ["a.png", "a.png "], "a.png ", [1]],
  ["percent signs mean themselves", ["a%20b.png", "a b.png"], "x/a%20b.png", [0]],
  ["an escaped name is another", ["a b.png"], "a%20b.png", []],
  ["emoji", ["🩻/🫁.png", "🫀.png"], "🫁.jpg", [0]],
  ["a very long name", [`${LONG}.png`, "a.png"], `x/${LONG}`, [0]],

  ["NIH's in another folder and format", ["images_001/00000001_000.png"], "train/00000001_000.jpg", [0]],
  ["NIH's in two folders", ["a/00000001_000.png", "b/00000001_000.png"], "c/00000001_000.png", [0, 1]],
  ["NIH's by the folder", ["a/00000001_000.png", "b/00000001_000.png"], "b/00000001_000.jpg", [1]],
  ["a patient that NIH lacks", ["a/00030806_000.png"], "b/00030806_000.png", []],
];

const placeOf = (meant: readonly number[]) =>
  meant.length === 0 ? NO_IMAGE : meant.length === 1 ? meant[0]! : SEVERAL_IMAGES;

describe.each(ROWS)("%s", (_, images, name, meant) => {
  test("one name is looked at", () => {
    expect(imagesMeant(images, name)).toEqual(meant);
  });

  test("many are looked up", () => {
    expect(matchNames(images, [name, ...images])).toEqual([placeOf(meant), ...images.keys()]);
  });
});

test("two names are one image or two, whichever is asked for", () => {
  for (const [, images, name, meant] of ROWS)
    for (const [at, image] of images.entries()) {
      expect(isSameImage(image, name)).toBe(isSameImage(name, image));
      if (meant.includes(at)) expect(isSameImage(image, name)).toBe(true);
    }
});

test("a name that stands twice in the set is none that can be meant", () => {
  expect(matchNames(["a.png", "b.png", "a.png"], ["a.png", "b.png", "a"])).toEqual([
    SEVERAL_IMAGES,
    1,
    SEVERAL_IMAGES,
  ]);
});

test("names of the same file in other folders can be told", () => {
  expect(imagesCalled(["1/a.png", "2/a.jpg", "b.png", "xa.png"], "3/a.tif")).toEqual([0, 1]);
});

/** The same letter, composed and decomposed, and parts that are not folders. */
const FOLDERS = ["1/", "2/", "\u00e9/", "e\u0301/", "./", "//"];

/** Names of few parts, so that many are alike. */
function madeUpNames(count: number, seed: number): string[] {
  const random = Random.of(seed, "names");
  const pick = (from: readonly string[]) => from[random.int(from.length)]!;
  return Array.from({ length: count }, () => {
    const folders = Array.from({ length: random.int(4) }, () => pick(FOLDERS));
    return (
      folders.join("") + pick(["a", "b", "00000001_000"]) + pick(["", ".png", ".PNG", ".jpg", ".dcm.png"])
    );
  });
}

test("many names looked up at once mean what each means alone, in a thousand made-up sets", () => {
  let several = 0;
  for (let seed = 0; seed < 1000; seed++) {
    const images = [...new Set(madeUpNames(1 + (seed % 8), seed))];
    const names = madeUpNames(12, seed + 5000);
    const alone = names.map((name) => placeOf(imagesMeant(images, name)));
    expect({ images, names, places: matchNames(images, names) }).toEqual({ images, names, places: alone });
    several += alone.filter((at) => at === SEVERAL_IMAGES).length;
  }
  expect(several).toBeGreaterThan(500);
});
