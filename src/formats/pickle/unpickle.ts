/**
 * A reader of Python's pickles that executes nothing.
 *
 * Knows:      the pickle virtual machine, protocols 0 to 5. Not torch.
 * Reference:  CPython, Lib/pickletools.py, which documents every opcode.
 *
 * A pickle is a program for a stack machine that may call any Python function. Here, calls are looked up in
 * a table of known constructors; every other call leaves an inert `PickleObject` that says what would have been
 * called. The machine does not recurse, and both the number of its opcodes and what it copies are bounded:
 * a pickle of any size takes at most a few seconds and a few hundred megabytes.
 */

import type { ByteReader } from "../bytes.ts";
import { badPickle, PickleMachine, type UnpickleOptions } from "./machine.ts";
import { OPCODES, STOP } from "./opcodes.ts";
import type { PickleValue } from "./values.ts";

/**
 * Read one pickle.
 *
 * @param reader   Positioned at the start of the pickle; left just after its STOP.
 * @param options  Known constructors and persistent ids.
 * @returns        The pickled value. It may contain itself, so a walk over it must keep track of what it has seen.
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
