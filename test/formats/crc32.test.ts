import { crc32 as zlibCrc32 } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { crc32, tableCrc32, useCrc32 } from "../../src/formats/crc32.ts";
import { useNativeChecksum } from "../../src/node/checksum.ts";

afterEach(() => useCrc32(tableCrc32));

test("the check value of CRC-32 is CBF43926", () => {
  // The CRC of the digits 1 to 9 in the catalogue of parametrised CRC algorithms.
  expect(tableCrc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});

test("tables and zlib agree at every length and offset of a step of eight bytes", () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, i) => (i * 151 + 7) & 255);
  for (let from = 0; from < 8; from++)
    for (let to = from; to <= bytes.length; to++)
      expect(tableCrc32(bytes.subarray(from, to))).toBe(zlibCrc32(bytes.subarray(from, to)));
});

test("a machine's own function is used from when it is brought", () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const before = crc32(bytes);
  useNativeChecksum();
  expect(crc32(bytes)).toBe(before);
  useCrc32(() => 7);
  expect(crc32(bytes)).toBe(7);
});
