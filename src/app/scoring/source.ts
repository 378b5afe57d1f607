/**
 * The images that a plan is made of: a folder that is searched, or a list of paths and addresses.
 *
 * Pipeline:   **folder or list → images, in order, with size and time** → plan
 * Knows:      files. Not models.
 */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { namesImageColumn } from "../../dataset/columns.ts";
import { XrayError } from "../../errors.ts";
import { fileError, systemCode } from "../../node/files.ts";
import { isAddress, shownAddress } from "../../node/remote/address.ts";
import { namesIn, walkImages } from "../../node/walk-images.ts";
import type { PlanHead, PlanTail } from "../../results/scoring-plan.ts";
import type { PlanImage } from "./plan-image.ts";
import { addressFacts } from "./read-planned.ts";

type Source = PlanHead["source"];

/** Images to look at at the same time. */
const AT_ONCE = 64;

/** So many folders are watched for new images; looking at more would cost each process too much. */
const MOST_FOLDERS = 1000;

const hashOf = (names: readonly string[]): string =>
  createHash("sha256").update(names.join("\n")).digest("hex").slice(0, 32);

/** Size and time of a file, or nulls if there is no such file. Throws what the system throws for any other reason. */
export async function fileFacts(path: string): Promise<Pick<PlanImage, "size" | "time">> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, time: Math.floor(mtimeMs) };
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return { size: null, time: null };
    throw fileError(path, error);
  }
}

/** Where a plan's relative paths begin, as this process sees it. */
export function baseOf({ kind, base, given }: Pick<Source, "kind" | "base" | "given">): string {
  if (kind === "folder") return given;
  return base === "list" ? dirname(given) : "";
}

/** The file of a listed path. */
export const fileOf = (base: string, path: string): string =>
  base === "" || isAbsolute(path) || isAddress(path) ? path : join(base, path);

/** What an image is called in results: a listed path as it is, a found one below the folder as given. */
export const listedName = ({ kind, given }: Source, path: string): string =>
  kind === "folder" ? `${given.replace(/\/+$/, "")}/${path}` : path;

/** What it is called in messages, which contain nothing that may be secret in an address. */
export const shownName = (source: Source, path: string): string =>
  isAddress(path) ? shownAddress(path) : listedName(source, path);

function noList(list: string): XrayError {
  const message = `${list}: this is not a list of images: it is no text in UTF-8; name a text file with one image on each line, or a folder`;
  return new XrayError("scoring/bad-list", message, { file: list });
}

/** A list's text, piece by piece. Throws XrayError `scoring/bad-list`, and what the system throws. */
async function* textOf(list: string): AsyncGenerator<string, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decoded = (piece?: Buffer): string => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined });
    } catch {
      throw noList(list);
    }
  };
  for await (const piece of createReadStream(list)) {
    const text = decoded(piece as Buffer);
    if (text.includes("\0")) throw noList(list);
    yield text;
  }
  yield decoded();
}

/** A list's lines as they are. */
async function* rawLinesOf(list: string): AsyncGenerator<string, void> {
  let rest = "";
  for await (const text of textOf(list)) {
    const lines = `${rest}${text}`.split(/\r\n|\n|\r/);
    rest = lines.pop()!;
    yield* lines;
  }
  yield rest;
}

/** The lines of a list, without blanks, quotation marks and a heading. Throws XrayError `scoring/bad-list`, `file/…`. */
async function* linesOf(list: string): AsyncGenerator<string, void> {
  let isFirst = true;
  try {
    for await (const line of rawLinesOf(list)) {
      const name = line
        .replace(/^\ufeff/, "")
        .trim()
        .replace(/^(["'])(.*)\1$/, "$2");
      if (name === "") continue;
      const isHeading = isFirst && namesImageColumn(name);
      isFirst = false;
      if (!isHeading) yield name;
    }
  } catch (error) {
    throw error instanceof XrayError ? error : fileError(list, error);
  }
}

/** Names that have been seen. 16 bytes of a hash stand for each, so that ten million fit into memory. */
class Seen {
  readonly #hashes = new Set<string>();

  /** Returns false if the name was there before. */
  add(name: string): boolean {
    const before = this.#hashes.size;
    this.#hashes.add(name.length <= 16 ? name : createHash("md5").update(name).digest().toString("latin1"));
    return this.#hashes.size > before;
  }
}

/** A list's relative paths begin in the working directory if the first of them is found there, else at the list. */
async function baseOfList(list: string): Promise<Source["base"]> {
  for await (const name of linesOf(list)) {
    if (isAddress(name) || isAbsolute(name)) continue;
    if ((await fileFacts(name)).size !== null) return "working-directory";
    return (await fileFacts(join(dirname(list), name))).size === null ? "working-directory" : "list";
  }
  return "working-directory";
}

/** SHA-256 of a list. Throws XrayError `file/…`. */
export async function hashOfList(list: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const piece of createReadStream(list)) hash.update(piece as Buffer);
  } catch (error) {
    throw fileError(list, error);
  }
  return hash.digest("hex");
}

/** What was given as images. Throws XrayError `scoring/bad-list`, `file/…`. */
export async function sourceOf(given: string): Promise<Source> {
  const found = await stat(given).catch((error) => {
    throw fileError(given, error);
  });
  if (found.isDirectory()) return { kind: "folder", given, base: "folder", sha256: null };
  if (!found.isFile())
    throw new XrayError("file/not-regular", `${given}: this is a device, not a folder or a list`, {
      file: given,
    });
  return { kind: "list", given, base: await baseOfList(given), sha256: await hashOfList(given) };
}

/** What has been found, apart from the images. */
export class Findings {
  #folders: NonNullable<PlanTail["folders"]>[number][] | null = [];
  repeated = 0;

  get folders(): PlanTail["folders"] {
    return this.#folders;
  }

  noFolders(): void {
    this.#folders = null;
  }

  addFolder(path: string, time: number, names: readonly string[]): void {
    if (this.#folders !== null && this.#folders.length < MOST_FOLDERS)
      this.#folders.push({ path, time, names: hashOf(names) });
    else this.#folders = null;
  }
}

async function* pathsIn(source: Source, findings: Findings): AsyncGenerator<string, void> {
  if (source.kind === "list") {
    findings.noFolders();
    const seen = new Seen();
    for await (const name of linesOf(source.given)) {
      if (seen.add(name)) yield name;
      else findings.repeated += 1;
    }
    return;
  }
  const root = source.given.replace(/(?<=.)\/+$/, "");
  yield* walkImages(root, ({ path, time, names }) => findings.addFolder(path, time, names));
}

async function factsOf(base: string, path: string): Promise<PlanImage> {
  if (isAddress(path)) return { path, ...(await addressFacts(path)) };
  return { path, ...(await fileFacts(fileOf(base, path))), version: null };
}

/** The images of a source with what is known about them, in order. Throws XrayError `file/…`, `scoring/unavailable`. */
export async function* imagesOf(source: Source, findings: Findings): AsyncGenerator<PlanImage, void> {
  const base = baseOf(source);
  const ahead: Promise<PlanImage>[] = [];
  for await (const path of pathsIn(source, findings)) {
    const facts = factsOf(base, path);
    facts.catch(() => undefined);
    ahead.push(facts);
    if (ahead.length >= AT_ONCE) yield await ahead.shift()!;
  }
  for (const facts of ahead) yield await facts;
}

/**
 * What has changed about a source since its plan was made, in words; undefined if nothing is known to have changed.
 * That an image itself has changed shows when it is read.
 */
export async function changeOf(
  source: Source,
  given: string,
  { folders }: PlanTail,
): Promise<string | undefined> {
  if (source.kind === "list")
    return (await hashOfList(given)) === source.sha256 ? undefined : `the list ${given} has changed`;
  for (const { path, time, names } of folders ?? []) {
    const folder = join(given, path);
    if ((await fileFacts(folder)).time === time) continue;
    if (hashOf(await namesIn(folder)) !== names) return `images were added to ${folder} or removed from it`;
  }
  return undefined;
}
