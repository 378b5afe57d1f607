import { expect, test } from "vitest";
import { readTorch } from "../../src/formats/torch/read.ts";
import { torchPieces } from "../../src/formats/torch/write.ts";
import { labelCandidates } from "../../src/models/find-labels.ts";
import { pathToNetwork } from "../../src/models/module-path.ts";
import { elementsFromBytes, type Tensor } from "../../src/tensor.ts";
import { fixtureBytes, fixtureFiles, fixtureJson } from "../fixtures.ts";
import { findStateDict } from "../support/checkpoints.ts";
import { allFacts, type TensorFacts } from "./tensor-facts.ts";

interface Expected {
  readonly container: "zip" | "legacy";
  readonly where: string;
  readonly labels?: readonly string[];
  readonly tensors: Readonly<Record<string, TensorFacts>>;
}

const FOLDER = "checkpoints/torch";

test.each(fixtureFiles(FOLDER))("%s holds the tensors that torch.load reads from it", (file) => {
  const expected = fixtureJson<Expected>(`${FOLDER}/${file}.json`);
  const { container, root } = readTorch(fixtureBytes(`${FOLDER}/${file}`));
  expect(container).toBe(expected.container);
  const found = findStateDict(root);
  expect(found.where).toBe(expected.where);
  expect(
    labelCandidates(root, found.module === undefined ? [] : pathToNetwork(found.module, "")).at(0)?.names,
  ).toEqual(expected.labels);
  for (const [name, entry] of found.tensors) {
    const wanted = expected.tensors[name];
    expect([name, entry.dtype, entry.shape]).toEqual([name, wanted?.dtype, wanted?.shape]);
  }
  expect(allFacts(found.tensors)).toEqual(Object.entries(expected.tensors));
});

test.each(fixtureFiles(`${FOLDER}-refused`))("%s is refused with its code", (file) => {
  const { code } = fixtureJson<{ code: string }>(`${FOLDER}-refused/${file}.json`);
  const read = () =>
    allFacts(findStateDict(readTorch(fixtureBytes(`${FOLDER}-refused/${file}`)).root).tensors);
  expect(read).toThrow(expect.objectContaining({ name: "XrayError", code }));
});

/** A file whose every byte is at an odd address, as a slice of a larger buffer may be. */
function atOddAddress(bytes: Uint8Array): Uint8Array {
  const shifted = new Uint8Array(bytes.length + 1).subarray(1);
  shifted.set(bytes);
  return shifted;
}

test.each(["dtypes-zip.pth", "dtypes-legacy.pth"])("%s reads alike from an unaligned buffer", (file) => {
  const expected = fixtureJson<Expected>(`${FOLDER}/${file}.json`);
  const { root } = readTorch(atOddAddress(fixtureBytes(`${FOLDER}/${file}`)));
  expect(allFacts(findStateDict(root).tensors)).toEqual(Object.entries(expected.tensors));
});

test.each(["module-zip.pth", "module-legacy.pth"])(
  "%s keeps the class of the module and its buffers' values",
  (file) => {
    const found = findStateDict(readTorch(fixtureBytes(`${FOLDER}/${file}`)).root);
    expect(found.module?.className).toBe("__main__.Net");
    const thresholds = found.tensors.get("op_threshs")!.read();
    expect([...(thresholds.data as Float32Array)]).toEqual([0.25, 0.5, 0.75]);
  },
);

test("tensors of one storage share its memory", () => {
  const { tensors } = findStateDict(readTorch(fixtureBytes(`${FOLDER}/views-zip.pth`)).root);
  const [base, row] = [tensors.get("base")!.read(), tensors.get("row")!.read()];
  expect(row.data.buffer).toBe(base.data.buffer);
  expect(row.data.byteOffset - base.data.byteOffset).toBe(20 * 4);
});

function join(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}

test("a written .pth reads back with its tensors, their order and the metadata", () => {
  const source = findStateDict(readTorch(fixtureBytes(`${FOLDER}/dtypes-zip.pth`)).root).tensors;
  const tensors = new Map<string, Tensor>([...source].map(([name, entry]) => [name, entry.read()]));
  tensors.set("größe.weight", { dtype: "float32", shape: [], data: new Float32Array([2.5]) });
  tensors.set("empty", { dtype: "int64", shape: [0, 3], data: new BigInt64Array(0) });
  const bytes = join(torchPieces(tensors, { labels: "Mass,Hernia", empty: "" }));
  const file = readTorch(bytes);
  expect(file.container).toBe("zip");
  const found = findStateDict(file.root);
  const expected = fixtureJson<Expected>(`${FOLDER}/dtypes-zip.pth.json`);
  expect(allFacts(found.tensors)).toEqual([
    ...Object.entries(expected.tensors),
    ["größe.weight", { dtype: "float32", shape: [], values: [2.5] }],
    ["empty", { dtype: "int64", shape: [0, 3], values: [] }],
  ]);
  expect(found.metadata).toEqual({ labels: "Mass,Hernia", empty: "" });
});

test("a written .pth aligns every storage to 64 bytes", () => {
  const tensors = new Map<string, Tensor>([
    ["a", { dtype: "uint8", shape: [3], data: new Uint8Array([7, 8, 9]) }],
    ["b", { dtype: "float32", shape: [2], data: new Float32Array([1.25, -1.25]) }],
  ]);
  const bytes = join(torchPieces(tensors));
  const found = findStateDict(readTorch(bytes).root).tensors;
  for (const name of ["a", "b"]) {
    const { data } = found.get(name)!.read();
    expect(data.buffer).toBe(bytes.buffer);
    expect((data.byteOffset - bytes.byteOffset) % 64).toBe(0);
  }
});

test.each(["uint16", "uint32", "uint64"] as const)(
  "%s has no storage of PyTorch's to be written to",
  (dtype) => {
    const data = elementsFromBytes(dtype, new Uint8Array(8));
    const tensors = new Map<string, Tensor>([["codes", { dtype, shape: [data.length], data }]]);
    expect(() => torchPieces(tensors)).toThrow(
      expect.objectContaining({ code: "torch/no-storage", details: { dtype } }),
    );
  },
);
