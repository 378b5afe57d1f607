/**
 * The opcodes of a pickle by their byte; each comment is pickletools' name.
 *
 * Reference: CPython, Lib/pickletools.py, which documents every opcode.
 */

import { decodeText } from "../bytes.ts";
import type { PickleMachine } from "./machine.ts";
import { PickleDict, type PickleValue } from "./values.ts";

/** Ends a pickle: the top of the stack is its value. */
export const STOP = 0x2e;

type Handler = (m: PickleMachine) => void;

/** Every opcode that is understood but STOP. */
export const OPCODES: { readonly [opcode: number]: Handler } = {
  40: (m) => m.mark(), // MARK
  48: (m) => m.discard(), // POP
  49: (m) => void m.popMark(), // POP_MARK
  50: (m) => m.push(m.top()), // DUP
  128: (m) => m.protocol(m.reader.u8()), // PROTO
  149: (m) => void m.reader.u64(), // FRAME

  78: (m) => m.push(null), // NONE
  136: (m) => m.push(true), // NEWTRUE
  137: (m) => m.push(false), // NEWFALSE
  73: (m) => {
    // INT; 00 and 01 are protocol 0's False and True
    const text = m.text();
    m.push(text === "00" ? false : text === "01" ? true : m.integer(text));
  },
  74: (m) => m.push(m.reader.i32()), // BININT
  75: (m) => m.push(m.reader.u8()), // BININT1
  77: (m) => m.push(m.reader.u16()), // BININT2
  76: (m) => m.push(m.integer(m.text())), // LONG
  138: (m) => m.push(m.long(m.reader.take(m.reader.u8()))), // LONG1
  139: (m) => m.push(m.long(m.reader.take(m.reader.i32()))), // LONG4
  70: (m) => m.push(m.float(m.text())), // FLOAT
  71: (m) => m.push(m.reader.f64BigEndian()), // BINFLOAT

  83: (m) => m.push(m.quoted()), // STRING
  84: (m) => m.push(decodeText(m.reader.take(m.reader.i32()))), // BINSTRING
  85: (m) => m.push(decodeText(m.reader.take(m.reader.u8()))), // SHORT_BINSTRING
  86: (m) => m.push(m.text()), // UNICODE
  88: (m) => m.push(decodeText(m.reader.take(m.reader.u32()))), // BINUNICODE
  140: (m) => m.push(decodeText(m.reader.take(m.reader.u8()))), // SHORT_BINUNICODE
  141: (m) => m.push(decodeText(m.reader.take(m.reader.u64()))), // BINUNICODE8
  66: (m) => m.push(m.reader.take(m.reader.u32())), // BINBYTES
  67: (m) => m.push(m.reader.take(m.reader.u8())), // SHORT_BINBYTES
  142: (m) => m.push(m.reader.take(m.reader.u64())), // BINBYTES8
  150: (m) => m.push(m.reader.take(m.reader.u64())), // BYTEARRAY8

  93: (m) => m.push([]), // EMPTY_LIST
  108: (m) => m.push(m.popMark()), // LIST
  97: (m) => m.append([m.pop()]), // APPEND
  101: (m) => m.append(m.popMark()), // APPENDS
  41: (m) => m.push([]), // EMPTY_TUPLE
  116: (m) => m.push(m.popMark()), // TUPLE
  133: (m) => m.push(m.popMany(1)), // TUPLE1
  134: (m) => m.push(m.popMany(2)), // TUPLE2
  135: (m) => m.push(m.popMany(3)), // TUPLE3
  125: (m) => m.push(new PickleDict()), // EMPTY_DICT
  100: (m) => m.dict(m.popMark()), // DICT
  115: (m) => m.setItems(m.popMany(2)), // SETITEM
  117: (m) => m.setItems(m.popMark()), // SETITEMS
  143: (m) => m.push(new Set<PickleValue>()), // EMPTY_SET
  144: (m) => m.addItems(m.popMark()), // ADDITEMS
  145: (m) => m.push(new Set(m.popMark())), // FROZENSET

  103: (m) => m.get(Number(m.integer(m.text()))), // GET
  104: (m) => m.get(m.reader.u8()), // BINGET
  106: (m) => m.get(m.reader.u32()), // LONG_BINGET
  112: (m) => m.put(Number(m.integer(m.text()))), // PUT
  113: (m) => m.put(m.reader.u8()), // BINPUT
  114: (m) => m.put(m.reader.u32()), // LONG_BINPUT
  148: (m) => m.memoize(), // MEMOIZE

  99: (m) => m.push(m.global(m.text(), m.text())), // GLOBAL
  147: (m) => m.stackGlobal(), // STACK_GLOBAL
  82: (m) => {
    // REDUCE
    const [callable, args] = m.popMany(2) as [PickleValue, PickleValue];
    m.push(m.call(callable, args));
  },
  129: (m) => {
    // NEWOBJ
    const [callable, args] = m.popMany(2) as [PickleValue, PickleValue];
    m.push(m.call(callable, args));
  },
  146: (m) => {
    // NEWOBJ_EX
    const [callable, args] = m.popMany(3) as [PickleValue, PickleValue, PickleValue];
    m.push(m.call(callable, args));
  },
  105: (m) => {
    // INST
    const callable = m.global(m.text(), m.text());
    m.push(m.call(callable, m.popMark()));
  },
  111: (m) => {
    // OBJ
    const [callable, ...args] = m.popMark();
    if (callable === undefined) throw m.fail("an object has no class");
    m.push(m.call(callable, args));
  },
  98: (m) => m.build(), // BUILD
  80: (m) => m.push(m.persistent(m.text())), // PERSID
  81: (m) => m.push(m.persistent(m.pop())), // BINPERSID
};
