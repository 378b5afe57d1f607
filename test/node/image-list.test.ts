import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listImages } from "../../src/node/image-list.ts";
import { fixtureBytes } from "../fixtures.ts";

const before = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "medical-x [list] (1)-"));
const png = fixtureBytes("image/decode/grey8.png");

function put(name: string, content: Uint8Array | string = png): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}

beforeAll(() => {
  process.chdir(folder);
  for (const ending of [
    "png",
    "PNG",
    "apng",
    "jpg",
    "Jpeg",
    "jpe",
    "jfif",
    "JFI",
    "jif",
    "mpo",
    "tif",
    "TIFF",
    "btf",
    "webp",
  ])
    put(`endings/a.${ending}`);
  for (const name of ["00000001_000", "1.2.840.113", "sub/b.png", ".hidden.png", ".git/c.png"])
    put(`ward/${name}`);
  put("ward/notes.txt", "x");
  put("ward/more.TXT", "x");
  put("ward/table.csv", "x");
  put("ward/README", "no image");
  put("ward/scan.Jane Doe", "x");
  put("texts/a.txt", "x");
  for (const name of [
    "study (1)/a.png",
    "study (1)/scan (2).png",
    "[ab]/a.png",
    "a/a.png",
    "{x}/a.png",
    "w+@!/a.png",
    "cp/IMG 1 (1).png",
    "cp/IMG(1).png",
    "cp/IMG (2).png",
    "cp/IMG!(3).png",
    "both/1.png",
    "both/a(1).png",
    "odd dir [1]/y(2)/z.jfif",
    "odd dir [1]/y(3)/z.jfif",
  ])
    put(name);
  put("!x.png");
  put("set/a.png");
  put("set/b.png");
  put("linked/a.png");
  symlinkSync("../linked", join(folder, "linked/again"));
  symlinkSync("../set", join(folder, "linked/set"));
  symlinkSync("nowhere.png", join(folder, "linked/broken.png"));
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const images = async (...patterns: string[]) => (await listImages(patterns)).images;

test("every ending of the formats that are read is found in a folder", async () => {
  expect(await images("endings")).toHaveLength(14);
});

test("files without an ending are taken by how they begin, hidden ones never, and the rest is counted without names", async () => {
  const found = await listImages(["ward/"]);
  expect(found.images).toEqual(["ward/00000001_000", "ward/1.2.840.113", "ward/sub/b.png"]);
  expect(found.notes).toEqual([
    "5 other files in ward/ were skipped (.csv, .txt, another ending, no ending)",
  ]);
  expect(found.failures).toEqual([]);
});

test("a folder without images says what it holds instead", async () => {
  const { failures } = await listImages(["texts"]);
  expect(failures[0]).toMatchObject({ code: "images/none" });
  expect(failures[0]?.message).toMatch(
    /^texts: the folder holds no images \(\.png, .*\), but 1 other file \(\.txt\)$/,
  );
});

test("links are followed, in no circle; one that leads nowhere is left for reading to report", async () => {
  expect(await images("linked")).toEqual([
    "linked/a.png",
    "linked/broken.png",
    "linked/set/a.png",
    "linked/set/b.png",
  ]);
});

test.each([
  ["an existing path is literal", "!x.png", ["!x.png"]],
  ["a folder with parentheses", "study (1)/*.png", ["study (1)/a.png", "study (1)/scan (2).png"]],
  ["parentheses in the last part", "study (1)/scan (*).png", ["study (1)/scan (2).png"]],
  ["parentheses behind a wildcard", "stu* (1)/a.png", ["study (1)/a.png"]],
  ["a folder with brackets, not a class", "[ab]/*.png", ["[ab]/a.png"]],
  ["a folder with braces", "{x}/*.png", ["{x}/a.png"]],
  ["plus, at and exclamation mark", "w+@!/*.png", ["w+@!/a.png"]],
  ["a leading exclamation mark", "!*.png", ["!x.png"]],
  ["alternatives", "set/{a,b}.png", ["set/a.png", "set/b.png"]],
  ["an extended pattern", "set/@(a|c).png", ["set/a.png"]],
  ["a negated pattern", "set/!(a).png", ["set/b.png"]],
  ["copies, whose numbers look like a repetition", "cp/*(1).png", ["cp/IMG 1 (1).png", "cp/IMG(1).png"]],
  ["copies of one name", "cp/IMG?(2).png", ["cp/IMG (2).png"]],
  [
    "copies with a mark before the parenthesis",
    "cp/*!(3).png",
    ["cp/IMG (2).png", "cp/IMG 1 (1).png", "cp/IMG!(3).png", "cp/IMG(1).png"],
  ],
  ["a folder's copies", "odd dir [1]/*(2)/z.jfif", ["odd dir [1]/y(2)/z.jfif"]],
  ["the extended reading wins where it matches", "both/*(1).png", ["both/1.png"]],
  ["a class keeps a parenthesis literal", "both/*[(]1).png", ["both/a(1).png"]],
  ["a class", "set/[b-z].png", ["set/b.png"]],
  ["from the working folder", "./set/*.png", ["./set/a.png", "./set/b.png"]],
  ["a hidden folder that is named", "ward/.git", ["ward/.git/c.png"]],
])("%s: %s", async (_, pattern, wanted) => {
  expect(await listImages([pattern])).toMatchObject({ images: wanted, failures: [] });
});

test("an absolute glob below a folder with brackets", async () => {
  expect(await images(`${process.cwd()}/set/*.png`)).toEqual([
    `${process.cwd()}/set/a.png`,
    `${process.cwd()}/set/b.png`,
  ]);
});

test("each file is taken once, as it was first named", async () => {
  expect(await images("set/b.png", "set", "./set/a.png", "set/*.png")).toEqual(["set/b.png", "set/a.png"]);
});

test("a name that is not there is left for reading to report, a glob that matches nothing is an error", async () => {
  expect(await listImages(["none (1).png"])).toMatchObject({ images: ["none (1).png"], failures: [] });
  const { failures } = await listImages(["none (1)/*.png", "study (1)/*.tif"]);
  expect(failures.map(({ message }) => message)).toEqual([
    "none (1)/*.png: no file matches this pattern",
    "study (1)/*.tif: no file matches this pattern",
  ]);
});

test.skipIf(process.getuid?.() === 0)(
  "a subfolder that cannot be read is named, and the others are still searched",
  async () => {
    put("closed/a.png");
    put("closed/in/b.png");
    chmodSync(join(folder, "closed/in"), 0);
    const found = await listImages(["closed"]);
    chmodSync(join(folder, "closed/in"), 0o755);
    expect(found.images).toEqual(["closed/a.png"]);
    expect(found.failures[0]).toMatchObject({ code: "file/not-accessible" });
  },
);
