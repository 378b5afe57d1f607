import { expect, test } from "vitest";
import { readSafetensors } from "../../src/formats/safetensors.ts";
import { readTorch } from "../../src/formats/torch/read.ts";
import { fixtureBytes, fixtureFiles, fixtureJson } from "../fixtures.ts";
import { findStateDict } from "../support/checkpoints.ts";
import { type TensorFacts, tensorFacts } from "./tensor-facts.ts";

interface Expected {
  readonly unread: Readonly<Record<string, { dtype: string; shape: number[] }>>;
  readonly tensors: Readonly<Record<string, TensorFacts>>;
}

const FOLDER = "checkpoints/unread";
const unread = expect.objectContaining({ code: "tensor/unread-dtype" });

test.each(fixtureFiles(FOLDER))("%s: the others are read, and this one is named", (file) => {
  const expected = fixtureJson<Expected>(`${FOLDER}/${file}.json`);
  const { tensors } = findStateDict(readTorch(fixtureBytes(`${FOLDER}/${file}`)).root);
  for (const [name, facts] of Object.entries(expected.tensors))
    expect(tensorFacts(tensors.get(name)!.read())).toEqual(facts);
  for (const [name, { dtype, shape }] of Object.entries(expected.unread)) {
    const entry = tensors.get(name)!;
    expect({ dtype: entry.dtype, shape: entry.shape }).toEqual({ dtype, shape });
    expect(() => entry.read()).toThrow(unread);
  }
});

test.each(["F8_E4M3", "C64", "F31"])("a safetensors file may hold a tensor of %s beside others", (dtype) => {
  const header = JSON.stringify({
    odd: { dtype, shape: [4], data_offsets: [0, 4] },
    w: { dtype: "F32", shape: [1], data_offsets: [4, 8] },
  });
  const bytes = Buffer.alloc(8 + header.length + 8);
  bytes.writeBigUInt64LE(BigInt(header.length));
  bytes.write(header, 8);
  bytes.writeFloatLE(0.5, 8 + header.length + 4);
  const { tensors } = readSafetensors(new Uint8Array(bytes));
  expect([...(tensors.get("w")!.read().data as Float32Array)]).toEqual([0.5]);
  expect(tensors.get("odd")).toMatchObject({ dtype: dtype.toLowerCase(), shape: [4] });
  expect(() => tensors.get("odd")!.read()).toThrow(unread);
});
