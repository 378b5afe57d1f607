import { expect, test } from "vitest";
import { isSafetensors, readSafetensors, safetensorsPieces } from "../../src/formats/safetensors.ts";
import type { Tensor } from "../../src/tensor.ts";
import { fixtureBytes, fixtureFiles, fixtureJson } from "../fixtures.ts";
import { allFacts, type TensorFacts } from "./tensor-facts.ts";

interface Expected {
  readonly tensors: Readonly<Record<string, TensorFacts>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const FOLDER = "checkpoints/safetensors";

test.each(fixtureFiles(FOLDER))("%s holds the tensors that PyTorch wrote into it", (file) => {
  const expected = fixtureJson<Expected>(`${FOLDER}/${file}.json`);
  const bytes = fixtureBytes(`${FOLDER}/${file}`);
  expect(isSafetensors(bytes)).toBe(true);
  const { tensors, metadata } = readSafetensors(bytes);
  expect(Object.fromEntries(allFacts(tensors))).toEqual(expected.tensors);
  expect(metadata).toEqual(expected.metadata);
});

test.each(fixtureFiles(`${FOLDER}-refused`))("%s is refused with its code", (file) => {
  const { code } = fixtureJson<{ code: string }>(`${FOLDER}-refused/${file}.json`);
  const read = () => allFacts(readSafetensors(fixtureBytes(`${FOLDER}-refused/${file}`)).tensors);
  expect(read).toThrow(expect.objectContaining({ name: "XrayError", code }));
});

test("a zip archive, a pickle and a short file are no safetensors files", () => {
  expect(isSafetensors(fixtureBytes("checkpoints/torch/plain-zip.pth"))).toBe(false);
  expect(isSafetensors(fixtureBytes("checkpoints/torch/plain-legacy.pth"))).toBe(false);
  expect(isSafetensors(new Uint8Array(8))).toBe(false);
});

test("a written file reads back with its tensors and metadata, each aligned to its own width", () => {
  const { tensors: entries } = readSafetensors(fixtureBytes(`${FOLDER}/dtypes.safetensors`));
  const source = new Map<string, Tensor>([...entries].map(([name, entry]) => [name, entry.read()]));
  const bytes = new Uint8Array(Buffer.concat(safetensorsPieces(source, { format: "pt", note: "ü" })));
  const { tensors, metadata } = readSafetensors(bytes);
  const expected = fixtureJson<Expected>(`${FOLDER}/dtypes.safetensors.json`);
  expect(Object.fromEntries(allFacts(tensors))).toEqual(expected.tensors);
  expect(metadata).toEqual({ format: "pt", note: "ü" });
  for (const entry of tensors.values()) expect(entry.read().data.buffer).toBe(bytes.buffer);
});

test("a written header is padded to 8 bytes and lays the tensors down without a gap", () => {
  const one: Tensor = { dtype: "uint8", shape: [3], data: new Uint8Array([1, 2, 3]) };
  const two: Tensor = { dtype: "float32", shape: [1], data: new Float32Array([0.5]) };
  const [head, ...bodies] = safetensorsPieces(
    new Map([
      ["one", one],
      ["two", two],
    ]),
  );
  const length = Number(new DataView(head!.buffer).getBigUint64(0, true));
  expect(length % 8).toBe(0);
  expect(head!.length).toBe(8 + length);
  expect(JSON.parse(new TextDecoder().decode(head!.subarray(8)))).toEqual({
    two: { dtype: "F32", shape: [1], data_offsets: [0, 4] },
    one: { dtype: "U8", shape: [3], data_offsets: [4, 7] },
  });
  expect([...Buffer.concat(bodies)]).toEqual([0, 0, 0, 63, 1, 2, 3]);
});

/** Names as the format's documentation lists them (safetensors `Dtype`). */
test.each([
  ["U16", { dtype: "uint16", shape: [2], data: Uint16Array.of(65_535, 1) }],
  ["U32", { dtype: "uint32", shape: [2], data: Uint32Array.of(2 ** 32 - 1, 1) }],
  ["U64", { dtype: "uint64", shape: [1, 2], data: BigUint64Array.of(2n ** 64n - 1n, 1n) }],
] as const satisfies readonly (readonly [string, Tensor])[])("%s is read and written", (name, tensor) => {
  const bytes = new Uint8Array(Buffer.concat(safetensorsPieces(new Map([["codes", tensor]]))));
  expect(Buffer.from(bytes).toString("latin1")).toContain(`"dtype":"${name}"`);
  expect(readSafetensors(bytes).tensors.get("codes")!.read()).toEqual(tensor);
});
