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
import { expectSameBits } from "../support/same-bits.ts";
import { concat, patched, u32 } from "./builders/bytes.ts";
import { readsOrRefusesLater, refusesLater } from "./refusal.ts";

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
      expectSameBits((await decodeImage(bytes)).data, whole);
    }
  },
);

const NAMED = new Map((await namedDicomSeeds()).map(({ name, bytes }) => [name, bytes]));
const seed = (name: string): Uint8Array => NAMED.get(`damage/${name}.dcm`)!;

test("an RLE frame of which a part stands twice is refused", async () => {
  const bytes = seed("rle");
  const fragment = mapDicom(bytes).pixels[1]!;
  const stream = bytes.subarray(fragment.valueAt, fragment.valueAt + fragment.length);
  // Behind the header of 64 bytes, so that it is the last segment that grows.
  const end = stream.length - 40;
  const doubled = concat(stream.subarray(0, end), stream.subarray(end - 40, end), stream.subarray(end));
  await refusesLater(() => decodeImage(withFragment(bytes, fragment, doubled)), "dicom/damaged");
});

test("pixel data that is longer than its picture is noted", async () => {
  const bytes = seed("explicit");
  const place = mapDicom(bytes).pixels[0]!;
  const longer = withFragment(bytes, place, concat(bytes.subarray(place.valueAt), new Uint8Array(6)));
  expect((await decodeImage(bytes)).notes).toEqual([]);
  expect((await decodeImage(longer)).notes).toEqual([
    "its pixel data is 6 bytes longer than its picture; they were left out",
  ]);
});

test("what follows the last attribute is noted, unless it is zeros", async () => {
  const bytes = seed("explicit");
  const notes = async (rest: Uint8Array) => (await decodeImage(concat(bytes, rest))).notes;
  expect(await notes(new Uint8Array(64))).toEqual([]);
  expect(await notes(new Uint8Array(5).fill(7))).toEqual([
    "5 bytes after its last attribute were left out, as they are no attributes",
  ]);
});

test("a DICOM file whose preamble is the beginning of a TIFF is read as DICOM", async () => {
  const both = patched(seed("explicit"), 0, Uint8Array.of(0x49, 0x49, 0x2a, 0, 8, 0, 0, 0));
  expect((await decodeImage(both)).header?.modality).toBe("DX");
});
