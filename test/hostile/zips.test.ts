/** Zip archives whose directory lies. */

import { describe, expect, test } from "vitest";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { concat, latin1, patched, repeat, u8, u16, u32, u64 } from "./builders/bytes.ts";
import * as p from "./builders/pickle.ts";
import { ONE, stateDict, storage, tensor, torchZip } from "./builders/torch.ts";
import { deflated, type EntrySpec, zip64Extra, zip64Records, zipOf } from "./builders/zip.ts";
import { readsOrRefuses, refuses } from "./refusal.ts";

const PKL = "archive/data.pkl";
const dict = p.pickle(stateDict(new Map([["w", tensor(storage("0", 1), [1])]])));
const body: EntrySpec = { name: "archive/data/0", bytes: ONE };
const honest: EntrySpec = { name: PKL, bytes: dict };
const ALL_ONES = 0xffffffff;

/** Read the one tensor too: entries of storages are unpacked only then. */
function readAll(file: Uint8Array): void {
  for (const entry of readCheckpoint(file).tensors.values()) entry.read();
}

test("the honest archive that all of these vary is read", () => readAll(zipOf([honest, body])));

test("a pickle that would unpack to more than is read is refused with its size, the limit and the way on", () => {
  const archive = zipOf([{ ...deflated(PKL, dict), size: 20_000_000 }, body]);
  // 16 MiB are 16,777,216 bytes.
  expect(() => readCheckpoint(archive)).toThrow(
    expect.objectContaining({
      code: "zip/too-large",
      message:
        "its data.pkl, which lists the tensors, would unpack to 20 MB; at most 17 MB are read; save the weights alone: torch.save(model.state_dict(), …)",
      details: { size: 20_000_000, limit: 16_777_216 },
    }),
  );
});

test("a pickle of just as much as is read is unpacked", () => {
  const archive = (size: number) =>
    zipOf([deflated(PKL, concat(dict, new Uint8Array(size - dict.length))), body]);
  expect(() => readCheckpoint(archive(16 * 1024 * 1024))).not.toThrow();
  refuses(() => readCheckpoint(archive(16 * 1024 * 1024 + 1)), "zip/too-large");
});

describe("an archive whose directory lies is refused", () => {
  const cases: readonly [string, Uint8Array][] = [
    ["a pickle declared as 2 GiB", zipOf([{ ...deflated(PKL, dict), size: 2 ** 31 }, body])],
    ["a pickle declared longer than it is", zipOf([{ ...deflated(PKL, dict), size: dict.length + 1 }, body])],
    [
      "a pickle declared shorter than it is",
      zipOf([{ ...deflated(PKL, dict), size: dict.length - 1 }, body]),
    ],
    ["a stored pickle with two sizes", zipOf([{ ...honest, size: dict.length + 1 }, body])],
    ["a wrong checksum of the pickle", zipOf([{ ...honest, crc: 1 }, body])],
    ["an encrypted pickle", zipOf([{ ...honest, flags: 1 }, body])],
    ["an encrypted storage", zipOf([honest, { ...body, flags: 1 }])],
    ["a pickle by LZMA", zipOf([{ ...honest, method: 14 }, body])],
    ["a pickle by method 99 (AES)", zipOf([{ ...honest, method: 99 }, body])],
    ["a pickle that is not deflate", zipOf([{ ...honest, method: 8 }, body])],
    [
      "a deflated pickle of no bytes",
      zipOf([{ name: PKL, bytes: new Uint8Array(0), method: 8, size: 50 }, body]),
    ],
    [
      "a deflated storage of no bytes",
      zipOf([honest, { ...body, bytes: new Uint8Array(0), method: 8, size: 4 }]),
    ],
    [
      "a storage that inflates to more than declared",
      zipOf([honest, deflated(body.name as string, new Uint8Array(64), { size: 4 })]),
    ],
    ["two entries of one name", zipOf([honest, honest, body])],
    [
      "two pickles of one archive, the second hidden",
      zipOf([honest, { ...honest, isGhost: true, headerOffset: 0 }, body]),
    ],
    ["an offset beyond the end", zipOf([{ ...honest, headerOffset: 1e9 }, body])],
    ["an offset into another entry", zipOf([honest, { ...body, headerOffset: 3 }])],
    ["a body beyond the end", zipOf([{ ...honest, compressedSize: 1e9, size: 1e9 }, body])],
    ["more entries than there are", zipOf([honest, body], { count: 3 })],
    ["65,534 entries where there are two", zipOf([honest, body], { count: 65_534 })],
    ["a directory beyond the end", zipOf([honest, body], { directoryOffset: 0xfffffff0 })],
    ["a directory at the wrong place", zipOf([honest, body], { directoryOffset: 1 })],
    ["a zip64 marker without a locator", zipOf([honest, body], { count: 0xffff })],
    ["a comment that hides the end", concat(zipOf([honest, body]), repeat(u8(0), 70_000))],
    ["no directory at all", concat(latin1("PK\x03\x04"), new Uint8Array(100))],
    ["four bytes", latin1("PK\x03\x04")],
  ];
  test.for(cases)("%s", ([, file]) => refuses(() => readAll(file), /^(zip|format|torch)\//));
});

describe("a zip64 record that lies is refused", () => {
  const with64 = (
    count: number | bigint,
    offset: number | bigint,
    record: (end: number) => number | bigint,
  ) =>
    zipOf([honest, body], {
      count: 0xffff,
      directoryOffset: ALL_ONES,
      beforeEnd: (_, end) => zip64Records(count, offset, record(end)),
    });
  const cases: readonly [string, Uint8Array][] = [
    ["2^60 entries", with64(2n ** 60n, 0, (end) => end)],
    ["2^32 entries", with64(2 ** 32, 0, (end) => end)],
    ["a directory at 2^62", with64(2, 2n ** 62n, (end) => end)],
    ["a directory at 2^50", with64(2, 2 ** 50, (end) => end)],
    ["a record at 2^63", with64(2, 0, () => 2n ** 63n)],
    ["a record at 2^50", with64(2, 0, () => 2 ** 50)],
    ["a record at the file's end", with64(2, 0, (end) => end + 90)],
    [
      "sizes of 2^60 in the extra field",
      zipOf([
        { ...honest, size: ALL_ONES, compressedSize: ALL_ONES, extra: zip64Extra(2n ** 60n, 2n ** 60n) },
        body,
      ]),
    ],
    [
      "a size of 2^64 − 1 in the extra field",
      zipOf([{ ...honest, size: ALL_ONES, extra: zip64Extra(2n ** 64n - 1n) }, body]),
    ],
    [
      "an offset of 2^50 in the extra field",
      zipOf([{ ...honest, headerOffset: ALL_ONES, extra: zip64Extra(2 ** 50) }, body]),
    ],
    [
      "an extra field that is too short",
      zipOf([{ ...honest, size: ALL_ONES, extra: concat(u16(1), u16(0)) }, body]),
    ],
    [
      "an extra field longer than it is",
      zipOf([{ ...honest, size: ALL_ONES, extra: concat(u16(1), u16(400), u32(0)) }, body]),
    ],
    [
      "no extra field where one is needed",
      zipOf([{ ...honest, size: ALL_ONES, compressedSize: ALL_ONES }, body]),
    ],
  ];
  test.for(cases)("%s", ([, file]) => refuses(() => readAll(file), /^(zip|format)\//));
});

describe("an archive that is no checkpoint is refused", () => {
  const cases: readonly [string, Uint8Array, string][] = [
    ["an empty archive", zipOf([]), "checkpoint/unknown-format"],
    ["without data.pkl", zipOf([{ name: "a.txt", bytes: ONE }]), "torch/no-pickle"],
    [
      "TorchScript",
      zipOf([honest, body, { name: "archive/constants.pkl", bytes: dict }]),
      "torch/torchscript",
    ],
    ["data.pkl that is empty", zipOf([{ name: PKL, bytes: new Uint8Array(0) }]), "format/truncated"],
    ["data.pkl that is text", zipOf([{ name: PKL, bytes: latin1("hello\n") }]), "pickle/bad-pickle"],
    ["a missing storage", zipOf([honest]), "torch/bad-storage"],
    ["a storage that is too short", torchZip(dict, { 0: ONE.subarray(1) }), "torch/bad-storage"],
    ["a storage that is too long", torchZip(dict, { 0: concat(ONE, ONE) }), "torch/bad-storage"],
  ];
  test.for(cases)("%s", ([, file, code]) => refuses(() => readAll(file), code));
});

test("byteorder may be any bytes, and is still not an exception", () => {
  const odd = (bytes: Uint8Array) => torchZip(dict, { 0: ONE }, [{ name: "archive/byteorder", bytes }]);
  readAll(odd(latin1("big")));
  readAll(odd(repeat(u8(0xff), 1000)));
});

test("a name from the archive cannot break the line of a message or write to the terminal", () => {
  const evil = "archive\n\u001b[2J/data.pkl";
  refuses(() => readAll(zipOf([{ name: evil, bytes: dict, crc: 1 }])), /^zip\//);
  refuses(() => readAll(zipOf([{ name: evil, bytes: dict, flags: 1 }])), /^zip\//);
  refuses(() => readAll(zipOf([{ name: evil, bytes: dict, size: 2 ** 31, method: 8 }])), /^zip\//);
  const long = `${"x".repeat(60_000)}/data.pkl`;
  refuses(() => readAll(zipOf([{ name: long, bytes: dict, crc: 1 }])), /^zip\//);
});

test("any one byte of an archive may be anything", () => {
  const file = zipOf([honest, body]);
  for (let at = 0; at < file.length; at++) {
    for (const value of [0, 0x7f, 0x80, 0xff]) {
      readsOrRefuses(() => readAll(patched(file, at, u8(value))));
    }
  }
});

test("sizes that only the body's own header gets wrong do not matter", () => {
  // The local header's sizes are not used: the directory's are.
  readAll(patched(zipOf([honest, body]), 18, concat(u32(1e9), u32(1e9))));
  readAll(patched(zipOf([honest, body]), 6, u64(0)));
});
