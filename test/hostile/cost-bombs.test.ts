/** Checkpoints that unpack to far more than their size, each read in its own process within 5 seconds and 1 GB. */

import { describe, test } from "vitest";
import { concat, latin1, repeat, u8, u64 } from "./builders/bytes.ts";
import * as p from "./builders/pickle.ts";
import { row, safetensors } from "./builders/safetensors.ts";
import { densenetTensors, ONE, stateDict, storage, tensor, torchLegacy, torchZip } from "./builders/torch.ts";
import { deflated, zipOf } from "./builders/zip.ts";
import { type Action, costsLittle } from "./measure.ts";

const MiB = 1024 * 1024;
const PKL = "archive/data.pkl";

/** Every parameter is a view with strides of zero of one storage of this class. */
const expanded = (storageClass: string, numLabels: number) =>
  p.pickle(stateDict(densenetTensors({ numLabels, over: () => storage("0", 1, storageClass) })));
const contiguous = (key: string, length: number) =>
  p.pickle(
    stateDict(
      densenetTensors({
        over: () => storage(key, length),
        strides: (shape) => shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1)),
      }),
    ),
  );
const big = { name: "archive/byteorder", bytes: latin1("big") };

const BOMBS: readonly [string, Action, () => Uint8Array, RegExp][] = [
  [
    "a stream of 2 GiB behind a pickle of 100 bytes",
    "checkpoint",
    () => zipOf([deflated(PKL, new Uint8Array(2 ** 31 - 1), { size: 100 })]),
    /^(zip|format)\//,
  ],
  [
    "a byteorder of 512 MiB",
    "checkpoint",
    () =>
      zipOf([
        { name: PKL, bytes: p.pickle(p.EMPTY_DICT) },
        deflated("archive/byteorder", new Uint8Array(512 * MiB), { level: 1 }),
      ]),
    /^(zip|torch|checkpoint)\//,
  ],
  [
    "100,000 labels through strides of zero, float64",
    "model",
    () => torchZip(expanded("DoubleStorage", 100_000), { 0: new Uint8Array(8) }),
    /^(card|checkpoint|torch)\//,
  ],
  [
    "100,000 labels through strides of zero, float16",
    "model",
    () => torchZip(expanded("HalfStorage", 100_000), { 0: new Uint8Array(2) }),
    /^(card|checkpoint|torch)\//,
  ],
  [
    "one storage of 500 MiB, deflated",
    "model",
    () =>
      zipOf([
        { name: PKL, bytes: contiguous("0", 125 * MiB) },
        deflated("archive/data/0", new Uint8Array(500 * MiB), { level: 1 }),
      ]),
    /^(read|zip|torch|checkpoint\/.*)/,
  ],
  [
    "one storage of 500 MiB, deflated and big-endian",
    "model",
    () =>
      zipOf([
        { name: PKL, bytes: contiguous("0", 125 * MiB) },
        deflated("archive/data/0", new Uint8Array(500 * MiB), { level: 1 }),
        big,
      ]),
    /^(read|zip|torch|checkpoint)/,
  ],
  [
    "a legacy file whose tensors share one unaligned storage of 8 MiB",
    "model",
    unaligned,
    /^(read|torch|checkpoint)/,
  ],
  ["10,000 overlapping storages of 1 MiB, deflated", "tensors", overlapping, /^zip\//],
  ["an archive of 60,000 names that are not UTF-8", "checkpoint", manyNames, /^(zip|torch)\//],
];

/** Legacy files do not align their storages. The length of the key is chosen so that this one is not aligned. */
function unaligned(): Uint8Array {
  const body = { count: 2 * MiB, bytes: new Uint8Array(8 * MiB) };
  const files = ["0", "00", "000"].map((key) => torchLegacy(contiguous(key, body.count), [{ key, ...body }]));
  return files.find((file) => file.length % 4 !== 0)!;
}

/** One deflated body that every storage claims. */
function overlapping(): Uint8Array {
  const body = deflated("archive/data/0", new Uint8Array(MiB));
  const keys = Array.from({ length: 10_000 }, (_, i) => String(i));
  const root = stateDict(new Map(keys.map((key) => [key, tensor(storage(key, MiB / 4), [MiB / 4])])));
  const ghosts = keys
    .slice(1)
    .map((key) => ({ ...body, name: `archive/data/${key}`, headerOffset: 0, isGhost: true }));
  return zipOf([body, ...ghosts, { name: PKL, bytes: p.pickle(root) }]);
}

function manyNames(): Uint8Array {
  const names = Array.from({ length: 60_000 }, (_, i) => concat(u8(0xff), latin1(String(i))));
  return zipOf(names.map((name) => ({ name, bytes: ONE })));
}

describe("a checkpoint that unpacks to far more than it is", () => {
  test.for(BOMBS)("%s", ([, action, build, code]) => costsLittle(action, build(), code));
});

describe("a safetensors header of many megabytes", () => {
  const header = (text: Uint8Array) => concat(u64(text.length), text);
  const cases: readonly [string, () => Uint8Array][] = [
    ["95 MB of open lists", () => header(concat(latin1('{"a":'), repeat(u8(0x5b), 95_000_000)))],
    [
      "20 MB of lists in lists",
      () =>
        header(
          concat(latin1('{"a":'), repeat(u8(0x5b), 10_000_000), repeat(u8(0x5d), 10_000_000), latin1("}")),
        ),
    ],
    [
      "95 MB of numbers",
      () => header(concat(latin1('{"a":[0'), repeat(latin1(",0"), 47_000_000), latin1("]}"))),
    ],
    [
      "a million tensors of nothing",
      () =>
        safetensors(
          Object.fromEntries(Array.from({ length: 1_000_000 }, (_, i) => [`t${i}`, row("U8", [0], [0, 0])])),
        ),
    ],
  ];
  test.for(cases)("%s", ([, build]) => costsLittle("checkpoint", build(), /^(read|safetensors|format)/));
});
