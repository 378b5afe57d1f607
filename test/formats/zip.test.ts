import { expect, test } from "vitest";
import { crc32 } from "../../src/formats/crc32.ts";
import { isZip, ZipArchive } from "../../src/formats/zip.ts";
import { zipPieces } from "../../src/formats/zip-write.ts";
import { fixtureBytes, fixtureFiles, fixtureJson } from "../fixtures.ts";
import { pattern } from "../image/pattern.ts";

type Expected = Readonly<Record<string, { readonly crc32: number; readonly base64: string }>>;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const failure = (code: string) => expect.objectContaining({ name: "XrayError", code });

test.each(fixtureFiles("tensor/zip"))("%s unpacks to what Python packed", (file) => {
  const expected = fixtureJson<Expected>(`tensor/zip/${file}.json`);
  const bytes = fixtureBytes(`tensor/zip/${file}`);
  expect(isZip(bytes)).toBe(true);
  const archive = new ZipArchive(bytes);
  const unpacked = [...archive.entries.values()].map((entry) => [
    entry.name,
    { crc32: entry.crc32, base64: base64(archive.read(entry, true)) },
  ]);
  expect(unpacked).toEqual(Object.entries(expected));
});

test.each(fixtureJson<{ seed: number; length: number; crc32: number }[]>("tensor/crc32.json"))(
  "the CRC-32 of $length bytes is zlib's",
  ({ seed, length, crc32: expected }) => {
    expect(crc32(pattern("noise", seed, length))).toBe(expected);
  },
);

test("a changed byte is found where the checksum is asked for", () => {
  const bytes = fixtureBytes("tensor/zip/stored.zip");
  const whole = new ZipArchive(bytes);
  const entry = whole.entries.get("folder/b.bin")!;
  const body = whole.read(entry);
  body[1000]! ^= 1;
  expect(() => whole.read(entry, true)).toThrow(failure("zip/bad-archive"));
  expect(whole.read(entry)[1000]).toBe(body[1000]);
});

const written = () => {
  const entries = [
    { name: "a/data.pkl", bytes: pattern("noise", 1, 77) },
    { name: "größe", bytes: pattern("noise", 2, 64) },
    { name: "empty", bytes: new Uint8Array(0) },
  ];
  return { entries, bytes: new Uint8Array(Buffer.concat(zipPieces(entries))) };
};

test("a written archive reads back, every body at a multiple of 64", () => {
  const { entries, bytes } = written();
  const archive = new ZipArchive(bytes);
  expect([...archive.entries.keys()]).toEqual(["a/data.pkl", "größe", "empty"]);
  for (const { name, bytes: body } of entries) {
    const read = archive.read(archive.entries.get(name)!, true);
    expect([...read]).toEqual([...body]);
    expect((read.byteOffset - bytes.byteOffset) % 64).toBe(0);
  }
});

test("an archive cut short anywhere is refused, never misread", () => {
  const { bytes } = written();
  for (let length = 0; length < bytes.length; length++) {
    expect(() => new ZipArchive(bytes.subarray(0, length)), `${length} bytes`).toThrow(
      failure("zip/bad-archive"),
    );
  }
});

/** Overwrite a field of the last entry in the directory of a written archive. */
function withField(offset: number, value: number): Uint8Array {
  const { bytes } = written();
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint32(bytes.length - 22 - (46 + "empty".length) + offset, value, true);
  return bytes;
}

function readEmpty(bytes: Uint8Array): Uint8Array {
  const archive = new ZipArchive(bytes);
  return archive.read(archive.entries.get("empty")!);
}

test.each([
  ["a body beyond the end", 20, 100_000, "format/truncated"],
  ["sizes that disagree", 24, 5, "zip/bad-archive"],
  ["a local header beyond the end", 42, 100_000, "format/truncated"],
  ["a local header that is none", 42, 1, "zip/bad-archive"],
  ["an unknown method", 10, 99, "zip/bad-archive"],
  ["an encrypted entry", 8, 1, "zip/bad-archive"],
])("%s is refused", (_, offset, value, code) => {
  expect(() => readEmpty(withField(offset, value))).toThrow(failure(code));
});

test("an entry that claims to unpack to more than 512 MiB is refused before memory is taken", () => {
  const bytes = withField(24, 0x7fffffff);
  new DataView(bytes.buffer, bytes.byteOffset).setUint16(bytes.length - 22 - 51 + 10, 8, true);
  expect(() => readEmpty(bytes)).toThrow(failure("zip/too-large"));
});

test("two entries of one name are refused", () => {
  const twice = [1, 2].map((seed) => ({ name: "same", bytes: pattern("noise", seed, 3) }));
  const bytes = new Uint8Array(Buffer.concat(zipPieces(twice)));
  expect(() => new ZipArchive(bytes)).toThrow(failure("zip/bad-archive"));
});
