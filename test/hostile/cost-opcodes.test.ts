/** Pickles with as many expensive opcodes as fit, each read in its own process within 5 seconds and 1 GB. */

import { describe, test } from "vitest";
import { concat, latin1, repeat, u8 } from "./builders/bytes.ts";
import * as p from "./builders/pickle.ts";
import { torchLegacy, torchZipDeflated } from "./builders/torch.ts";
import { costsLittle } from "./measure.ts";

const MiB = 1024 * 1024;

/** A pickle that repeats a piece until it is `bytes` long, between other pieces. */
const filled = (piece: Uint8Array, bytes: number, before = p.NONE, after: Uint8Array = p.NONE): Uint8Array =>
  p.pickle(before, repeat(piece, Math.floor(bytes / piece.length)), after);

/** What each opcode costs at most: as much of it as fits into the largest pickle, deflated to kilobytes. */
const OPCODES: readonly [string, Uint8Array][] = [
  ["None", p.NONE],
  ["empty lists", p.EMPTY_LIST],
  ["empty dicts", p.EMPTY_DICT],
  ["empty sets", p.EMPTY_SET],
  ["marks", p.MARK],
  ["memo entries", p.MEMOIZE],
  ["inert objects", concat(p.DUP, p.DUP, p.REDUCE)],
  ["text that is not UTF-8", concat(u8(0x8c), u8(1), u8(0xff), p.POP)],
  ["empty text", concat(u8(0x8c), u8(0), p.POP)],
  ["empty globals", concat(latin1("c\n\n"), p.POP)],
  ["empty integers", concat(latin1("I0\n"), p.POP)],
  ["long integers", concat(u8(0x8a), u8(255), repeat(u8(0x7f), 255), p.POP)],
  ["long decimal integers", concat(latin1(`L${"9".repeat(600)}L\n`), p.POP)],
  ["sets of marks", concat(p.MARK, u8(0x91))],
];

describe("64 MiB of one opcode, deflated", () => {
  test.for(OPCODES)("%s", ([, piece]) => {
    costsLittle("checkpoint", torchZipDeflated(filled(piece, 63 * MiB)), /^(checkpoint|pickle|zip|torch)\//);
  });
});

describe("16 MiB of one opcode in a legacy file", () => {
  test.for(OPCODES)("%s", ([, piece]) => {
    costsLittle("checkpoint", torchLegacy(filled(piece, 16 * MiB)), /^(checkpoint|pickle|torch)\//);
  });
});
