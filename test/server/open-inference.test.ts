/**
 * Requests and answers of the Open Inference Protocol, each a file of fixtures/open-inference/, written from the specification.
 * Probabilities, logits and heatmaps are PyTorch's (fixtures/demo/examples.json).
 *
 * In a request, `{ "base64": image }` stands for an image of examples/images; `binary` are images after the JSON. In an answer,
 * `data` and `binary` name images whose numbers are expected, in JSON or after it.
 */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CHECK_NAMES } from "../../src/checks/check.ts";
import { XrayError } from "../../src/errors.ts";
import { statusOf } from "../../src/server/service/errors.ts";
import type { RunningServer } from "../../src/server/start.ts";
import { VERSION } from "../../src/version.ts";
import { fixtureJson } from "../fixtures.ts";
import { serveDemo } from "./serve-demo.ts";

const ROOT = join(import.meta.dirname, "../..");
const CASES = join(ROOT, "fixtures/open-inference");
const JSON_LENGTH = "Inference-Header-Content-Length";
/** How far our float32 and half-precision weights may be from PyTorch's float64, as test/app/demo-model.test.ts has it. */
const TOLERANCE = { probabilities: 1e-5, logits: 1e-3, heatmaps: 1e-3 } as const;

type OutputName = keyof typeof TOLERANCE | "checks";
type Named = { readonly [name in OutputName]?: readonly string[] };
interface ExpectedOutput {
  readonly name: OutputName;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data?: Named;
  readonly binary?: Named;
}
interface Case {
  readonly says: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers?: Record<string, string>;
    readonly json?: unknown;
    readonly text?: string;
    readonly binary?: readonly string[];
  };
  readonly answer: { readonly status: number; readonly json: Record<string, unknown> };
}

const PYTORCH =
  fixtureJson<Record<string, { probabilities: number[]; logits: number[]; maps: Record<string, number[]> }>>(
    "demo/examples.json",
  );
const MODEL_VERSION = createHash("sha256")
  .update(readFileSync(join(ROOT, "models/demo.safetensors")))
  .digest("hex")
  .slice(0, 12);

let server: RunningServer;
beforeAll(async () => {
  server = await serveDemo();
});
afterAll(() => server.close());

const imageBytes = (name: string): Buffer => readFileSync(join(ROOT, "examples/images", name));

/** The elements of a tensor of BYTES: each after its length, little-endian. */
const bytesTensor = (images: readonly string[]): Buffer =>
  Buffer.concat(
    images.flatMap((name) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(imageBytes(name).length);
      return [length, imageBytes(name)];
    }),
  );

/** Put in what a case's file only names. */
function filled(value: unknown, size: number): unknown {
  if (value === "{size}") return size;
  if (typeof value === "string")
    return value
      .replace("{version}", MODEL_VERSION)
      .replace("{package}", VERSION)
      .replace("{size}", String(size));
  if (Array.isArray(value)) return value.map((item) => filled(item, size));
  if (typeof value !== "object" || value === null) return value;
  const { base64 } = value as { base64?: string };
  if (base64 !== undefined) return imageBytes(base64).toString("base64");
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, size)]));
}

interface Answer {
  readonly status: number;
  readonly json: Record<string, unknown>;
  /** Whatever comes after the JSON. */
  readonly rest: Buffer;
}

async function send(
  { method, path, headers = {}, json, text, binary }: Case["request"],
  size: number,
): Promise<Answer> {
  const url = new URL(filled(path, size) as string, server.url);
  const start = Buffer.from(text ?? (json === undefined ? "" : JSON.stringify(filled(json, size))));
  const body = binary === undefined ? start : Buffer.concat([start, bytesTensor(binary)]);
  const own = {
    ...(method === "POST" && {
      "Content-Type": binary === undefined ? "application/json" : "application/octet-stream",
    }),
    ...(binary !== undefined && { [JSON_LENGTH]: String(start.length) }),
    ...headers,
  };
  const answer = await fetch(url, {
    method,
    headers: own,
    ...(method === "POST" && { body: new Uint8Array(body) }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const length = answer.headers.get(JSON_LENGTH);
  expect(answer.headers.get("content-type")).toContain(
    length === null ? "application/json" : "application/octet-stream",
  );
  const end = length === null ? bytes.length : Number(length);
  return {
    status: answer.status,
    json: JSON.parse(bytes.subarray(0, end).toString("utf8")),
    rest: bytes.subarray(end),
  };
}

/** Texts of binary data of BYTES. */
function texts(bytes: Buffer): string[] {
  const all: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    all.push(bytes.subarray(at + 4, at + 4 + length).toString("utf8"));
    at += 4 + length;
  }
  return all;
}

function expectNear(
  actual: readonly number[],
  expected: readonly number[],
  name: keyof typeof TOLERANCE,
): void {
  expect(actual.length).toBe(expected.length);
  const scale = name === "heatmaps" ? Math.max(...expected) : 1;
  for (const [i, value] of expected.entries())
    expect(Math.abs(actual[i]! - value), `${name} ${i}`).toBeLessThanOrEqual(TOLERANCE[name] * scale);
}

/** Hold the elements of an output against PyTorch's. */
function expectData(name: OutputName, data: readonly (number | string)[], images: readonly string[]): void {
  const each = data.length / images.length;
  for (const [i, image] of images.entries()) {
    const own = data.slice(i * each, (i + 1) * each);
    if (name === "checks") {
      const names = (JSON.parse(own[0] as string) as { check: string }[]).map(({ check }) => check);
      expect(names.length).toBeGreaterThan(3);
      expect(CHECK_NAMES).toEqual(expect.arrayContaining(names));
    } else if (name === "heatmaps") {
      for (const [finding, map] of Object.entries(PYTORCH[image]!.maps))
        expectNear(own.slice(Number(finding) * 49, (Number(finding) + 1) * 49) as number[], map, name);
    } else expectNear(own as number[], PYTORCH[image]![name], name);
  }
}

function expectOutputs(answer: Answer, expected: readonly ExpectedOutput[]): void {
  const outputs = answer.json["outputs"] as Record<string, unknown>[];
  expect(outputs.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
  let at = 0;
  for (const [i, { name, datatype, shape, data, binary }] of expected.entries()) {
    const output = outputs[i]!;
    if (data !== undefined) {
      expect(output).toEqual({ name, datatype, shape, data: expect.any(Array) });
      expectData(name, output["data"] as number[], data[name]!);
      continue;
    }
    const size = (output["parameters"] as { binary_data_size: number }).binary_data_size;
    expect(output).toEqual({ name, datatype, shape, parameters: { binary_data_size: size } });
    const bytes = answer.rest.subarray(at, at + size);
    at += size;
    const elements =
      datatype === "FP32"
        ? Array.from({ length: size / 4 }, (_, k) => bytes.readFloatLE(4 * k))
        : texts(bytes);
    expectData(name, elements, binary![name]!);
  }
  expect(answer.rest.length).toBe(at);
}

for (const file of readdirSync(CASES)) {
  const { says, request, answer } = JSON.parse(readFileSync(join(CASES, file), "utf8")) as Case;
  test(`${file}: ${says}`, async () => {
    const size = bytesTensor(request.binary ?? []).length;
    const actual = await send(request, size);
    const expected = filled(answer.json, size) as Record<string, unknown>;
    // Outputs of an inference have numbers, those of metadata have not.
    const isInference = "model_name" in expected;
    const error = expected["error"];
    if (isInference) {
      expect({ ...actual.json, outputs: [] }).toEqual({ ...expected, outputs: [] });
      expectOutputs(actual, expected["outputs"] as ExpectedOutput[]);
    } else if (typeof error === "string" && error.endsWith("{any}")) {
      expect(actual.json).toEqual({ error: expect.stringContaining(error.replace("{any}", "")) });
    } else expect(actual.json).toEqual(expected);
    expect(actual.status).toBe(answer.status);
  });
}

test("a model or a version that is not there is answered with 404", () => {
  expect(statusOf(new XrayError("server/no-model", "there is no such model", {}))).toBe(404);
});
