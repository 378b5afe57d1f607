/** The gate shares the program's attention between connections, and waits for those that do not read. */

import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { PduGate, TURNS } from "../../../src/node/dimse/pdu-gate.ts";
import { data, PIECE } from "../../support/dimse-peer.ts";

/** A connection whose peer reads what it is sent only when `read` is called. */
function connection() {
  const unread: (() => void)[] = [];
  const socket = new Duplex({
    highWaterMark: 100,
    read: () => undefined,
    write: (_, __, done) => unread.push(done),
  });
  const gate = new PduGate(socket as Socket, TURNS.asProvider);
  return { socket, gate, read: () => unread.shift()?.() };
}

const numbered = (number: number): Buffer => data(1, PIECE.lastOfCommand, Buffer.from([number]));
const many = Buffer.concat([1, 2, 3].map(numbered));

/** More turns than there are PDUs. */
async function turns(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}

test("of several connections that send much at once, each has its turn after each PDU", async () => {
  const order: string[] = [];
  for (const name of ["a", "b"]) {
    const { socket, gate } = connection();
    gate.on("data", (pdu: Buffer) => order.push(`${name}${pdu.at(-1)}`));
    socket.push(many);
  }
  await turns();
  expect(order).toEqual(["a1", "b1", "a2", "b2", "a3", "b3"]);
});

test("what comes in parts, and while the rest of a piece waits, stays in its order", async () => {
  const { socket, gate } = connection();
  const taken: number[] = [];
  gate.on("data", (pdu: Buffer) => taken.push(pdu.at(-1)!));
  const bytes = Buffer.concat([1, 2, 3, 4, 5].map(numbered));
  for (let at = 0; at < bytes.length; at += 19) {
    socket.push(bytes.subarray(at, at + 19));
    await turn();
  }
  await turns();
  expect(taken).toEqual([1, 2, 3, 4, 5]);
});

test("a peer that does not read its answers is not asked for more until it does", async () => {
  const { socket, gate, read } = connection();
  const taken: number[] = [];
  gate.on("data", (pdu: Buffer) => {
    taken.push(pdu.at(-1)!);
    gate.write(Buffer.alloc(200));
  });
  socket.push(many);
  await turns();
  expect([taken, socket.writableLength]).toEqual([[1], 200]);
  read();
  await turns();
  expect([taken, socket.writableLength]).toEqual([[1, 2], 200]);
});

test("nothing that waits is handed on once the connection is closed", async () => {
  const { socket, gate } = connection();
  const taken: number[] = [];
  gate.on("data", (pdu: Buffer) => {
    taken.push(pdu.at(-1)!);
    gate.end();
  });
  socket.push(many);
  await turns();
  expect(taken).toEqual([1]);
});
