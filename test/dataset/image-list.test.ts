import { expect, test } from "vitest";
import { findListed, mustFind, parseImageList } from "../../src/dataset/image-list.ts";
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

test("names are looked up by the one rule; what is no image here is counted, and doubles are one image", () => {
  const images = imagesOf("images/a.png", "b.png", "00000002_000.jpg");
  const names = ["data/b.jpg", "a.png", "IMAGES/a.png", "x/00000002_000.png", "b", "gone.png"];
  expect(findListed(images, names)).toEqual({ indices: [0, 1, 2], lacking: 2 });
});

test("a name that may mean several images is refused, and they are named", () => {
  const images = imagesOf("1/v.png", "2/v.png", "3/v.png", "w.png", "w.jpg");
  expect(() => findListed(images, ["2/v.png", "w"])).toThrow(
    expect.objectContaining({
      code: "split/unclear-name",
      message:
        "1 name in the list may mean several images, the first w (w.png or w.jpg); write such names with their folders and endings, as the label file does",
      details: { first: "w", images: ["w.png", "w.jpg"] },
    }),
  );
  expect(() => findListed([...images, ...imagesOf("4/v.png")], ["v.png", "w"])).toThrow(
    /^2 names in the list may mean several images, the first v\.png \(1\/v\.png, 2\/v\.png, 3\/v\.png or others\); /,
  );
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
