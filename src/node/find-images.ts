/**
 * Finds the files of a table's images.
 *
 * Each folder is listed once and no file is examined individually, so 112,120 images are found in well under a second.
 * Names that exist verbatim in one of the places are found first, and the others by the rule of
 * `dataset/image-identity.ts` among the pictures of all places, then among their DICOM files. Only if there are still
 * names left that are UIDs, the headers of the folder's DICOM files are read.
 *
 * Pipeline:   names, places → verbatim → **by the rule → by UID** → files
 * Knows:      the file system. Not what is in the files.
 */

import { basename, join, posix, resolve } from "node:path";
import { imagesMeant } from "../dataset/image-identity.ts";
import { matchNames, NO_IMAGE } from "../dataset/image-lookup.ts";
import { endingOf, endsOf, plainName } from "../dataset/image-name.ts";
import { uidIn } from "../dataset/image-uid.ts";
import { DICOM_ENDINGS, IMAGE_ENDINGS } from "../formats/image-names.ts";
import { imagesOfFolder } from "./image-folder.ts";
import { imagePlaces, type Listing, Listings } from "./image-places.ts";

/** Number of folders to list at the same time. */
const AT_ONCE = 32;

/**
 * Number of ambiguous names to report with their files, and of files to report for each, since finding them is slow.
 */
const MOST_TOLD = 3;
const MOST_FILES = 10;

/** A name that may refer to several files. */
export interface UnclearName {
  /** Index into the names. */
  readonly index: number;
  /** Absolute paths, sorted. Only the first few, and only for the first few names. */
  readonly files: readonly string[];
}

/** A file that several names refer to. */
export interface SharedFile {
  readonly file: string;
  /** Indices into the names, ascending. */
  readonly indices: readonly number[];
}

/** The images of a table, and where they were looked for. */
export interface FoundImages {
  /** The absolute path of each name; undefined if no file was found or the name is ambiguous. */
  readonly paths: readonly (string | undefined)[];
  readonly places: readonly string[];
  readonly unclear: readonly UnclearName[];
  readonly shared: readonly SharedFile[];
}

const folderOf = (name: string): string => (name.includes("/") ? posix.dirname(name) : ".");

/** Group names by their folder part. */
function byFolder(names: readonly string[], indices: Iterable<number>): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const i of indices) {
    const part = folderOf(names[i]!);
    const group = groups.get(part);
    if (group === undefined) groups.set(part, [i]);
    else group.push(i);
  }
  return groups;
}

/** Do something with each item, a few at a time. */
async function inBatches<T>(things: readonly T[], work: (thing: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < things.length; at += AT_ONCE)
    await Promise.all(things.slice(at, at + AT_ONCE).map(work));
}

/** Finds files, and remembers which was found for which name. */
class Search {
  readonly #names: readonly string[];
  readonly #groups: readonly (readonly string[])[];
  readonly #listings: Listings;
  readonly #paths: (string | undefined)[];
  readonly #unclear: UnclearName[] = [];
  readonly #shared: SharedFile[] = [];

  constructor(names: readonly string[], groups: readonly (readonly string[])[], listings: Listings) {
    this.#names = names;
    this.#groups = groups;
    this.#listings = listings;
    this.#paths = new Array<string | undefined>(names.length).fill(undefined);
  }

  /** Find names that exist verbatim in one of the places. Returns the indices of the others. */
  async asTheyStand(): Promise<number[]> {
    let open = [...this.#names.keys()];
    for (const places of this.#groups) {
      if (open.length === 0) break;
      const found = new Map<number, string[]>();
      const parts = [...byFolder(this.#names, open)];
      const wanted = places.flatMap((place) => parts.map(([part, indices]) => ({ place, part, indices })));
      await inBatches(wanted, async ({ place, part, indices }) => {
        const { path, files } = await this.#listings.of(resolve(place, part));
        for (const i of indices) {
          const file = part === "." ? this.#names[i]! : basename(this.#names[i]!);
          if (!files.has(file)) continue;
          const before = found.get(i);
          if (before === undefined) found.set(i, [join(path, file)]);
          else before.push(join(path, file));
        }
      });
      for (const [index, files] of found) this.#take(index, files);
      open = open.filter((i) => !found.has(i));
    }
    this.#share([...this.#names.keys()]);
    return open;
  }

  #take(index: number, files: readonly string[]): void {
    const different = [...new Set(files)];
    if (different.length === 1) this.#paths[index] = different[0]!;
    else this.#unclear.push({ index, files: different.sort().slice(0, MOST_FILES) });
  }

  /** Take a file from all names if several refer to it, since their labels may contradict each other. */
  #share(indices: readonly number[]): void {
    const owners = new Map<string, number[]>();
    for (const i of indices) {
      const path = this.#paths[i];
      if (path === undefined) continue;
      const before = owners.get(path);
      if (before === undefined) owners.set(path, [i]);
      else before.push(i);
    }
    for (const [file, those] of owners) {
      if (those.length === 1) continue;
      this.#shared.push({ file, indices: those });
      for (const i of those) this.#paths[i] = undefined;
    }
  }

  /** The folders where names may lie that do not exist verbatim, trying fewer and fewer of their leading folders. */
  async #foldersOf(open: readonly number[]): Promise<{ part: string; listing: Listing; group: number }[]> {
    const parts = new Set<string>();
    for (const i of open) {
      const plain = plainName(this.#names[i]!);
      for (const end of [plain, ...endsOf(plain)]) parts.add(folderOf(end));
    }
    const wanted: { place: string; part: string; group: number }[] = [];
    for (const [group, places] of this.#groups.entries())
      for (const place of places) {
        const { folders } = await this.#listings.of(place);
        for (const part of parts)
          if (part === "." || folders.has(part.split("/", 1)[0]!)) wanted.push({ place, part, group });
      }
    const found = new Map<string, { part: string; listing: Listing; group: number }>();
    await inBatches(wanted, async ({ place, part, group }) => {
      const listing = await this.#listings.below(place, part === "." ? [] : part.split("/"));
      if (listing !== undefined) found.set(`${group}|${part}|${listing.path}`, { part, listing, group });
    });
    return [...found.values()].sort((a, b) => a.group - b.group);
  }

  /**
   * Candidate files, named relative to a place. Those of an earlier group take precedence over those of a later one.
   */
  async #candidates(
    open: readonly number[],
    isWanted: (ending: string) => boolean,
  ): Promise<{ names: string[]; files: string[] }> {
    const taken = this.#taken();
    const groupOf = new Map<string, number>();
    const [names, files]: string[][] = [[], []];
    for (const { part, listing, group } of await this.#foldersOf(open))
      for (const name of listing.files) {
        const file = join(listing.path, name);
        if (!isWanted(endingOf(name)) || taken.has(file)) continue;
        const from = part === "." ? name : `${part}/${name}`;
        if ((groupOf.get(from) ?? group) !== group) continue;
        groupOf.set(from, group);
        names!.push(from);
        files!.push(file);
      }
    return { names: names!, files: files! };
  }

  /**
   * Find names by the rule, among files with some extensions. Returns the indices of those that mean none of them.
   *
   * @param isWanted  Whether to look among the files with an extension; it is empty for files without one.
   */
  async byRule(open: readonly number[], isWanted: (ending: string) => boolean): Promise<readonly number[]> {
    if (open.length === 0) return open;
    const { names, files } = await this.#candidates(open, isWanted);
    const left: number[] = [];
    const asked = open.map((i) => this.#names[i]!);
    for (const [k, at] of matchNames(names, asked).entries()) {
      const index = open[k]!;
      if (at === NO_IMAGE) left.push(index);
      else if (at >= 0) this.#paths[index] = files[at]!;
      else if (this.#unclear.length >= MOST_TOLD) this.#unclear.push({ index, files: [] });
      else
        this.#take(
          index,
          imagesMeant(names, asked[k]!).map((meant) => files[meant]!),
        );
    }
    this.#share(open);
    return left;
  }

  #taken(): ReadonlySet<string | undefined> {
    return new Set([...this.#paths, ...this.#shared.map(({ file }) => file)]);
  }

  /** Find names that are SOP Instance UIDs, among the DICOM files of a folder and its subfolders. */
  async byUid(open: readonly number[], folder: string): Promise<void> {
    const wanted = new Map<string, number[]>();
    for (const i of open) {
      const uid = uidIn(this.#names[i]!);
      if (uid !== undefined) wanted.set(uid, [...(wanted.get(uid) ?? []), i]);
    }
    if (wanted.size === 0) return;
    const taken = this.#taken();
    const { dicom } = await imagesOfFolder(folder);
    const files = dicom.map((file) => resolve(file)).filter((file) => !taken.has(file));
    if (files.length === 0) return;
    const { filesOfUids } = await import("./find-uids.ts");
    for (const [uid, found] of await filesOfUids(files, new Set(wanted.keys())))
      for (const index of wanted.get(uid)!) this.#take(index, found);
    this.#share(open);
  }

  result(): FoundImages {
    return {
      paths: this.#paths,
      places: this.#groups.flat(),
      unclear: this.#unclear,
      shared: this.#shared,
    };
  }
}

/**
 * Find images by the names that a table gives them.
 *
 * @param folder     The data folder. Images may lie in it, in `images/`, or in `images_001/images/` and so on.
 * @param labelFile  The table's path. Images may also lie beside it.
 * @param names      File names or paths with forward slashes, or SOP Instance UIDs, each for a different image.
 * @throws           XrayError `file/not-accessible` if a folder exists but cannot be listed.
 */
export async function findImages(
  folder: string,
  labelFile: string,
  names: readonly string[],
): Promise<FoundImages> {
  const listings = new Listings();
  const search = new Search(names, await imagePlaces(folder, labelFile, listings), listings);
  const open = await search.asTheyStand();
  const noPicture = await search.byRule(open, (ending) => ending === "" || IMAGE_ENDINGS.has(ending));
  await search.byUid(await search.byRule(noPicture, (ending) => DICOM_ENDINGS.has(ending)), folder);
  return search.result();
}
