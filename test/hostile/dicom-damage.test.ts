/**
 * Damage inside the pixel data of DICOM files: what can be noticed is, and a decoder that fails leaves nothing behind.
 *
 * Flipped bits cannot all be noticed, since no transfer syntax has a checksum. That something is missing can.
 */

import { expect, test } from "vitest";
import { decodeImage } from "../../src/node/decode.ts";
import { mapDicom, type Place } from "../fuzz/dicom-map.ts";
import { namedDicomSeeds } from "../fuzz/dicom-seeds.ts";
import { mix, Random } from "../fuzz/random.ts";
import { concat, patched, u32 } from "./builders/bytes.ts";
import { readsOrRefusesLater } from "./refusal.ts";

const CUTS = 24;
const FLIPS = 24;
const COMPRESSED = /rle|jpeg|htj2k/;

/** Files of one frame in one fragment, with that fragment. */
const FILES = (await namedDicomSeeds())
  .filter(({ name }) => COMPRESSED.test(name))
  .map(({ name, bytes }) => ({ name, bytes, map: mapDicom(bytes) }))
  .filter(({ map }) => map.isEncapsulated && map.pixels.length === 2)
  .map(({ name, bytes, map }) => ({ name, bytes, fragment: map.pixels[1]! }));

/** The file with another fragment, of the right length. */
function withFragment(
  bytes: Uint8Array,
  { lengthAt, valueAt, length }: Place,
  value: Uint8Array,
): Uint8Array {
  const even = value.length % 2 === 0 ? value : concat(value, Uint8Array.of(0));
  return concat(
    patched(bytes.subarray(0, valueAt), lengthAt, u32(even.length)),
    even,
    bytes.subarray(valueAt + length),
  );
}

test("there are compressed files to damage", () => {
  expect(FILES.length).toBeGreaterThan(12);
});

test.for(FILES)(
  "a cut frame of $name is refused, unless only padding was cut",
  async ({ bytes, fragment }) => {
    const whole = (await decodeImage(bytes)).data;
    const stream = bytes.subarray(fragment.valueAt, fragment.valueAt + fragment.length);
    for (let i = 0; i < CUTS; i++) {
      const cut = withFragment(bytes, fragment, stream.subarray(0, Math.floor((stream.length * i) / CUTS)));
      const outcome = await decodeImage(cut).catch(({ code }) => code);
      expect(outcome).toSatisfy(
        (found) =>
          found === "dicom/damaged" || Buffer.compare(Buffer.from(found.data), Buffer.from(whole)) === 0,
        `cut at ${i} of ${CUTS}`,
      );
    }
  },
);

test.for(FILES)(
  "after a damaged frame of $name, the next image is right",
  async ({ name, bytes, fragment }) => {
    const whole = (await decodeImage(bytes)).data;
    for (let i = 0; i < FLIPS; i++) {
      const random = new Random(mix(name, 1, i));
      const at = fragment.valueAt + random.below(fragment.length);
      await readsOrRefusesLater(() => decodeImage(patched(bytes, at, Uint8Array.of(random.below(256)))));
      expect((await decodeImage(bytes)).data).toEqual(whole);
    }
  },
);
