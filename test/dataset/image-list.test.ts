import { expect, test } from "vitest";
import {
  findListed,
  matchNames,
  mustFind,
  parseImageList,
  SEVERAL_IMAGES,
} from "../../src/dataset/image-list.ts";
import type { LabelledImage } from "../../src/dataset/label-table.ts";

const imagesOf = (...names: string[]): LabelledImage[] =>
  names.map((image) => ({ image, patient: image, labels: new Float32Array(0) }));

test("a list is one name a line; headings, blank lines, doubles, CRLF and a byte order mark are passed over", () => {
  expect(parseImageList("\ufeffImage Index\r\n b.png \r\n\r\na, 1.png\r\nb.png\r\n")).toEqual([
    "b.png",
    "a, 1.png",
  ]);
  expect(parseImageList("a\rb\n")).toEqual(["a", "b"]);
  expect(parseImageList("image.png")).toEqual(["image.png"]);
  for (const empty of ["", "\n\n", "Image Index\n"])
    expect(() => parseImageList(empty)).toThrow(expect.objectContaining({ code: "split/empty-list" }));
});

test("the same image, though one name has folders before it that the other lacks", () => {
  const images = imagesOf("images/a.png", "b.png", "c/d/e.png");
  const names = ["a.png", "data/images/b.png", "images/c/d/e.png", "f.png"];
  expect(matchNames(images, names)).toEqual([0, 1, 2, -1]);
  expect(matchNames(images, [".\\images\\a.png"])).toEqual([0]);
});

test("names in different folders are different images", () => {
  const images = imagesOf("patient1/v1.jpg", "patient1/v2.jpg");
  expect(matchNames(images, ["patient2/v1.jpg", "other/patient1/v2.jpg"])).toEqual([-1, 1]);
  expect(matchNames(images, ["patient1/v1.jpg", "v1.jpg", "patient2/v1.jpg"])).toEqual([0, 0, -1]);
});

test("a name that may mean several images is unclear; of whole names that it ends with, the longest is meant", () => {
  const images = imagesOf("1/v.png", "2/v.png", "3/w.png", "w.png");
  const names = ["v.png", "2/v.png", "x/w.png", "x/3/w.png", "w.png"];
  expect(matchNames(images, names)).toEqual([SEVERAL_IMAGES, 1, 3, 2, 3]);
  expect(() => findListed(images, ["2/v.png", "v.png"])).toThrow(
    expect.objectContaining({ code: "split/unclear-name", details: { first: "v.png" } }),
  );
});

test("what is no folder of a path plays no part", () => {
  const images = imagesOf("../images/a.png", "/data/images/b.png", "c/./d.png");
  const names = [
    "../up/images/a.png",
    "/tmp/images/a.png",
    "images//b.png",
    "x/../c/d.png",
    "./../images/a.png",
  ];
  expect(matchNames(images, names)).toEqual([0, 0, 1, 2, 0]);
});

test("NIH's images are the same in any folder and format", () => {
  const images = imagesOf("images_001/00000001_000.png", "00000002_000.jpg");
  const names = ["train/00000001_000.jpg", "other/00000002_000.png", "00000003_000.png"];
  expect(matchNames(images, names)).toEqual([0, 1, -1]);
  expect(findListed(images, names)).toEqual({ indices: [0, 1], lacking: 1 });
  expect(matchNames(imagesOf("a/00000001_000.png", "b/00000001_000.jpg"), ["c/00000001_000.tif"])).toEqual([
    SEVERAL_IMAGES,
  ]);
});

test("a list of other images is refused with the name of the first", () => {
  const images = imagesOf("a.png");
  expect(mustFind(images, new Set(["x.png", "a.png"]), "validation list").lacking).toBe(1);
  expect(() => mustFind(images, new Set(["x.png", "y.png"]), "validation list")).toThrow(
    expect.objectContaining({
      code: "split/no-match",
      message: expect.stringMatching(/validation list.*x\.png.*a\.png/),
    }),
  );
});
