/** The receiver among well-behaved peers: our own sender, and commands that are written out byte by byte. */

import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { dataSetOf, fileHead } from "../../../src/node/dimse/part10.ts";
import { type Receiver, type ReceiverSettings, startReceiver } from "../../../src/node/dimse/receiver.ts";
import type { TakenObject } from "../../../src/node/dimse/receiving.ts";
import { echo, storeTarget } from "../../../src/node/dimse/sender.ts";
import type { ResultObject } from "../../../src/report/dicom/result-object.ts";
import { dicomFile } from "../../support/dicom-file.ts";
import {
  associateRequest,
  command,
  DX_CLASS,
  data,
  EXPLICIT,
  PDU_TYPE,
  Peer,
  PIECE,
  statusIn,
} from "../../support/dimse-peer.ts";
import { endings } from "../../support/endings.ts";

const folder = mkdtempSync(join(tmpdir(), "medical-x-receiver-"));
const ends = endings();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;

/** A receiver that keeps what it is sent in a folder of its own. */
async function started(settings: Partial<ReceiverSettings> = {}) {
  const own = mkdtempSync(join(folder, "r"));
  const taken: TakenObject[] = [];
  const receiver = await startReceiver({
    aet: "MEDICALX",
    allowed: [],
    host: "127.0.0.1",
    port: 0,
    folder: own,
    take: async (object) => {
      const file = join(own, `${taken.length}.dcm`);
      renameSync(object.file, file);
      taken.push({ ...object, file });
      return "stored";
    },
    ...settings,
  });
  ends.push(() => receiver.close());
  return { receiver, taken, folder: own };
}

const calledAt = ({ port }: Receiver, more: object = {}) => ({
  callingAet: "ROUTER",
  aet: "MEDICALX",
  host: "127.0.0.1",
  port,
  ...more,
});

/** A data set as our objects have it, in a whole file. */
function object(uid: string, bytes = 1000, kind: ResultObject["kind"] = "report"): ResultObject {
  const whole = dicomFile({
    hasPreamble: false,
    uid,
    attributes: { "7fe00010": ["OB", Uint8Array.from({ length: bytes }, (_, i) => i % 251)] },
  });
  const meta = { sopClassUid: DX_CLASS, sopInstanceUid: uid, transferSyntaxUid: EXPLICIT };
  return {
    kind,
    studyInstanceUid: "1.2",
    seriesInstanceUid: "1.2.3",
    ...meta,
    bytes: Buffer.concat([fileHead(meta, "TEST"), whole]),
  };
}

/** A peer with an association in which it may ask for echoes (context 1) and send images (context 3). */
async function echoing({ port }: Receiver): Promise<Peer> {
  const peer = await Peer.connect(port);
  peer.send(
    associateRequest({
      contexts: [
        ["1.2.840.10008.1.1", EXPLICIT],
        [DX_CLASS, EXPLICIT],
      ],
    }),
  );
  expect((await peer.next())?.[0]).toBe(PDU_TYPE.accept);
  return peer;
}

describe("objects", () => {
  test("arrive byte for byte, several in one association, longer than a PDU", async () => {
    const { receiver, taken } = await started();
    const sent = [object("1.2.3.1", 10), object("1.2.3.2", 1_000_000), object("1.2.3.3", 131_072)];
    await storeTarget(calledAt(receiver)).store(sent, never);
    expect(taken.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(["1.2.3.1", "1.2.3.2", "1.2.3.3"]);
    for (const [i, { file, sopClassUid, transferSyntaxUid }] of taken.entries()) {
      expect([sopClassUid, transferSyntaxUid]).toEqual([DX_CLASS, EXPLICIT]);
      expect(dataSetOf(readFileSync(file)).equals(dataSetOf(sent[i]!.bytes))).toBe(true);
    }
  });

  test("say in their file who sent them", async () => {
    const { receiver, taken } = await started();
    await storeTarget(calledAt(receiver)).store([object("1.2.3")], never);
    const meta = { sopClassUid: DX_CLASS, sopInstanceUid: "1.2.3", transferSyntaxUid: EXPLICIT };
    const head = fileHead(meta, "ROUTER");
    expect(readFileSync(taken[0]!.file).subarray(0, head.length).equals(head)).toBe(true);
  });

  test("come after echoes in the same association, and several echoes are answered", async () => {
    const { receiver, taken } = await started();
    const peer = await echoing(receiver);
    const ask = command({ field: 0x30, sopClass: "1.2.840.10008.1.1", hasData: false });
    for (let i = 0; i < 3; i++) {
      peer.send(data(1, PIECE.lastOfCommand, ask));
      expect(statusIn((await peer.next())!)).toBe(0);
    }
    peer.send(data(3, PIECE.lastOfCommand, command()), data(3, PIECE.lastOfData, Buffer.from("12345678")));
    expect(statusIn((await peer.next())!)).toBe(0);
    expect(readFileSync(taken[0]!.file).subarray(-8).toString()).toBe("12345678");
    peer.end();
  });

  test("take nothing from an earlier command in the same association", async () => {
    const { receiver, taken } = await started();
    const peer = await echoing(receiver);
    const ask = command({ field: 0x30, sopClass: "1.2.840.10008.1.1", uid: "1.2.34", hasData: false });
    peer.send(data(1, PIECE.lastOfCommand, ask));
    expect(statusIn((await peer.next())!)).toBe(0);
    const uidElement = 8 + "1.2.3\0".length;
    const withoutUid = command().subarray(0, -uidElement);
    peer.send(data(3, PIECE.lastOfCommand, withoutUid), data(3, PIECE.lastOfData, Buffer.alloc(8)));
    expect(statusIn((await peer.next())!)).toBe(0xc000);
    expect(taken).toEqual([]);
    peer.end();
  });

  test("whose UID is none, or that have no data set, are not understood", async () => {
    const { receiver, taken, folder: own } = await started();
    const peer = await Peer.connect(receiver.port);
    peer.send(associateRequest());
    await peer.next();
    for (const uid of ["../../etc/passwd", "", "1".repeat(80)]) {
      peer.send(data(1, PIECE.lastOfCommand, command({ uid })), data(1, PIECE.lastOfData, Buffer.alloc(8)));
      expect(statusIn((await peer.next())!)).toBe(0xc000);
    }
    peer.send(data(1, PIECE.lastOfCommand, command({ hasData: false })));
    expect(statusIn((await peer.next())!)).toBe(0xc000);
    expect([taken, readdirSync(own)]).toEqual([[], []]);
    peer.end();
  });

  test("that are too large are refused, and the next one is taken", async () => {
    const { receiver, taken, folder: own } = await started({ limits: { objectBytes: 100_000 } });
    const target = storeTarget(calledAt(receiver));
    await expect(target.store([object("1.2.3.1", 200_000)], never)).rejects.toMatchObject({
      code: "pacs/no-space",
      details: { status: 0xa700 },
    });
    await target.store([object("1.2.3.2", 50_000)], never);
    expect(taken).toHaveLength(1);
    expect(readdirSync(own)).toEqual(["0.dcm"]);
  });

  test("are answered with what their taker says, and are removed if it keeps nothing", async () => {
    const answers = ["mismatch", "not-understood", "failed", "no-space"] as const;
    const statuses = [0xa900, 0xc000, 0x0110, 0xa700];
    for (const [i, answer] of answers.entries()) {
      const { receiver, folder: own } = await started({ take: async () => answer });
      await expect(storeTarget(calledAt(receiver)).store([object("1.2.3")], never)).rejects.toMatchObject({
        details: { status: statuses[i] },
      });
      expect(readdirSync(own)).toEqual([]);
    }
    const { receiver } = await started({ take: () => Promise.reject(new Error("broken")) });
    await expect(storeTarget(calledAt(receiver)).store([object("1.2.3")], never)).rejects.toThrow(
      `MEDICALX@127.0.0.1:${receiver.port}: the report: it was not stored (0110: processing failure); look at the archive's log`,
    );
  });
});

describe("a full disk", () => {
  const full = Object.assign(new Error("no space"), { code: "ENOSPC" });

  test.each([
    [
      "while it is written",
      {
        write: () => {
          throw full;
        },
        sync: async () => undefined,
        hasRoom: () => true,
      },
    ],
    [
      "when too little would be left for what is made of it",
      {
        write: (_: number, bytes: Uint8Array) => bytes.length,
        sync: async () => undefined,
        hasRoom: () => false,
      },
    ],
    [
      "when it is brought to the disk",
      {
        write: (_: number, bytes: Uint8Array) => bytes.length,
        sync: () => Promise.reject(full),
        hasRoom: () => true,
      },
    ],
  ])("%s is answered with A700, and leaves nothing", async (_, disk) => {
    const { receiver, taken, folder: own } = await started({ disk });
    await expect(storeTarget(calledAt(receiver)).store([object("1.2.3")], never)).rejects.toThrow(
      "the report: the archive cannot keep it",
    );
    expect([taken, readdirSync(own)]).toEqual([[], []]);
    await echo(calledAt(receiver), never);
  });
});

describe("AE titles", () => {
  test("that were not told are rejected, each with its reason", async () => {
    const { receiver } = await started({ allowed: ["ROUTER", "OTHER"] });
    await echo(calledAt(receiver), never);
    await echo(calledAt(receiver, { callingAet: "OTHER" }), never);
    await expect(echo(calledAt(receiver, { callingAet: "STRANGER" }), never)).rejects.toThrow(
      `MEDICALX@127.0.0.1:${receiver.port}: DICOM association: it does not know the AE title STRANGER; enter it there with this machine's address`,
    );
    await expect(echo(calledAt(receiver, { aet: "SOMEBODY" }), never)).rejects.toThrow(
      `SOMEBODY@127.0.0.1:${receiver.port}: DICOM association: its AE title is not SOMEBODY; correct what is sent to`,
    );
  });

  test("rejected ones cannot store all the same", async () => {
    const { receiver, taken } = await started({ allowed: ["ROUTER"] });
    const peer = await Peer.connect(receiver.port);
    peer.send(
      associateRequest({ calling: "STRANGER" }),
      data(1, PIECE.lastOfCommand, command()),
      data(1, PIECE.lastOfData, Buffer.alloc(8)),
    );
    expect((await peer.next())?.[0]).toBe(PDU_TYPE.reject);
    expect(await peer.next()).toBeUndefined();
    expect(taken).toEqual([]);
  });
});

describe("negotiation", () => {
  async function agreed(...contexts: readonly (readonly [string, ...string[]])[]): Promise<string[]> {
    const { receiver } = await started();
    const peer = await Peer.connect(receiver.port);
    peer.send(associateRequest({ contexts }));
    const answer = (await peer.next())!;
    const found: string[] = [];
    for (let at = 74; at + 4 <= answer.length; at += 4 + answer.readUInt16BE(at + 2)) {
      if (answer[at] !== 0x21) continue;
      const syntax = answer.toString("latin1", at + 12, at + 12 + answer.readUInt16BE(at + 10));
      found.push(`${answer[at + 6]} ${syntax}`);
    }
    peer.end();
    return found;
  }

  const IMPLICIT = "1.2.840.10008.1.2";
  const JPEG_LOSSLESS = "1.2.840.10008.1.2.4.70";
  const JPEG = "1.2.840.10008.1.2.4.50";
  const DEFLATED = "1.2.840.10008.1.2.1.99";
  const MPEG = "1.2.840.10008.1.2.4.100";

  test("prefers what loses nothing, in the peer's order", async () => {
    expect(
      await agreed(
        [DX_CLASS, IMPLICIT, EXPLICIT],
        [DX_CLASS, JPEG_LOSSLESS, EXPLICIT],
        [DX_CLASS, JPEG, EXPLICIT],
        [DX_CLASS, JPEG],
        [DX_CLASS, DEFLATED, IMPLICIT],
      ),
    ).toEqual([`0 ${EXPLICIT}`, `0 ${JPEG_LOSSLESS}`, `0 ${EXPLICIT}`, `0 ${JPEG}`, `0 ${IMPLICIT}`]);
  });

  test("takes neither deflated objects and films nor anything but storage and echo", async () => {
    const answers = await agreed(
      [DX_CLASS, DEFLATED],
      [DX_CLASS, MPEG],
      ["1.2.840.10008.5.1.4.1.2.2.1", EXPLICIT],
      ["1.2.840.10008.1.1", IMPLICIT],
    );
    expect(answers.map((answer) => answer.slice(0, 1))).toEqual(["4", "4", "3", "0"]);
  });
});

describe("the end", () => {
  test("answers what is being received, and takes nothing new", async () => {
    const { receiver, taken } = await started();
    const peer = await Peer.connect(receiver.port);
    peer.send(associateRequest());
    await peer.next();
    peer.send(data(1, PIECE.lastOfCommand, command()), data(1, PIECE.data, Buffer.from("1234")));
    await expect.poll(() => receiver.port).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = receiver.close();
    await expect(echo(calledAt(receiver), never)).rejects.toMatchObject({ code: "pacs/no-connection" });
    peer.send(data(1, PIECE.lastOfData, Buffer.from("5678")));
    expect(statusIn((await peer.next())!)).toBe(0);
    expect((await peer.next())?.[0]).toBe(PDU_TYPE.abort);
    await closed;
    expect(readFileSync(taken[0]!.file).subarray(-8).toString()).toBe("12345678");
  });

  test("does not wait for a peer that sends nothing more", async () => {
    const { receiver, taken, folder: own } = await started({ limits: { closeMs: 50 } });
    const peer = await Peer.connect(receiver.port);
    peer.send(associateRequest());
    await peer.next();
    peer.send(data(1, PIECE.lastOfCommand, command()), data(1, PIECE.data, Buffer.from("1234")));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await receiver.close();
    await peer.closed;
    expect(taken).toEqual([]);
    await expect.poll(() => readdirSync(own)).toEqual([]);
  });
});

test("a port in use is named", async () => {
  const { receiver } = await started();
  await expect(started({ port: receiver.port })).rejects.toThrow(
    `cannot listen at 127.0.0.1, port ${receiver.port}: another program listens there; stop it, or choose another port`,
  );
});
