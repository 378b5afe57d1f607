/** The receiver among peers that are broken or mean harm: whatever they send, it goes on for others and keeps nothing. */

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { type Receiver, type ReceiverSettings, startReceiver } from "../../../src/node/dimse/receiver.ts";
import { echo } from "../../../src/node/dimse/sender.ts";
import { Random } from "../../../src/random.ts";
import {
  associateRequest,
  command,
  DX_CLASS,
  data,
  EXPLICIT,
  PDU_TYPE,
  Peer,
  PIECE,
} from "../../support/dimse-peer.ts";
import { endings } from "../../support/endings.ts";

const VERIFICATION = "1.2.840.10008.1.1";
const folder = mkdtempSync(join(tmpdir(), "medical-x-hostile-"));
// Nothing of what broke off is left, once the receiver has ended: hooks that were added later come first.
afterEach(() => expect.poll(() => readdirSync(folder)).toEqual([]));
const ends = endings();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function started(settings: Partial<ReceiverSettings> = {}): Promise<Receiver> {
  const receiver = await startReceiver({
    aet: "MEDICALX",
    allowed: [],
    host: "127.0.0.1",
    port: 0,
    folder,
    take: async () => "stored",
    ...settings,
  });
  ends.push(() => receiver.close());
  return receiver;
}

/** Whether it still answers others. */
async function expectAnswer({ port }: Receiver): Promise<void> {
  const called = { callingAet: "ROUTER", aet: "MEDICALX", host: "127.0.0.1", port };
  await echo(called, new AbortController().signal);
}

/** The same where our own echo may be too slow for what a test allows peers, on a busy machine. */
const expectAnswerSoon = (receiver: Receiver) =>
  expect
    .poll(
      () =>
        expectAnswer(receiver).then(
          () => true,
          () => false,
        ),
      { timeout: 20_000 },
    )
    .toBe(true);

/** A peer with an association. */
async function associated({ port }: Receiver): Promise<Peer> {
  const peer = await Peer.connect(port);
  peer.send(associateRequest());
  expect((await peer.next())?.[0]).toBe(PDU_TYPE.accept);
  return peer;
}

const head = (type: number, length: number): Buffer => {
  const bytes = Buffer.from([type, 0, 0, 0, 0, 0]);
  bytes.writeUInt32BE(length, 2);
  return bytes;
};

type Said = readonly [name: string, ...bytes: Buffer[]];

describe("a connection is closed, and others are answered, after", () => {
  const many = Array.from({ length: 129 }, () => [DX_CLASS, EXPLICIT] as const);

  const beginnings: readonly Said[] = [
    ["a request of HTTP", Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")],
    ["a PDU of an unknown type", head(9, 4)],
    ["data without an association", data(1, PIECE.lastOfCommand, command())],
    ["a PDU of four gigabytes", head(1, 0xffff_ffff)],
    ["a request that ends early", head(1, 3), Buffer.alloc(3)],
    ["a request of zeros", head(1, 200), Buffer.alloc(200)],
    ["a request of items that reach beyond its end", head(1, 100), Buffer.alloc(100, 0x20)],
    ["a request with too many contexts", associateRequest({ contexts: many })],
  ];
  test.each(beginnings.map(([name, ...bytes]) => ({ name, bytes })))("$name", async ({ bytes }) => {
    const receiver = await started();
    const peer = await Peer.connect(receiver.port);
    peer.send(...bytes);
    await peer.closed;
    await expectAnswer(receiver);
  });

  const long = Buffer.alloc(40_000);
  const goings: readonly Said[] = [
    ["a second request", associateRequest()],
    ["a PDU that is too long", head(PDU_TYPE.data, 2 ** 30)],
    ["a piece of an unknown context", data(77, PIECE.lastOfCommand, command())],
    [
      "a piece longer than its PDU",
      Buffer.concat([head(PDU_TYPE.data, 6), Buffer.from([0, 0, 255, 255, 1, 3])]),
    ],
    ["a piece of negative length", Buffer.concat([head(PDU_TYPE.data, 6), Buffer.from([0, 0, 0, 0, 1, 3])])],
    ["a data set without a command", data(1, PIECE.lastOfData, Buffer.alloc(8))],
    ["a data set without a command, and without an end", data(1, PIECE.data, Buffer.alloc(8))],
    ["a command without an end", ...Array.from({ length: 3 }, () => data(1, PIECE.command, long))],
    [
      "a command within a data set",
      ...[command(), command()].map((one) => data(1, PIECE.lastOfCommand, one)),
    ],
    [
      "a query, whose data set would be kept in memory",
      data(1, PIECE.lastOfCommand, command({ field: 0x20 })),
    ],
    ["a query without a data set", data(1, PIECE.lastOfCommand, command({ field: 0x20, hasData: false }))],
    ["a command of zeros", data(1, PIECE.lastOfCommand, Buffer.alloc(100)), data(1, PIECE.data, long)],
    [
      "an abort in the middle of an object",
      data(1, PIECE.lastOfCommand, command()),
      data(1, PIECE.data, long),
      head(PDU_TYPE.abort, 4),
      Buffer.alloc(4),
    ],
  ];
  test.each(goings.map(([name, ...bytes]) => ({ name, bytes })))(
    "$name in an association",
    async ({ bytes }) => {
      const receiver = await started();
      const peer = await associated(receiver);
      peer.send(...bytes);
      await peer.closed;
      await expectAnswer(receiver);
    },
  );

  test("a context that was not accepted is used", async () => {
    const receiver = await started();
    const peer = await Peer.connect(receiver.port);
    peer.send(associateRequest({ contexts: [["1.2.840.10008.5.1.4.1.2.2.1", EXPLICIT]] }));
    await peer.next();
    peer.send(data(1, PIECE.lastOfCommand, command()));
    await peer.closed;
    await expectAnswer(receiver);
  });
});

test("a peer that goes away in the middle of an object leaves nothing", async () => {
  const receiver = await started();
  const peer = await associated(receiver);
  peer.send(data(1, PIECE.lastOfCommand, command()), data(1, PIECE.data, Buffer.alloc(100_000)));
  await expect.poll(() => readdirSync(folder)).toHaveLength(1);
  peer.end();
  await expectAnswer(receiver);
});

describe("slow peers are cut off", () => {
  test("that ask for no association", async () => {
    const receiver = await started({ limits: { requestMs: 100 } });
    const peer = await Peer.connect(receiver.port);
    peer.send(Buffer.from([1, 0]));
    await peer.closed;
    await expectAnswerSoon(receiver);
  });

  test("that send byte by byte, and never a whole PDU", async () => {
    const receiver = await started({ limits: { pduMs: 100 } });
    const peer = await associated(receiver);
    const drip = setInterval(() => peer.send(Buffer.from([4])), 20);
    await peer.closed;
    clearInterval(drip);
    await expectAnswerSoon(receiver);
  });

  test("whose object never ends", async () => {
    const receiver = await started({ limits: { objectMs: 300 } });
    const peer = await associated(receiver);
    peer.send(data(1, PIECE.lastOfCommand, command()));
    const drip = setInterval(() => peer.send(data(1, PIECE.data, Buffer.alloc(10))), 20);
    await peer.closed;
    clearInterval(drip);
    await expectAnswerSoon(receiver);
  });
});

describe("too many at once", () => {
  test("associations are rejected for the moment", async () => {
    const receiver = await started({ limits: { associations: 2 } });
    const peers = [await associated(receiver), await associated(receiver)];
    await expect(expectAnswer(receiver)).rejects.toThrow(
      "it has too many associations; it will be asked later",
    );
    peers[0]!.end();
    await expectAnswerSoon(receiver);
    peers[1]!.end();
  });

  test("connections that ask for nothing make room for others, the oldest first", async () => {
    const receiver = await started({ limits: { connections: 3 } });
    const sending = await Peer.connect(receiver.port);
    sending.send(associateRequest({ contexts: [[VERIFICATION, EXPLICIT]] }));
    expect((await sending.next())?.[0]).toBe(PDU_TYPE.accept);
    const idle = [await Peer.connect(receiver.port), await Peer.connect(receiver.port)];
    await expectAnswer(receiver);
    await idle[0]!.closed;
    await expectAnswer(receiver);
    // The one that asked before them goes on.
    const asked = command({ field: 0x30, sopClass: VERIFICATION, hasData: false });
    sending.send(data(1, PIECE.lastOfCommand, asked));
    expect((await sending.next())?.[0]).toBe(PDU_TYPE.data);
    for (const peer of [sending, idle[1]!]) peer.end();
  });
});

test("damaged conversations by the hundred end, each by itself", async () => {
  const receiver = await started({ limits: { pduMs: 500, requestMs: 500 } });
  const random = Random.of(7);
  const whole = Buffer.concat([
    associateRequest({
      contexts: [
        [DX_CLASS, EXPLICIT],
        [VERIFICATION, EXPLICIT],
      ],
    }),
    data(3, PIECE.lastOfCommand, command({ field: 0x30, sopClass: VERIFICATION, hasData: false })),
    data(1, PIECE.lastOfCommand, command()),
    data(1, PIECE.data, Buffer.alloc(300, 1)),
    data(1, PIECE.lastOfData, Buffer.alloc(100, 2)),
  ]);
  const conversations = Array.from({ length: 300 }, async () => {
    const bytes = Buffer.from(whole);
    for (let i = 0; i < 4; i++) bytes[random.int(bytes.length)] = random.int(256);
    const peer = await Peer.connect(receiver.port).catch(() => undefined);
    peer?.send(bytes.subarray(0, random.int(bytes.length) + 1));
    await new Promise((resolve) => setTimeout(resolve, 100));
    peer?.end();
    await peer?.closed;
  });
  await Promise.all(conversations);
  await expectAnswerSoon(receiver);
});
