/** DICOM files to decode in a page: made ones of every transfer syntax, damaged copies of them, and real ones. */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Case } from "./decoded.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Copies go where the server finds them. */
const COPIES = "build/browser/dicom";

const REAL = fileURLToPath(new URL("../../../shared/data/dicom/", import.meta.url));

/** Why no real files are compared; undefined if they are. */
export const NO_REAL_FILES: string | undefined = existsSync(REAL)
  ? undefined
  : "../shared/data/dicom is missing";

const filesIn = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith(".dcm"))
    .sort()
    .map((file) => `${folder}/${file}`);

const DISPLAY = "fixtures/dicom/display";

/** Made files, as `scripts/reference/dicom_matrix.py` and `dicom_structure.py` leave them. */
export const MADE: readonly string[] = [...filesIn(DISPLAY), ...filesIn("fixtures/dicom/structure")];

/** The made file whose name begins so. */
export function madeFile(start: string): string {
  const found = MADE.find((file) => basename(file).startsWith(start));
  if (found === undefined) throw new Error(`no fixture begins with ${start}`);
  return found;
}

function writeCopy(name: string, bytes: Uint8Array): string {
  mkdirSync(join(ROOT, COPIES), { recursive: true });
  writeFileSync(join(ROOT, COPIES, name), bytes);
  return `${COPIES}/${name}`;
}

/** Ways to damage a file. Pixels come last, so that all but the second hit them. */
const DAMAGES: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  half: (bytes) => bytes.subarray(0, bytes.length >> 1),
  "header-only": (bytes) => bytes.subarray(0, 400),
  "zeroed-middle": (bytes) => {
    const from = Math.floor(bytes.length * 0.6);
    return bytes.slice().fill(0, from, from + 200);
  },
  "ones-near-the-end": (bytes) => bytes.slice().fill(0xff, bytes.length - 300, bytes.length - 100),
};

/** Damaged copies of made files, each in every way. */
export function damagedFiles(sources: readonly string[]): readonly string[] {
  return sources.flatMap((source) => {
    const bytes = new Uint8Array(readFileSync(join(ROOT, source)));
    return Object.entries(DAMAGES).map(([how, damage]) =>
      writeCopy(`${basename(source, ".dcm")}.${how}.dcm`, damage(bytes)),
    );
  });
}

/** Copies of real files, under numbers instead of their names. */
export const realFiles = (): readonly string[] =>
  NO_REAL_FILES === undefined
    ? readdirSync(REAL).map((name, i) => writeCopy(`real-${i}`, readFileSync(join(REAL, name))))
    : [];

/** All choices of display for grey files, and another frame of those that have several. */
export const readingCases = (): readonly Case[] => [
  ...(["minmax", "full-range", "equalize"] as const).flatMap((voi) =>
    ["explicit-le-12u", "implicit-le-10u", "explicit-be-16s", "jpeg-2000-12s"].map((start) => ({
      path: madeFile(start),
      reading: { voi },
    })),
  ),
  ...["odd-frames-jpeg-ls", "odd-frames-rle", "odd-frames-explicit-le"].flatMap((start) =>
    [2, 99].map((frame) => ({ path: madeFile(start), reading: { frame } })),
  ),
];
