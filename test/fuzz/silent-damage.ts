/**
 * How often a flipped bit in a DICOM file's pixel data goes unnoticed, by transfer syntax.
 *
 *   npm run fuzz:silent                                      the small files of fixtures/dicom/damage
 *   npm run fuzz:silent -- --flips 200 xray.dcm other.dcm    other files
 *
 * Each flip is one bit of the picture's bytes, at random, always the same for the same file. It may be refused, be noted,
 * change nothing that is shown, or change the picture silently.
 */

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { decodeImage } from "../../src/node/decode.ts";
import { mapDicom, type Place } from "./dicom-map.ts";
import { namedDicomSeeds } from "./dicom-seeds.ts";
import { mix, Random } from "./random.ts";

/** What became of the flips. */
interface Outcomes {
  refused: number;
  noted: number;
  same: number;
  /** Another picture, without a word. */
  silent: number;
  /** Of the silent ones: the sum of the largest differences in grey levels, and that of the shares of changed pixels. */
  levels: number;
  pixels: number;
}

const { values, positionals } = parseArgs({
  options: { flips: { type: "string", default: "1000" } },
  allowPositionals: true,
});
const flips = Number(values.flips);

const files =
  positionals.length > 0
    ? positionals.map((path) => ({ name: basename(path), bytes: new Uint8Array(readFileSync(path)) }))
    : (await namedDicomSeeds()).filter(({ name }) => name.startsWith("damage/"));

/** The pieces of the picture itself, without the offset table. */
function pieces(bytes: Uint8Array): readonly Place[] {
  const { pixels, isEncapsulated } = mapDicom(bytes);
  return isEncapsulated ? pixels.slice(1) : pixels;
}

function withFlip(bytes: Uint8Array, random: Random, places: readonly Place[]): Uint8Array {
  const copy = bytes.slice();
  const { valueAt, length } = random.pick(places);
  copy[valueAt + random.below(length)]! ^= 1 << random.below(8);
  return copy;
}

async function outcomesOf({ name, bytes }: (typeof files)[number]): Promise<Outcomes> {
  const whole = await decodeImage(bytes);
  const places = pieces(bytes);
  const outcomes: Outcomes = { refused: 0, noted: 0, same: 0, silent: 0, levels: 0, pixels: 0 };
  for (let i = 0; i < flips; i++) {
    const found = await decodeImage(withFlip(bytes, new Random(mix(name, 2, i)), places)).catch(
      () => undefined,
    );
    if (found === undefined) outcomes.refused += 1;
    else if (found.notes.length > whole.notes.length) outcomes.noted += 1;
    else {
      let [most, changed] = [0, 0];
      for (const [at, level] of found.data.entries()) {
        const difference = Math.abs(level - whole.data[at]!);
        if (difference > 0) changed += 1;
        if (difference > most) most = difference;
      }
      if (changed === 0) outcomes.same += 1;
      else {
        outcomes.silent += 1;
        outcomes.levels += most;
        outcomes.pixels += changed / whole.data.length;
      }
    }
  }
  return outcomes;
}

const percent = (share: number): string => (100 * share).toFixed(1).padStart(8);
console.log(
  "percent of flips".padEnd(34),
  " refused   noted    same  silent   pixels changed  largest change",
);
for (const file of files) {
  const { refused, noted, same, silent, levels, pixels } = await outcomesOf(file);
  const shares = [refused, noted, same, silent].map((number) => percent(number / flips)).join("");
  const mean =
    silent === 0 ? "" : `${percent(pixels / silent)} %${(levels / silent).toFixed(0).padStart(16)}`;
  console.log(`${file.name.padEnd(34)}${shares}${mean.padStart(18)}`);
}
