import { expect, test } from "vitest";
import { toEightBits } from "../../src/image/colour.ts";
import { decodeRaster } from "../../src/node/raster.ts";
import { fixtureBytes, fixtureFiles, fixtureJson, sha256 } from "../fixtures.ts";

interface Expected {
  /** The page that is read, from 1. */
  readonly chosen: number;
  /** PIL's pages, at 8 bits; null for a page that PIL refuses. */
  readonly pages: readonly ({ width: number; height: number; sha256: string } | null)[];
}

const files = fixtureFiles("image/pages");
const expectedOf = (file: string) => fixtureJson<Expected>(`image/pages/${file}.json`);

async function read(file: string, page?: number) {
  const reading = page === undefined ? {} : { page };
  const { width, height, data, steps, notes } = await decodeRaster(
    fixtureBytes(`image/pages/${file}`),
    reading,
  );
  const eight = data instanceof Uint16Array ? toEightBits(data) : data;
  return { pixels: { width, height, sha256: sha256(eight) }, steps, notes };
}

test.each(files)("%s: the largest of the pages that show the first one's picture is read", async (file) => {
  const { chosen, pages } = expectedOf(file);
  const { pixels, steps, notes } = await read(file);
  expect(pixels).toEqual(pages[chosen - 1]);
  expect(steps[1]).toBe(`page ${chosen} of ${pages.length}`);
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(
    new RegExp(`^page ${chosen} of ${pages.length} was read: .*; the option page reads another$`),
  );
});

test.each(files.flatMap((file) => expectedOf(file).pages.map((page, i) => [file, i + 1, page] as const)))(
  "%s: page %d is read where it is named",
  async (file, number, page) => {
    if (page === null) {
      await expect(read(file, number)).rejects.toMatchObject({ code: "raster/damaged" });
      return;
    }
    const { pixels, steps, notes } = await read(file, number);
    expect(pixels).toEqual(page);
    expect(steps[1]).toMatch(new RegExp(`^page ${number} of `));
    expect(notes).toEqual([]);
  },
);

test.each([
  ["thumbnail-first.tif", /the others are marked as smaller versions/],
  ["pyramid.tif", /all pages show the same picture, and none is larger/],
  ["different.tif", /the pages show different pictures/],
  ["second-damaged.tif", /not all pages can be decoded/],
  [
    "thumbnail-then-another.tif",
    /pages 1 and 2 show the same picture, and none of them is larger; the file holds other pictures too/,
  ],
  ["another-between.tif", /pages 1 and 3 show the same picture/],
  ["another-and-its-thumbnail.tif", /the pages show different pictures/],
  ["third-damaged.tif", /pages 1 and 2 show the same picture, .*; not all pages can be decoded/],
  ["twelve-pages.tif", /too many or too large to be compared/],
])("%s: the note says why", async (file, why) => {
  expect((await read(file)).notes[0]).toMatch(why);
});

test.each([
  ["pages/different.tif", 3, /^page 3 was asked for, but the file has 2 pages; ask for one that it has$/],
  ["decode/grey8.tif", 2, /^page 2 was asked for, but the file has one page; ask for one that it has$/],
  ["decode/grey8.png", 2, /a png file has no pages; leave the page out to read its first picture/],
  ["pages/different.tif", 0, /was asked for; give a whole number, 1 or more$/],
  ["pages/different.tif", 1.5, /was asked for; give a whole number, 1 or more$/],
])("%s has no page %d, and says so", async (file, page, message) => {
  const refused = decodeRaster(fixtureBytes(`image/${file}`), { page });
  await expect(refused).rejects.toMatchObject({ code: "raster/no-such-page" });
  await expect(refused).rejects.toThrow(message);
});

test("page 1 of a file that has no others is that file", async () => {
  const bytes = fixtureBytes("image/decode/grey8.png");
  expect(await decodeRaster(bytes, { page: 1 })).toEqual(await decodeRaster(bytes));
});
