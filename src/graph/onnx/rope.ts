/**
 * Protobuf messages in pieces, so that large pieces need not be copied while the messages around them are written.
 *
 * Knows: the wire format (through pbf). Not ONNX.
 */

import { PbfWriter } from "pbf";

/** The wire type of strings, bytes and messages. */
const LENGTH_DELIMITED = 2;

/** Write one small message, or part of one. */
export function write(body: (writer: PbfWriter) => void): Uint8Array {
  const writer = new PbfWriter();
  body(writer);
  return writer.finish();
}

/** A sequence of bytes, held in pieces. */
export class Rope {
  readonly #pieces: Uint8Array[] = [];
  length = 0;

  push(...pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) {
      this.#pieces.push(piece);
      this.length += piece.length;
    }
  }

  /** Append another rope as the value of field `number`. */
  field(number: number, body: Rope): void {
    this.fieldHeader(number, body.length);
    this.push(...body.#pieces);
  }

  /** Announce that the next `length` bytes are the value of field `number`. */
  fieldHeader(number: number, length: number): void {
    this.push(
      write((w) => {
        w.writeTag(number, LENGTH_DELIMITED);
        w.writeVarint(length);
      }),
    );
  }

  /** Join all pieces into one array. This is the only time that they are copied. */
  join(): Uint8Array {
    const out = new Uint8Array(this.length);
    let at = 0;
    for (const piece of this.#pieces) {
      out.set(piece, at);
      at += piece.length;
    }
    return out;
  }
}
