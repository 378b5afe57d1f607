/**
 * Reads Protobuf by its wire format alone, to check what was written without the code that wrote it.
 *
 * Reference: protobuf.dev, "Encoding".
 */

/** Every value of every field, in order: varints as bigint, all else as bytes. */
export type Message = Map<number, (bigint | Uint8Array)[]>;

export function parseMessage(bytes: Uint8Array): Message {
  const message: Message = new Map();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error("a varint runs past the end");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new Error("a field runs past the end");
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const field = tag >> 3;
    const values = message.get(field) ?? [];
    message.set(field, values);
    const wireType = tag & 7;
    if (wireType === 0) values.push(varint());
    else if (wireType === 1) values.push(take(8));
    else if (wireType === 2) values.push(take(Number(varint())));
    else if (wireType === 5) values.push(take(4));
    else throw new Error(`wire type ${wireType}`);
  }
  return message;
}

export function submessages(message: Message, field: number): Message[] {
  return (message.get(field) ?? []).map((value) => parseMessage(value as Uint8Array));
}

export function text(message: Message, field: number): string {
  return Buffer.from((message.get(field)?.[0] ?? new Uint8Array()) as Uint8Array).toString("utf8");
}

/** A field of plain numbers: single varints, or packed ones. */
export function integers(message: Message, field: number): number[] {
  return (message.get(field) ?? []).flatMap((value) => {
    if (typeof value === "bigint") return [Number(value)];
    const out: number[] = [];
    let shift = 0;
    let number = 0;
    for (const byte of value) {
      number += (byte & 0x7f) * 2 ** shift;
      shift = byte < 0x80 ? 0 : shift + 7;
      if (byte < 0x80) number = out.push(number) * 0;
    }
    return out;
  });
}
