/**
 * Stands between a socket and dcmjs-dimse, and lets through only whole PDUs that have their place and a bounded length.
 *
 * The library collects whatever length a peer states, copies what it has with each packet, and takes PDUs at any time. Behind
 * this gate it never holds more than one PDU of a connection, and sees each in its turn. One that sends many at once, or
 * does not read what is answered, waits for the others.
 *
 * Knows:      how PDUs begin, and how long they may be. Not what they say.
 * Reference:  DICOM PS3.8, 9.3.
 */

import { EventEmitter } from "node:events";
import type { Socket } from "node:net";

/** Types of PDUs. */
export const PDU = {
  associateRequest: 1,
  associateAccept: 2,
  associateReject: 3,
  data: 4,
  releaseRequest: 5,
  releaseResponse: 6,
  abort: 7,
} as const;

/** What the calling side of an association may send us before and after it is accepted, and the called side. */
export const TURNS = {
  beforeRequest: [PDU.associateRequest],
  asProvider: [PDU.data, PDU.releaseRequest, PDU.abort],
  beforeAnswer: [PDU.associateAccept, PDU.associateReject, PDU.abort],
  asUser: [PDU.data, PDU.releaseRequest, PDU.releaseResponse, PDU.abort],
  none: [],
} as const satisfies Record<string, readonly number[]>;

/** The longest PDU that we announce to be ready for, in bytes. */
export const ANNOUNCED_PDU_BYTES = 131_072;

/** The longest that is taken: some peers do not keep to what was announced, and requests with many contexts are long. */
const MAX_PDU_BYTES = 1_048_576;

/** PS3.8, 9.3.2.2: identifiers are the odd numbers up to 255. */
const MAX_CONTEXTS = 128;

/** How long a peer may take to read our last words, in milliseconds. */
export const END_MS = 2000;

const HEADER_BYTES = 6;
/** Where the items of a request begin. */
const ITEMS_AT = 74;
const CONTEXT_ITEM = 0x20;

/** How many presentation contexts a request has; those after an item that does not fit are not counted. */
function countContexts(pdu: Buffer): number {
  let count = 0;
  for (let at = ITEMS_AT; at + 4 <= pdu.length; at += 4 + pdu.readUInt16BE(at + 2))
    if (pdu[at] === CONTEXT_ITEM) count++;
  return count;
}

/**
 * What dcmjs-dimse takes for a socket. Emits `data` with one whole PDU at a time, `error` with what the peer did wrong, and
 * what the socket emits.
 */
export class PduGate extends EventEmitter {
  readonly #socket: Socket;
  #turns: readonly number[];
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  #pdu: Buffer | undefined;
  #pduBytes = 0;
  /** Whether a PDU has been handed on in this turn. */
  #hasGiven = false;

  /** @param turns  Which types of PDU may come first. */
  constructor(socket: Socket, turns: readonly number[]) {
    super();
    this.#socket = socket;
    this.#turns = turns;
    socket.on("data", (bytes: Buffer) => this.#take(bytes));
    socket.on("error", (error) => this.emit("error", error));
    socket.on("timeout", () => this.emit("timeout"));
    socket.on("close", () => this.emit("close"));
  }

  /** From now on, only PDUs of these types may come. */
  expect(turns: readonly number[]): void {
    this.#turns = turns;
  }

  setTimeout(milliseconds: number): void {
    this.#socket.setTimeout(milliseconds);
  }

  write(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  /** Close the connection when what was written has been sent, or soon. Nothing is received any more. */
  end(): void {
    this.#turns = TURNS.none;
    this.#socket.end();
    this.#socket.resume();
    setTimeout(() => this.#socket.destroy(), END_MS).unref();
  }

  /** Close the connection at once. */
  destroy(): void {
    this.#turns = TURNS.none;
    this.#socket.destroy();
  }

  #fail(message: string): void {
    this.#turns = TURNS.none;
    this.emit("error", new Error(message));
  }

  /** Take what has come, up to the end of a PDU; the rest, and more from the peer, in another turn. */
  #take(bytes: Buffer): void {
    let at = 0;
    this.#hasGiven = false;
    while (at < bytes.length && this.#turns !== TURNS.none && !this.#hasGiven)
      at += this.#pdu === undefined ? this.#takeHeader(bytes, at) : this.#takeBody(bytes, at, this.#pdu);
    if (this.#turns === TURNS.none || (at === bytes.length && !this.#socket.writableNeedDrain)) return;
    this.#socket.pause();
    // Other connections come first, so that one that sends much at once does not keep them waiting.
    setImmediate(() => this.#goOn(bytes.subarray(at)));
  }

  #goOn(rest: Buffer): void {
    if (this.#turns === TURNS.none) return;
    if (this.#socket.writableNeedDrain) {
      // A peer that does not read our answers is not asked for more, so that they do not heap up.
      this.#socket.once("drain", () => this.#goOn(rest));
      return;
    }
    // What this takes may pause the socket again.
    this.#socket.resume();
    this.#take(rest);
  }

  /** Returns how many bytes were taken. */
  #takeHeader(bytes: Buffer, at: number): number {
    const taken = bytes.copy(this.#header, this.#headerBytes, at);
    this.#headerBytes += taken;
    if (this.#headerBytes < HEADER_BYTES) return taken;
    const type = this.#header[0] ?? 0;
    const length = this.#header.readUInt32BE(2);
    if (!this.#turns.includes(type)) this.#fail("a PDU came that has no place here");
    else if (length > MAX_PDU_BYTES) this.#fail("a PDU is too long");
    else {
      this.#pdu = Buffer.allocUnsafe(HEADER_BYTES + length);
      this.#header.copy(this.#pdu);
      this.#pduBytes = HEADER_BYTES;
      if (length === 0) this.#give(this.#pdu);
    }
    return taken;
  }

  #takeBody(bytes: Buffer, at: number, pdu: Buffer): number {
    const taken = bytes.copy(pdu, this.#pduBytes, at);
    this.#pduBytes += taken;
    if (this.#pduBytes === pdu.length) this.#give(pdu);
    return taken;
  }

  #give(pdu: Buffer): void {
    this.#pdu = undefined;
    this.#headerBytes = 0;
    this.#hasGiven = true;
    if (pdu[0] !== PDU.associateRequest) this.emit("data", pdu);
    else if (countContexts(pdu) > MAX_CONTEXTS) this.#fail("a request has too many presentation contexts");
    else {
      // There is one request; what may follow is said when it is accepted.
      this.#turns = [];
      this.emit("data", pdu);
    }
  }
}
