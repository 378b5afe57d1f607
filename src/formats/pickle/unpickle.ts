/**
 * Python's pickle, read without executing anything.
 *
 * Knows:      the pickle virtual machine, protocols 0 to 5. Not torch.
 * Reference:  CPython, Lib/pickletools.py, which documents every opcode.
 *
 * A pickle is a program for a stack machine that may call any Python function. Here, calls are looked up in
 * a table of known constructors; every other call leaves an inert `PickleObject` that says what it would
 * have been. The machine does not recurse, the number of its opcodes is bounded, and so is what it copies:
 * a pickle of any size takes at most a few seconds and a few hundred megabytes.
 */

import type { ByteReader } from "../bytes.ts";
import { badPickle, PickleMachine, type UnpickleOptions } from "./machine.ts";
import { OPCODES, STOP } from "./opcodes.ts";
import type { PickleValue } from "./values.ts";

/**
 * Read one pickle.
 *
 * @param reader   Positioned at the pickle; left just behind its STOP.
 * @param options  Known constructors and persistent ids.
 * @returns        The pickled value. It may contain itself: walk it with a record of what was seen.
 * @throws         XrayError `pickle/bad-pickle`, `format/…`.
 */
export function unpickle(reader: ByteReader, options: UnpickleOptions = {}): PickleValue {
  const machine = new PickleMachine(reader, options);
  for (;;) {
    const at = reader.at;
    const opcode = reader.u8();
    if (opcode === STOP) return machine.pop();
    const handler = OPCODES[opcode];
    if (handler === undefined)
      throw badPickle(`unknown opcode 0x${opcode.toString(16).padStart(2, "0")}`, at);
    machine.step();
    handler(machine);
  }
}
