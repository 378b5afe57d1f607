/** safetensors files whose header lies. */

import { describe, test } from "vitest";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { concat, latin1, u64 } from "./builders/bytes.ts";
import { row, safetensors } from "./builders/safetensors.ts";
import { refuses } from "./refusal.ts";

const four = new Uint8Array(4);
const MAX = Number.MAX_SAFE_INTEGER;
const one = (dtype: unknown, shape: unknown, offsets: unknown, body = four) =>
  safetensors({ w: row(dtype, shape, offsets) }, body);

function readAll(file: Uint8Array): void {
  for (const entry of readCheckpoint(file).tensors.values()) entry.read();
}

/** JSON, nested `depth` lists deep. */
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

test("the honest file that these vary is read", () => readAll(one("F32", [1], [0, 4])));

describe("a safetensors file that lies is refused", () => {
  const cases: readonly [string, Uint8Array][] = [
    ["a header of 2^47 bytes", safetensors({}, four, 2n ** 47n)],
    ["a header of 99 MB in a short file", safetensors({}, four, 99_000_000)],
    ["a header one byte too long", safetensors({ w: row("F32", [1], [0, 4]) }, new Uint8Array(0), 58)],
    ["a tensor of 2^53 bytes", one("U8", [MAX], [0, MAX])],
    ["offsets beyond the end", one("F32", [1], [0, 5])],
    ["offsets that run backwards", one("F32", [1], [4, 0])],
    ["negative offsets", one("F32", [1], [-4, 0])],
    ["offsets of 1e300", one("F32", [1], [0, 1e300])],
    ["fractional offsets", one("F32", [1], [0.5, 4.5])],
    ["offsets that are text", one("F32", [1], ["0", "4"])],
    ["three offsets", one("F32", [1], [0, 4, 4])],
    ["a shape whose product is infinite", one("F32", Array(30).fill(MAX), [0, 4])],
    ["a shape of zero times infinity", one("F32", [...Array(30).fill(MAX), 0], [0, 4])],
    ["a negative shape", one("F32", [-1, -1], [0, 4])],
    ["a shape that is no list", one("F32", 1, [0, 4])],
    ["a shape that does not fit", one("F32", [2], [0, 4])],
    ["a dtype that is no text", one({ a: 1 }, [1], [0, 4])],
    ["a dtype with toString of its own", one({ toString: 1, valueOf: 1 }, [1], [0, 4])],
    [
      "a dtype nested 50,000 deep",
      safetensors(`{"w":{"dtype":${nested(50_000)},"shape":[1],"data_offsets":[0,4]}}`, four),
    ],
    ["a dtype of a megabyte", one("x".repeat(1_000_000), [1], [0, 4])],
    ["a row that is a list", safetensors({ w: [] }, four)],
    ["a row that is null", safetensors({ w: null }, four)],
    [
      "two tensors on the same bytes",
      safetensors({ a: row("F32", [1], [0, 4]), b: row("F32", [1], [0, 4]) }, four),
    ],
    [
      "tensors that overlap",
      safetensors({ a: row("F32", [1], [0, 4]), b: row("F32", [1], [2, 6]) }, new Uint8Array(6)),
    ],
    ["a hole", safetensors({ a: row("U8", [1], [0, 1]), b: row("U8", [1], [3, 4]) }, four)],
    ["bytes that belong to nothing", one("U8", [1], [0, 1])],
    ["metadata that is a list", safetensors({ __metadata__: [] })],
    ["metadata of numbers", safetensors({ __metadata__: { a: 1 } })],
    ["a header that is not JSON", safetensors("{ nonsense }")],
    ["a header with a line feed in nonsense", safetensors("{\n\n\u001b[2J\n}")],
    ["a header that is not UTF-8", concat(u64(4), latin1('{"\xff}'))],
    ["a header nested 100,000 deep", safetensors(`{"a":${nested(100_000)}}`)],
    ["a name with line feeds", safetensors({ "a\n\u001b[2J": row("F32", [9], [0, 4]) }, four)],
    ["a name of a megabyte", safetensors({ ["a".repeat(1e6)]: row("F32", [9], [0, 4]) }, four)],
  ];
  test.for(cases)("%s", ([, file]) => refuses(() => readAll(file), /^(safetensors|format)\//));
});

test("2^60 promised bytes are not even safetensors", () => {
  refuses(() => readAll(safetensors({}, four, 2n ** 60n)), /^(safetensors|checkpoint|format)\//);
});

describe("a card in a safetensors file that is not valid is refused", () => {
  const card = (text: string) => safetensors({ __metadata__: { "medical-x/card@1": text } });
  const cases: readonly [string, string][] = [
    ["no JSON", "\n\u001b[2J"],
    ["a list", "[]"],
    ["labels nested deep", `{"labels":${nested(50_000)}}`],
    ["a step with toString of its own", '{"preparation":[{"step":{"toString":1,"valueOf":1}}]}'],
    ["a step named __proto__", '{"preparation":[{"step":"__proto__"}]}'],
    ["a step named constructor", '{"preparation":[{"step":"constructor"}]}'],
    ["a step nested deep", `{"preparation":[{"step":${nested(50_000)}}]}`],
    ["a step that nests deep", `{"preparation":[{"step":"x","y":${nested(50_000)}}]}`],
    ["a step of a megabyte", `{"preparation":[{"step":"${"x".repeat(1e6)}"}]}`],
    ["a hundred thousand steps", `{"preparation":[${Array(1e5).fill('{"step":"rgb"}').join()}]}`],
    [
      "a size of 2^53",
      '{"preparation":[{"step":"rgb"},{"step":"resize","width":9007199254740991,"height":1,"resample":"pil"}]}',
    ],
    ["operating points of text", '{"operatingPoints":{"a":"x"}}'],
    ["operating points beyond 1", '{"operatingPoints":{"a":1e300}}'],
    ["every label empty", '{"labels":["","",""]}'],
    ["one label twice", '{"labels":["a","a"]}'],
  ];
  test.for(cases)("%s", ([, text]) => refuses(() => readCheckpoint(card(text)), /^(card|preparation)\//));
});
