/**
 * Chooses which page of a TIFF to read: the requested one, or the largest of those that show the same picture as the
 * first.
 *
 * Knows: directories, and how pages are compared. Not how they are decoded.
 */

import { XrayError } from "../../errors.ts";
import {
  chainOf,
  firstValue,
  openTiff,
  readDirectory,
  type TiffChain,
  type TiffFile,
  withOnly,
} from "../../formats/pictures/tiff.ts";
import { TAG } from "../../formats/pictures/tiff-tags.ts";
import { type Glance, isSamePicture } from "../../image/same-picture.ts";

/** Files with more pages are not compared. */
const MAX_COMPARED = 8;

/** Nor are files whose pages have more pixels in total. */
const MAX_COMPARED_PIXELS = 128_000_000;

/** Directories of files with more pages are not read. */
const MAX_DESCRIBED = 64;

/** A page, as its directory describes it. */
interface Page {
  /** Counted from 1. */
  readonly number: number;
  /** Offset of its directory. */
  readonly at: number;
  readonly width: number;
  readonly height: number;
  /**
   * Whether NewSubfileType (bits 0 and 2) or SubfileType (2) marks it as a smaller version or a mask of another page.
   */
  readonly isAside: boolean;
}

/** What the decoder gets. */
export interface ChosenPage {
  readonly bytes: Uint8Array;
  /** For the receipt, if there are several pages: `page 2 of 3`. */
  readonly steps: readonly string[];
  readonly notes: readonly string[];
}

/** Shrinks the only page of a file; undefined if it cannot be decoded. */
export type Glancer = (bytes: Uint8Array) => Promise<Glance | undefined>;

const ENDS: Readonly<Record<TiffChain["end"], string | undefined>> = {
  end: undefined,
  circle: "its list of pages runs in a circle",
  outside: "its list of pages points outside the file",
  many: "more pages are not counted",
};

function describePage(file: TiffFile, at: number, number: number): Page {
  const directory = readDirectory(file, at)!;
  const of = (tag: number) => firstValue(file, directory, tag) ?? 0;
  const isAside = (of(TAG.subfile) & 0b101) !== 0 || of(TAG.oldSubfile) === 2;
  return { number, at, width: of(TAG.width), height: of(TAG.height), isAside };
}

const area = ({ width, height }: Page): number => width * height;

const largest = (pages: readonly Page[]): Page =>
  pages.reduce((best, page) => (area(page) > area(best) ? page : best));

/** A page, and why it was chosen. */
interface Choice {
  readonly page: Page;
  readonly why: string;
}

/** Why the largest of the pages `alike` was chosen. `alike` contains the first of `pages`. */
function explain(pages: readonly Page[], alike: readonly Page[], areAllReadable: boolean): string {
  const unreadable = "not all pages can be decoded";
  if (alike.length === pages.length) return "all pages show the same picture, and none is larger";
  if (alike.length === 1) return areAllReadable ? "the pages show different pictures" : unreadable;
  const numbers = alike.map(({ number }) => number);
  const listed = `${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)}`;
  const rest = areAllReadable ? "the file holds other pictures too" : unreadable;
  return `pages ${listed} show the same picture, and none of them is larger; ${rest}`;
}

/** The largest of the pages that show the same picture as the first. */
async function chooseAlike(file: TiffFile, pages: readonly Page[], glance: Glancer): Promise<Choice> {
  const [first, ...others] = pages as [Page, ...Page[]];
  const pixels = pages.reduce((sum, page) => sum + area(page), 0);
  if (pages.length > MAX_COMPARED || pixels > MAX_COMPARED_PIXELS)
    return { page: first, why: "the pages are too many or too large to be compared" };
  const wanted = await glance(withOnly(file, first.at));
  if (wanted === undefined) return { page: first, why: explain(pages, [first], false) };
  const alike = [first];
  let areAllReadable = true;
  for (const page of others) {
    const seen = await glance(withOnly(file, page.at));
    if (seen === undefined) areAllReadable = false;
    else if (isSamePicture(seen, wanted)) alike.push(page);
  }
  return { page: largest(alike), why: explain(pages, alike, areAllReadable) };
}

/** The page to read if none was requested, and why. */
async function choose(file: TiffFile, offsets: readonly number[], glance: Glancer): Promise<Choice> {
  const first = describePage(file, offsets[0]!, 1);
  if (offsets.length > MAX_DESCRIBED) return { page: first, why: "the pages are too many to be compared" };
  const pages = offsets.map((at, i) => describePage(file, at, i + 1));
  const whole = pages.filter(({ isAside }) => !isAside);
  if (whole.length === 1)
    return { page: whole[0]!, why: "the others are marked as smaller versions or masks of it" };
  return chooseAlike(file, whole.length === 0 ? pages : whole, glance);
}

/**
 * Choose a page.
 *
 * @param wanted  Page number, counted from 1. By default, the page is chosen here.
 * @returns       The file with that page alone; the same bytes if there is only one page.
 * @throws        XrayError `raster/no-such-page`, or `raster/damaged` if there are no pages.
 */
export async function choosePage(
  bytes: Uint8Array,
  wanted: number | undefined,
  glance: Glancer,
): Promise<ChosenPage> {
  const file = openTiff(bytes);
  const { offsets, end } = file === undefined ? { offsets: [], end: "outside" as const } : chainOf(file);
  if (file === undefined || offsets.length === 0) {
    const message =
      "the tiff image cannot be decoded: its directory is not in the file, which is cut short or damaged; export it again";
    throw new XrayError("raster/damaged", message, { kind: "tiff" });
  }
  const damage = ENDS[end] === undefined ? "" : ` (${ENDS[end]})`;
  const count = offsets.length;
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= 1)) {
    const message = `page ${wanted} was asked for; give a whole number, 1 or more`;
    throw new XrayError("raster/no-such-page", message, { wanted });
  }
  if (wanted !== undefined && wanted > count) {
    const has = count === 1 ? "one page" : `${count} pages`;
    throw new XrayError(
      "raster/no-such-page",
      `page ${wanted} was asked for, but the file has ${has}${damage}; ask for one that it has`,
      { wanted, pages: count },
    );
  }
  if (count === 1) {
    if (end === "end") return { bytes, steps: [], notes: [] };
    return { bytes: withOnly(file, offsets[0]!), steps: [], notes: [`one page was found${damage}`] };
  }
  const several = `of ${count}`;
  if (wanted !== undefined) {
    const steps = [`page ${wanted} ${several}`];
    return { bytes: withOnly(file, offsets[wanted - 1]!), steps, notes: [] };
  }
  const { page, why } = await choose(file, offsets, glance);
  return {
    bytes: withOnly(file, page.at),
    steps: [`page ${page.number} ${several}`],
    notes: [`page ${page.number} ${several} was read${damage}: ${why}; the option page reads another`],
  };
}
