import { expect, test } from "vitest";
import { readBits } from "../../src/image/bits.ts";
import { toEightBits } from "../../src/image/colour.ts";
import { plainPreparation, withBits } from "../../src/image/preparation.ts";
import { prepareImage } from "../../src/image/prepare.ts";
import { fixtureJson } from "../fixtures.ts";

interface BitsCase {
  readonly bits: number;
  readonly values: readonly number[];
  readonly eight: readonly number[];
}

const { cases } = fixtureJson<{ cases: BitsCase[] }>("image/bits.json");

test.each(cases)(
  "$bits bits become 8 by value · 255/(2^n − 1), rounded, and no more than white",
  ({ bits, values, eight }) => {
    expect([...toEightBits(Uint16Array.from(values), bits)]).toEqual(eight);
  },
);

test("16 bits, where nobody says otherwise, are value/257", () => {
  const values = Uint16Array.from({ length: 65_536 }, (_, i) => i);
  expect([...toEightBits(values)]).toEqual(Array.from(values, (value) => Math.round(value / 257)));
});

const deep = (...data: number[]) => ({ data: Uint16Array.from(data) });

test.each([
  ["12 bits, the largest value of them", 4095, 12, 12],
  ["a 12-bit picture that is a little dark", 3000, 12, 12],
  ["11 bits, which no detector has", 2047, 11, 12],
  ["9 bits", 400, 9, 10],
  ["8 bits in 16", 255, 8, 8],
  ["one bit", 1, 1, 8],
  ["14 bits", 16_383, 14, 14],
])("%s are noticed, and the bits to give are named", (_, largest, used, depth) => {
  const { notes, steps, bits } = readBits(deep(0, 1, largest), undefined);
  expect(notes).toEqual([
    `the 16-bit samples use only the low ${used} bits, so the model sees a dark picture; if the detector has ${depth} bits, set the option bits to ${depth}`,
  ]);
  expect(steps).toEqual([`16 to 8 bits (only the low ${used} are used)`]);
  expect(bits).toBe(16);
});

test.each([
  ["a picture whose largest sample is over a quarter of the range", 16_384],
  ["a picture that reaches white", 65_535],
  ["a black picture", 0],
])("%s is not spoken of", (_, largest) => {
  const { notes, steps } = readBits(deep(0, 0, largest), undefined);
  expect([notes, steps]).toEqual([[], ["16 to 8 bits"]]);
});

/** A ramp through all greys with this many bits, 64 × 64. */
const ramp = (bits: number): number[] =>
  Array.from({ length: 4096 }, (_, i) => Math.floor((i * 2 ** bits) / 4096));

const lowBitsOf = (samples: readonly number[]): string | undefined =>
  /only the low (\d+) bits/.exec(readBits(deep(...samples), undefined).notes[0] ?? "")?.[1];

test.each([10, 12, 14])("%d bits are noticed behind what is burned in at white, hard or soft", (bits) => {
  const picture = ramp(bits);
  const most = 2 ** bits - 1;
  // Edges go evenly from the picture's largest sample to white, and are less than 1 % of the samples.
  const soft = Array.from({ length: 30 }, (_, i) => Math.round(most + ((65_535 - most) * (i + 1)) / 31));
  expect(lowBitsOf([...picture, ...new Array(20).fill(65_535)])).toBe(String(bits));
  expect(lowBitsOf([...picture, ...new Array(2000).fill(65_535)])).toBe(String(bits));
  expect(lowBitsOf([...picture, ...new Array(20).fill(0xff00)])).toBe(String(bits));
  expect(lowBitsOf([...picture, ...soft, ...new Array(200).fill(65_535)])).toBe(String(bits));
  // Text that is so thin that no sample is fully white, on a wide black border.
  expect(lowBitsOf([...picture, ...soft, ...new Array(20_000).fill(0)])).toBe(String(bits));
});

test("a dark picture of 16 bits with a few bright places is not spoken of, with a marker or without", () => {
  // 0.7 % of its samples lie above a quarter of the range, fewer and fewer towards white.
  const tail = Array.from({ length: 29 }, (_, i) => Math.round(16_384 * 1.6 ** ((i / 28) ** 3)));
  const picture = [...ramp(14), ...tail];
  expect(lowBitsOf(picture)).toBeUndefined();
  expect(lowBitsOf([...picture, ...new Array(200).fill(65_535)])).toBeUndefined();
  expect(lowBitsOf([...picture, ...new Array(20_000).fill(0)])).toBeUndefined();
});

test("2 % between the used bits and white are a picture", () => {
  const bright = Array.from({ length: 84 }, (_, i) => 20_000 + 500 * i);
  expect(lowBitsOf([...ramp(12), ...bright])).toBeUndefined();
});

test("an image of black and white alone is not spoken of", () => {
  expect(lowBitsOf([0, 0, 65_535, 65_535])).toBeUndefined();
});

test("bits that were said are used, and samples over them are white and counted", () => {
  const data = new Uint16Array(1000).fill(100);
  expect(readBits({ data }, 12)).toMatchObject({ bits: 12, steps: ["12 to 8 bits"], notes: [] });
  data.fill(5000, 0, 25);
  const { samples, notes } = readBits({ data }, 12);
  expect([samples[0], samples[999]]).toEqual([255, 6]);
  expect(notes).toEqual([
    "2.5 % of the samples lie over 4095, the most that 12 bits hold, and are read as white",
  ]);
});

test("what a person or a card says wins over the file, and the file over the usual", () => {
  const image = { ...deep(0, 4095), bits: 12 };
  expect(readBits(image, undefined)).toMatchObject({ bits: 12, notes: [], samples: Uint8Array.of(0, 255) });
  expect(readBits(image, 16)).toMatchObject({ bits: 16, steps: ["16 to 8 bits"] });
});

test("an image of 8 bits is as it is, whatever bits are said", () => {
  const data = Uint8Array.of(0, 100, 255);
  expect(readBits({ data }, 12)).toEqual({ samples: data, bits: 16, steps: [], notes: [] });
});

test("12 bits in 16 are prepared as the same picture in 8, with a receipt that says so", () => {
  const twelve = Uint16Array.from({ length: 64 * 64 }, (_, i) => i % 4096);
  const eight = Uint8Array.from(twelve, (value) => Math.round((value * 255) / 4095));
  const image = { width: 64, height: 64, channels: 1 as const, steps: ["decode"], notes: ["a note"] };
  const prepared = prepareImage({ ...image, data: twelve }, withBits(plainPreparation(64), 12));
  expect(prepared.input).toEqual(prepareImage({ ...image, data: eight }, plainPreparation(64)).input);
  expect(prepared.receipt).toEqual([
    ...["decode", "12 to 8 bits", "rgb", "resize 64x64 bilinear antialias", "normalise imagenet"],
  ]);
  expect([prepared.notes, prepared.bits]).toEqual([["a note"], 12]);
});
