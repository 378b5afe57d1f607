/** The sender among archives that are broken, slow or mean harm: each failure is told in one line, and none hangs. */

import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { Called } from "../../../src/node/dimse/calling.ts";
import { fileHead } from "../../../src/node/dimse/part10.ts";
import { echo, storeTarget } from "../../../src/node/dimse/sender.ts";
import type { ResultObject } from "../../../src/report/dicom/result-object.ts";
import { dicomFile } from "../../support/dicom-file.ts";
import { command, DX_CLASS, data, EXPLICIT, PDU_TYPE, PIECE } from "../../support/dimse-peer.ts";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const never = new AbortController().signal;

/** How long is waited for an answer, in milliseconds: where none comes, and where one does, also on a busy machine. */
const SHORT = 300;
const LONG = 30_000;

/** An archive that does with a connection what a test says. */
async function archive(onConnection: (socket: Socket) => void, patience = LONG): Promise<Called> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onConnection(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const times = { connectMs: patience, answerMs: patience, releaseMs: 300 };
  return { callingAet: "MEDICALX", aet: "ARCHIVE", host: "127.0.0.1", port, times };
}

const pdu = (type: number, body: Uint8Array, stated = body.length): Buffer => {
  const head = Buffer.from([type, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(stated, 2);
  return Buffer.concat([head, body]);
};

const item = (type: number, value: Uint8Array): Buffer => {
  const head = Buffer.from([type, 0, 0, 0]);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value]);
};

/** A-ASSOCIATE-AC (PS3.8, 9.3.3) that accepts the first context, with explicit little endian, and refuses the second. */
function accepting(maxLength = 16_384, ids = [1, 3]): Buffer {
  const contexts = ids.map((id, i) =>
    item(0x21, Buffer.concat([Buffer.from([id, 0, i === 0 ? 0 : 4, 0]), item(0x40, Buffer.from(EXPLICIT))])),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32BE(maxLength);
  const user = item(0x50, item(0x51, length));
  return pdu(2, Buffer.concat([Buffer.alloc(68), item(0x10, Buffer.from("1.2")), ...contexts, user]));
}

const meta = { sopClassUid: DX_CLASS, sopInstanceUid: "1.2.3", transferSyntaxUid: EXPLICIT };
const object: ResultObject = {
  kind: "report",
  studyInstanceUid: "1.2",
  seriesInstanceUid: "1.2.1",
  ...meta,
  bytes: Buffer.concat([fileHead(meta, "TEST"), dicomFile({ hasPreamble: false, uid: "1.2.3" })]),
};

const store = (called: Called, signal = never) => storeTarget(called).store([object], signal);

/** Answers the request for an association with something. */
const answering = (bytes: Uint8Array) => (socket: Socket) => {
  socket.once("data", () => socket.write(bytes));
};

describe("an association does not come about with an archive that", () => {
  test.each<[string, (socket: Socket) => void, string]>([
    ["closes the connection at once", (socket) => socket.end(), "the connection was cut off"],
    ["never answers", () => undefined, "it took too long to answer"],
    [
      "answers as a web server does",
      answering(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")),
      "check that the port is right",
    ],
    [
      "announces four gigabytes",
      answering(pdu(2, Buffer.alloc(0), 0xffff_ffff)),
      "check that the port is right",
    ],
    [
      "accepts contexts that nobody asked for",
      answering(accepting(16_384, [201])),
      "check that the port is right",
    ],
    ["takes pieces of one byte", answering(accepting(1)), "it takes pieces of 1 bytes only"],
    ["is busy", answering(pdu(3, Buffer.from([0, 2, 3, 1]))), "it is busy; it will be asked later"],
    [
      "has too many associations",
      answering(pdu(3, Buffer.from([0, 2, 3, 2]))),
      "it has too many associations",
    ],
    ["aborts", answering(pdu(7, Buffer.alloc(4))), "it aborted; look at its log"],
  ])("%s", async (_, onConnection, message) => {
    const called = await archive(onConnection, message.includes("too long") ? SHORT : LONG);
    await expect(store(called)).rejects.toThrow(message);
    await expect(echo(called, never)).rejects.toThrow(`ARCHIVE@127.0.0.1:${called.port}: `);
  });

  test("is not there", async () => {
    const called = await archive(() => undefined);
    for (const end of ends.splice(0)) end();
    await expect(store(called)).rejects.toMatchObject({ code: "pacs/no-connection" });
  });
});

/** An archive that accepts an association, and answers the object with something. */
const accepted = (bytes?: Uint8Array) => (socket: Socket) => {
  let received = 0;
  let isAccepted = false;
  socket.on("data", (piece: Buffer) => {
    received += piece.length;
    if (!isAccepted) {
      isAccepted = true;
      received = 0;
      socket.write(accepting());
    } else if (received > object.bytes.length - 400 && bytes !== undefined) socket.write(bytes);
  });
};

describe("an object is not stored by an archive that", () => {
  test("never answers", async () => {
    await expect(store(await archive(accepted(), SHORT))).rejects.toThrow("it took too long to answer");
  });

  test("answers something else, or in a piece that is damaged", async () => {
    const other = data(1, PIECE.lastOfCommand, command({ field: 0x8030, hasData: false }));
    const damaged = pdu(4, Buffer.from([0, 0, 255, 255, 1, 3]));
    for (const bytes of [other, damaged])
      await expect(store(await archive(accepted(bytes), SHORT))).rejects.toMatchObject({
        code: "pacs/bad-answer",
      });
  });

  test("says nothing of it, although it has said that the one before was stored", async () => {
    const success = command({ field: 0x8001, hasData: false });
    let answered = 0;
    const called = await archive((socket) => {
      let received: Buffer = Buffer.alloc(0);
      socket.on("data", (piece: Buffer) => {
        received = Buffer.concat([received, piece]);
        while (received.length >= 6 && received.length >= 6 + received.readUInt32BE(2)) {
          const whole = received.subarray(0, 6 + received.readUInt32BE(2));
          received = received.subarray(whole.length);
          if (whole[0] === PDU_TYPE.request) socket.write(accepting());
          if (whole[0] !== PDU_TYPE.data || whole[11] !== PIECE.lastOfData) continue;
          answered += 1;
          const message = Buffer.from([0, 0, 0x20, 0x01, 2, 0, 0, 0, answered, 0]);
          const status = Buffer.from([0, 0, 0, 0x09, 2, 0, 0, 0, 0, 0]);
          const response = [success, message, ...(answered === 1 ? [status] : [])];
          socket.write(data(1, PIECE.lastOfCommand, Buffer.concat(response)));
        }
      });
    });
    await expect(storeTarget(called).store([object, object], never)).rejects.toThrow(
      "it answered without a status; look at its log",
    );
    expect(answered).toBe(2);
  });

  test("answers with an association of its own", async () => {
    await expect(store(await archive(accepted(accepting())))).rejects.toThrow(
      "it does not keep to DICOM's protocol",
    );
  });
});

test("a signal ends it at once, and one that is aborted before lets nothing begin", async () => {
  let connections = 0;
  const called = await archive(() => {
    connections += 1;
  });
  const ending = new AbortController();
  const stored = store({ ...called, times: {} }, ending.signal);
  await expect.poll(() => connections).toBe(1);
  ending.abort();
  await expect(stored).rejects.toMatchObject({ code: "pacs/interrupted" });
  await expect(store(called, ending.signal)).rejects.toMatchObject({ code: "pacs/interrupted" });
  expect(connections).toBe(1);
});
