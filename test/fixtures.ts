/** Reads fixtures: files with their expected results in JSON beside them. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

const ROOT = new URL("../fixtures/", import.meta.url);

export function fixtureBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, ROOT)));
}

export function fixtureJson<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, ROOT), "utf8"));
}

/** The files of a folder that have a `<file>.json` beside them, sorted. */
export function fixtureFiles(folder: string): string[] {
  const names = new Set(readdirSync(new URL(`${folder}/`, ROOT)));
  const files = [...names].filter((name) => names.has(`${name}.json`)).sort();
  if (files.length === 0) throw new Error(`no fixtures in ${folder}`);
  return files;
}

export function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
