/** A peer of a DICOM receiver that says what it likes, byte by byte. */

import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const item = (type: number, value: Uint8Array): Buffer => {
  const head = Buffer.from([type, 0, 0, 0]);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value]);
};

const pdu = (type: number, body: Uint8Array): Buffer => {
  const head = Buffer.from([type, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(body.length, 2);
  return Buffer.concat([head, body]);
};

export const PDU_TYPE = { request: 1, accept: 2, reject: 3, data: 4, releaseRequest: 5, abort: 7 } as const;

export interface Asking {
  readonly called?: string;
  readonly calling?: string;
  /** Abstract syntax and transfer syntaxes of each presentation context, whose identifiers are 1, 3, 5 and so on. */
  readonly contexts?: readonly (readonly [abstract: string, ...syntaxes: string[]])[];
}

export const DX_CLASS = "1.2.840.10008.5.1.4.1.1.1.1";
export const EXPLICIT = "1.2.840.10008.1.2.1";

/** A-ASSOCIATE-RQ (PS3.8, 9.3.2). */
export function associateRequest({
  called = "MEDICALX",
  calling = "ROUTER",
  contexts = [[DX_CLASS, EXPLICIT]],
}: Asking = {}): Buffer {
  const fixed = Buffer.alloc(68);
  fixed.writeUInt16BE(1);
  fixed.write(called.padEnd(16), 4, "latin1");
  fixed.write(calling.padEnd(16), 20, "latin1");
  const proposed = contexts.map(([abstract, ...syntaxes], i) =>
    item(
      0x20,
      Buffer.concat([
        Buffer.from([2 * i + 1, 0, 0, 0]),
        item(0x30, Buffer.from(abstract)),
        ...syntaxes.map((syntax) => item(0x40, Buffer.from(syntax))),
      ]),
    ),
  );
  const user = Buffer.concat([item(0x51, Buffer.from([0, 0, 0x40, 0])), item(0x52, Buffer.from("1.2.3"))]);
  const application = item(0x10, Buffer.from("1.2.840.10008.3.1.1.1"));
  return pdu(PDU_TYPE.request, Buffer.concat([fixed, application, ...proposed, item(0x50, user)]));
}

/** P-DATA-TF with one piece. */
export function data(context: number, flags: number, value: Uint8Array): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt32BE(value.length + 2);
  head[4] = context;
  head[5] = flags;
  return pdu(PDU_TYPE.data, Buffer.concat([head, value]));
}

/** Flags of a piece. */
export const PIECE = { data: 0, command: 1, lastOfData: 2, lastOfCommand: 3 } as const;

/** An element of a command: implicit VR little endian. */
function element(number: number, value: number | string): Buffer {
  const bytes =
    typeof value === "string"
      ? Buffer.from(value.length % 2 === 0 ? value : `${value}\0`, "latin1")
      : Buffer.from([value & 0xff, value >> 8]);
  const head = Buffer.alloc(8);
  head.writeUInt16LE(number, 2);
  head.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

export interface Commanding {
  readonly field?: number;
  readonly sopClass?: string;
  readonly uid?: string;
  readonly hasData?: boolean;
}

/** A command; by default C-STORE-RQ. */
export const command = ({
  field = 0x0001,
  sopClass = DX_CLASS,
  uid = "1.2.3",
  hasData = true,
}: Commanding = {}): Buffer =>
  Buffer.concat([
    element(0x0002, sopClass),
    element(0x0100, field),
    element(0x0110, 1),
    element(0x0700, 0),
    element(0x0800, hasData ? 0x0000 : 0x0101),
    element(0x1000, uid),
  ]);

/** A connection to a receiver. */
export class Peer {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  readonly closed: Promise<void>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (bytes: Buffer) => {
      this.#received = Buffer.concat([this.#received, bytes]);
    });
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
    // Being cut off is what is tested.
    socket.on("error", () => undefined);
  }

  static connect(port: number): Promise<Peer> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => resolve(new Peer(socket)));
      socket.once("error", reject);
    });
  }

  send(...bytes: readonly Uint8Array[]): void {
    for (const piece of bytes) this.#socket.write(piece);
  }

  /** The next PDU, with its head; undefined if the connection ends before. */
  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const received = this.#received;
      const length = received.length < 6 ? undefined : 6 + received.readUInt32BE(2);
      if (length !== undefined && received.length >= length) {
        this.#received = received.subarray(length);
        return received.subarray(0, length);
      }
      if (this.#socket.closed || this.#socket.readableEnded) return undefined;
      await sleep(2);
    }
  }

  end(): void {
    this.#socket.destroy();
  }
}

/** The status in a P-DATA-TF that holds a response. */
export function statusIn(response: Buffer): number {
  const at = response.indexOf(Buffer.from([0x00, 0x00, 0x00, 0x09, 0x02, 0x00, 0x00, 0x00]));
  return response.readUInt16LE(at + 8);
}
