/**
 * What images are called in results, messages and file names: by their paths, by their UIDs or by their content.
 *
 * Knows: files. Not results.
 */

import { createHash } from "node:crypto";
import { MAX_IMAGE_BYTES } from "../../engine/limits.ts";
import { XrayError } from "../../errors.ts";
import { readWhole } from "../../node/files.ts";

/**
 * `path`: as given or listed. `uid`: the SOP Instance UID of a DICOM file; other files as for `hash`. `hash`: the first
 * 16 hexadecimal digits of the SHA-256 of the file's bytes.
 */
export const NAMINGS = ["path", "uid", "hash"] as const;

export type Naming = (typeof NAMINGS)[number];

async function hashOf(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readWhole(path, MAX_IMAGE_BYTES))
    .digest("hex")
    .slice(0, 16);
}

/** A UID consists of digits and dots. Anything else could be a path, or text about a person. */
const UID = /^[0-9.]{1,64}$/;

async function uidOf(path: string): Promise<string | undefined> {
  const { sopInstanceUid } = await import("../../node/dicom-header.ts");
  const uid = await sopInstanceUid(path);
  return uid !== undefined && UID.test(uid) ? uid : undefined;
}

/** Names images, and puts their names in place of their paths. */
export class ImageNames {
  readonly naming: Naming;
  readonly #names = new Map<string, string>();

  constructor(naming: Naming) {
    this.naming = naming;
  }

  /**
   * Find the name of an image.
   *
   * @param number  Its place among all images, counted from 1, by which it is called if its file cannot be read.
   */
  async find(path: string, number: number): Promise<string> {
    if (this.naming === "path") return path;
    const uid = this.naming === "uid" ? await uidOf(path) : undefined;
    const name = uid ?? (await hashOf(path).catch(() => `image ${number}`));
    this.#names.set(path, name);
    return name;
  }

  /** The name of an image, once it has been found. */
  of(path: string): string {
    return this.#names.get(path) ?? path;
  }

  /** An image's error with the image's name in place of its path. */
  inError(path: string, error: unknown): unknown {
    const name = this.of(path);
    if (name === path || !(error instanceof XrayError)) return error;
    const { code, message, details } = error;
    const rest = message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
    // A path that could be a word of the message is left alone there.
    const plain = /[./\\]/.test(path) ? rest.replaceAll(path, name) : rest;
    const own = Object.entries(details).filter(([, value]) => value !== path);
    return new XrayError(code, `${name}: ${plain}`, { ...Object.fromEntries(own), file: name });
  }
}
