/**
 * A pickle assembler: opcodes by pickletools' names, put together with `concat`.
 *
 * Reference: CPython, Lib/pickletools.py.
 */

import { concat, latin1, u8, u32, u64, utf8 } from "./bytes.ts";

const op = (code: number): Uint8Array => Uint8Array.of(code);

export const PROTO_2 = Uint8Array.of(0x80, 2);
export const STOP = op(0x2e);
export const MARK = op(0x28);
export const POP = op(0x30);
export const DUP = op(0x32);
export const NONE = op(0x4e);
export const TRUE = op(0x88);
export const FALSE = op(0x89);
export const EMPTY_LIST = op(0x5d);
export const EMPTY_TUPLE = op(0x29);
export const EMPTY_DICT = op(0x7d);
export const EMPTY_SET = op(0x8f);
export const APPEND = op(0x61);
export const APPENDS = op(0x65);
export const TUPLE = op(0x74);
export const TUPLE1 = op(0x85);
export const TUPLE2 = op(0x86);
export const SETITEM = op(0x73);
export const SETITEMS = op(0x75);
export const REDUCE = op(0x52);
export const NEWOBJ = op(0x81);
export const BUILD = op(0x62);
export const MEMOIZE = op(0x94);
export const BINPERSID = op(0x51);

/** GLOBAL; names with line feeds need `stackGlobal`. */
export const global = (module: string, name: string): Uint8Array => latin1(`c${module}\n${name}\n`);
export const stackGlobal = (module: string, name: string): Uint8Array =>
  concat(text(module), text(name), op(0x93));
/** INST: a class, called with everything since the mark. */
export const inst = (module: string, name: string): Uint8Array => latin1(`i${module}\n${name}\n`);
/** OBJ: the first thing since the mark is the class. */
export const OBJ = op(0x6f);

/** BINUNICODE. */
export const text = (value: string): Uint8Array => {
  const bytes = utf8(value);
  return concat(op(0x58), u32(bytes.length), bytes);
};
/** BININT, of 31 bits. */
export const int = (value: number): Uint8Array => concat(op(0x4a), u32(value));
/** LONG1: any integer of up to 255 bytes. */
export const long = (value: number | bigint): Uint8Array => concat(op(0x8a), u8(8), u64(value));
/** Any count: BININT where it fits. */
export const count = (value: number): Uint8Array => (value < 2 ** 31 ? int(value) : long(value));

/** BINPUT or LONG_BINPUT. */
export const put = (index: number): Uint8Array =>
  index < 256 ? Uint8Array.of(0x71, index) : concat(op(0x72), u32(index));
/** BINGET or LONG_BINGET. */
export const get = (index: number): Uint8Array =>
  index < 256 ? Uint8Array.of(0x68, index) : concat(op(0x6a), u32(index));

/** A tuple of any length. */
export const tuple = (...items: readonly Uint8Array[]): Uint8Array => concat(MARK, ...items, TUPLE);
export const list = (...items: readonly Uint8Array[]): Uint8Array =>
  concat(EMPTY_LIST, MARK, ...items, APPENDS);
/** A dict of key, value, key, value … */
export const dict = (...entries: readonly Uint8Array[]): Uint8Array =>
  concat(EMPTY_DICT, MARK, ...entries, SETITEMS);

/** `module.name(*args)` */
export const call = (module: string, name: string, ...args: readonly Uint8Array[]): Uint8Array =>
  concat(global(module, name), tuple(...args), REDUCE);

/** An object of a class with this `__dict__`. */
export const object = (module: string, name: string, state: Uint8Array): Uint8Array =>
  concat(global(module, name), EMPTY_TUPLE, NEWOBJ, state, BUILD);

/** A whole pickle of protocol 2. */
export const pickle = (...pieces: readonly Uint8Array[]): Uint8Array => concat(PROTO_2, ...pieces, STOP);
