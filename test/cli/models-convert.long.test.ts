/** `models convert`, with all weights compared; test/cli/models.test.ts has the rest of the command. */

import { existsSync, readFileSync, statSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { safetensorsPieces } from "../../src/formats/safetensors.ts";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { float32, type Tensor, toFloat16 } from "../../src/tensor.ts";
import { differing } from "../support/checkpoints.ts";
import { seededWeights } from "../support/seeded-weights.ts";
import { Desk, modelFile, words } from "./run.ts";
import { greyPng } from "./xrays.ts";

const desk = new Desk();
afterAll(() => desk.remove());

beforeAll(async () => {
  desk.put("a.safetensors", modelFile("safetensors", 7));
  desk.put("x.png", await greyPng());
});

const tensorsOf = (name: string) => {
  const { tensors } = readCheckpoint(new Uint8Array(readFileSync(desk.path(name))));
  return new Map([...tensors].map(([key, entry]) => [key, entry.read()]));
};

test("convert to float16 halves the file, rounds each weight to its nearest half, and keeps counters", async () => {
  const ended = await desk.run(words("models convert a.safetensors --to half.safetensors --dtype float16"));
  expect(ended).toMatchObject({ code: 0, stdout: "" });
  expect((await desk.run(words("models convert half.safetensors --to half.pth --dtype float16"))).code).toBe(
    0,
  );
  const [whole, half] = [statSync(desk.path("a.safetensors")), statSync(desk.path("half.safetensors"))];
  expect(half.size).toBeLessThan(0.51 * whole.size);
  const rounded = [...tensorsOf("a.safetensors")].map(([name, tensor]) => {
    return [name, tensor.dtype === "float32" ? toFloat16(tensor as Tensor<"float32">) : tensor] as const;
  });
  expect(differing(new Map<string, Tensor>(rounded), tensorsOf("half.safetensors"))).toEqual([]);
  expect(differing(new Map<string, Tensor>(rounded), tensorsOf("half.pth"))).toEqual([]);
});

test("a weight that float16 cannot hold, and an ONNX file of halves, are refused, and nothing is written", async () => {
  const tensors = new Map(seededWeights(7).tensors);
  tensors.set("features.norm0.running_var", float32([64], new Float32Array(64).fill(70_000)));
  desk.put("large.safetensors", safetensorsPieces(tensors));
  const large = await desk.run(words("models convert large.safetensors --to no.pth --dtype float16"));
  expect(large).toMatchObject({ code: 1, stdout: "" });
  expect(large.stderr).toMatch(
    /^medical-x: large\.safetensors: "features\.norm0\.running_var" holds 70000, which float16 cannot .*write float32 \(--dtype float32\)\n$/,
  );
  const onnx = await desk.run(words("models convert a.safetensors --to no.onnx --dtype float16"));
  expect(onnx.code).toBe(2);
  expect(onnx.stderr).toMatch(/^medical-x: no\.onnx: .*only be written in float32/);
  expect(["no.pth", "no.onnx"].filter((name) => existsSync(desk.path(name)))).toEqual([]);
  expect((await desk.run(words("models convert a.safetensors --to no.pth --dtype int8"))).code).toBe(2);
});

test("a converted model predicts what the original predicts", async () => {
  expect((await desk.run(words("models convert a.safetensors --to d.pth"))).code).toBe(0);
  const [before, after] = await Promise.all(
    ["a.safetensors", "d.pth"].map(async (model) => {
      const { stdout } = await desk.run([
        "predict",
        "--image",
        "x.png",
        "--format",
        "json",
        "--model",
        model,
      ]);
      return JSON.parse(stdout).logits;
    }),
  );
  expect(after).toEqual(before);
});

test("convert onto the file it reads keeps it whole", async () => {
  desk.put("same.safetensors", modelFile("safetensors", 9));
  const before = tensorsOf("same.safetensors");
  expect((await desk.run(words("models convert same.safetensors --to same.safetensors"))).code).toBe(0);
  expect(differing(before, tensorsOf("same.safetensors"))).toEqual([]);
});
