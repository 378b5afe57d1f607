/**
 * The opcodes of a pickle by their byte. The comment beside each is its name in pickletools.
 *
 * Reference: CPython, Lib/pickletools.py, which documents every opcode.
 */

import { decodeText } from "../bytes.ts";
import type { PickleMachine } from "./machine.ts";
import { decodeRawUnicodeEscape } from "./text.ts";
import { PickleDict, type PickleValue } from "./values.ts";

/** The opcode that ends a pickle, whose value is then on top of the stack. */
export const STOP = 0x2e;

type Handler = (m: PickleMachine) => void;

/** Every opcode that is understood, except STOP. */
export const OPCODES: { readonly [opcode: number]: Handler } = {
  0x28: (m) => m.mark(), // MARK
  0x30: (m) => m.discard(), // POP
  0x31: (m) => void m.popMark(), // POP_MARK
  0x32: (m) => m.push(m.top()), // DUP
  0x80: (m) => m.protocol(m.reader.u8()), // PROTO
  0x95: (m) => void m.reader.u64(), // FRAME

  0x4e: (m) => m.push(null), // NONE
  0x88: (m) => m.push(true), // NEWTRUE
  0x89: (m) => m.push(false), // NEWFALSE
  0x49: (m) => {
    // INT; 00 and 01 are protocol 0's False and True
    const text = m.text();
    m.push(text === "00" ? false : text === "01" ? true : m.integer(text));
  },
  0x4a: (m) => m.push(m.reader.i32()), // BININT
  0x4b: (m) => m.push(m.reader.u8()), // BININT1
  0x4d: (m) => m.push(m.reader.u16()), // BININT2
  0x4c: (m) => m.push(m.integer(m.text())), // LONG
  0x8a: (m) => m.push(m.long(m.reader.take(m.reader.u8()))), // LONG1
  0x8b: (m) => m.push(m.long(m.reader.take(m.reader.i32()))), // LONG4
  0x46: (m) => m.push(m.float(m.text())), // FLOAT
  0x47: (m) => m.push(m.reader.f64BigEndian()), // BINFLOAT

  0x53: (m) => m.push(m.quotedString()), // STRING
  0x54: (m) => m.push(decodeText(m.reader.take(m.reader.i32()))), // BINSTRING
  0x55: (m) => m.push(decodeText(m.reader.take(m.reader.u8()))), // SHORT_BINSTRING
  0x56: (m) => m.push(decodeRawUnicodeEscape(m.reader.line())), // UNICODE
  0x58: (m) => m.push(decodeText(m.reader.take(m.reader.u32()))), // BINUNICODE
  0x8c: (m) => m.push(decodeText(m.reader.take(m.reader.u8()))), // SHORT_BINUNICODE
  0x8d: (m) => m.push(decodeText(m.reader.take(m.reader.u64()))), // BINUNICODE8
  0x42: (m) => m.push(m.reader.take(m.reader.u32())), // BINBYTES
  0x43: (m) => m.push(m.reader.take(m.reader.u8())), // SHORT_BINBYTES
  0x8e: (m) => m.push(m.reader.take(m.reader.u64())), // BINBYTES8
  0x96: (m) => m.push(m.reader.take(m.reader.u64())), // BYTEARRAY8

  0x5d: (m) => m.push([]), // EMPTY_LIST
  0x6c: (m) => m.push(m.popMark()), // LIST
  0x61: (m) => m.append([m.pop()]), // APPEND
  0x65: (m) => m.append(m.popMark()), // APPENDS
  0x29: (m) => m.push([]), // EMPTY_TUPLE
  0x74: (m) => m.push(m.popMark()), // TUPLE
  0x85: (m) => m.push(m.popMany(1)), // TUPLE1
  0x86: (m) => m.push(m.popMany(2)), // TUPLE2
  0x87: (m) => m.push(m.popMany(3)), // TUPLE3
  0x7d: (m) => m.push(new PickleDict()), // EMPTY_DICT
  0x64: (m) => m.dict(m.popMark()), // DICT
  0x73: (m) => m.setItems(m.popMany(2)), // SETITEM
  0x75: (m) => m.setItems(m.popMark()), // SETITEMS
  0x8f: (m) => m.push(new Set<PickleValue>()), // EMPTY_SET
  0x90: (m) => m.addItems(m.popMark()), // ADDITEMS
  0x91: (m) => m.push(new Set(m.popMark())), // FROZENSET

  0x67: (m) => m.get(Number(m.integer(m.text()))), // GET
  0x68: (m) => m.get(m.reader.u8()), // BINGET
  0x6a: (m) => m.get(m.reader.u32()), // LONG_BINGET
  0x70: (m) => m.put(Number(m.integer(m.text()))), // PUT
  0x71: (m) => m.put(m.reader.u8()), // BINPUT
  0x72: (m) => m.put(m.reader.u32()), // LONG_BINPUT
  0x94: (m) => m.memoize(), // MEMOIZE

  0x63: (m) => m.push(m.global(m.text(), m.text())), // GLOBAL
  0x93: (m) => m.stackGlobal(), // STACK_GLOBAL
  0x52: (m) => {
    // REDUCE
    const [callable, args] = m.popMany(2) as [PickleValue, PickleValue];
    m.push(m.call(callable, args));
  },
  0x81: (m) => {
    // NEWOBJ
    const [callable, args] = m.popMany(2) as [PickleValue, PickleValue];
    m.push(m.call(callable, args));
  },
  0x92: (m) => {
    // NEWOBJ_EX
    const [callable, args] = m.popMany(3) as [PickleValue, PickleValue, PickleValue];
    m.push(m.call(callable, args));
  },
  0x69: (m) => {
    // INST
    const callable = m.global(m.text(), m.text());
    m.push(m.call(callable, m.popMark()));
  },
  0x6f: (m) => {
    // OBJ
    const [callable, ...args] = m.popMark();
    if (callable === undefined) throw m.fail("an object has no class");
    m.push(m.call(callable, args));
  },
  0x62: (m) => m.build(), // BUILD
  0x50: (m) => m.push(m.persistent(m.text())), // PERSID
  0x51: (m) => m.push(m.persistent(m.pop())), // BINPERSID
};
