/** Picture files as grey pictures, and what the checks of pixels say of them. */

import { readdirSync, readFileSync } from "node:fs";
import sharp from "sharp";
import type { Check, CheckName } from "../../src/checks/check.ts";
import { pixelChecks } from "../../src/checks/pixel-checks.ts";
import type { Grey } from "./grey.ts";

/** Decode a file to 8-bit grey. */
export async function open(file: URL): Promise<Grey> {
  const { data, info } = await sharp(readFileSync(file))
    .flatten()
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, grey: new Uint8Array(data) };
}

/** The PNG files in a folder. */
export const filesOf = (folder: URL): URL[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".png"))
    .map((name) => new URL(name, folder));

/** Every check of pixels. */
export const checked = (picture: Grey): readonly Check[] => pixelChecks({ ...picture, lowBits: undefined });

/** The outcome of one of them. */
export const outcome = (picture: Grey, name: CheckName) =>
  checked(picture).find(({ check }) => check === name)!.outcome;

/** The reason that it gives. */
export const reason = (picture: Grey, name: CheckName) =>
  checked(picture).find(({ check }) => check === name)!.reason;
