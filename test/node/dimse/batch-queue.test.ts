/** What waits at the same time shares an association; each image has its own end. Counted at a relay before a receiver. */

import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { IMAGES_PER_ASSOCIATION } from "../../../src/node/dimse/batch-queue.ts";
import { fileHead } from "../../../src/node/dimse/part10.ts";
import { startReceiver } from "../../../src/node/dimse/receiver.ts";
import type { TakeObject } from "../../../src/node/dimse/receiving.ts";
import { storeTarget } from "../../../src/node/dimse/sender.ts";
import type { ResultObject } from "../../../src/report/dicom/result-object.ts";
import { dicomFile } from "../../support/dicom-file.ts";
import { DX_CLASS, EXPLICIT } from "../../support/dimse-peer.ts";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const never = new AbortController().signal;

function object(number: number, sopClassUid = DX_CLASS): ResultObject {
  const meta = { sopClassUid, sopInstanceUid: `1.2.3.${number}`, transferSyntaxUid: EXPLICIT };
  return {
    kind: "report",
    studyInstanceUid: "1.2",
    seriesInstanceUid: "1.2.1",
    ...meta,
    bytes: Buffer.concat([
      fileHead(meta, "TEST"),
      dicomFile({ hasPreamble: false, uid: meta.sopInstanceUid }),
    ]),
  };
}

const objects = (count: number): ResultObject[] => Array.from({ length: count }, (_, i) => object(i));

/** An archive that is reached by way of a relay. @param take  Has the number of the object, and ends all connections. */
async function archive(take: (number: number, cut: () => void) => ReturnType<TakeObject> | undefined) {
  const folder = mkdtempSync(join(tmpdir(), "medical-x-batches-"));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const sockets = new Set<Socket>();
  const stored: number[] = [];
  let associations = 0;
  const receiver = await startReceiver({
    ...{ aet: "ARCHIVE", host: "127.0.0.1", port: 0, allowed: [], folder },
    take: async ({ sopInstanceUid }) => {
      const number = Number(sopInstanceUid.split(".").at(-1));
      const cut = () => {
        for (const socket of sockets) socket.destroy();
      };
      const answer = (await take(number, cut)) ?? "stored";
      if (answer === "stored") stored.push(number);
      return answer;
    },
  });
  ends.push(() => receiver.close());
  const relay = createServer((socket) => {
    associations += 1;
    const onward = connect(receiver.port, "127.0.0.1");
    for (const end of [socket, onward]) {
      sockets.add(end);
      end.on("error", () => undefined);
    }
    socket.on("close", () => onward.destroy()).pipe(onward);
    onward.on("close", () => socket.destroy()).pipe(socket);
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  ends.push(() => relay.close());
  const address = relay.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    target: storeTarget({ callingAet: "MEDICALX", aet: "ARCHIVE", host: "127.0.0.1", port }),
    stored,
    associations: () => associations,
  };
}

const codes = (ended: readonly PromiseSettledResult<void>[]) =>
  ended.map((end) => (end.status === "fulfilled" ? "stored" : end.reason.code));

test("what waits at the same time is sent in one association, in its order", async () => {
  const { target, stored, associations } = await archive(() => undefined);
  const [a, b, c, d, e] = objects(5) as [
    ResultObject,
    ResultObject,
    ResultObject,
    ResultObject,
    ResultObject,
  ];
  await Promise.all([[a, b], [c], [d, e]].map((batch) => target.store(batch, never)));
  expect(stored).toEqual([0, 1, 2, 3, 4]);
  expect(associations()).toBe(1);
});

test("what the archive says of one image concerns no other", async () => {
  const answers = [undefined, "failed", undefined, "no-space", "mismatch", undefined] as const;
  const { target, stored, associations } = await archive(async (number) => answers[number] ?? "stored");
  const ended = await Promise.allSettled(objects(6).map((one) => target.store([one], never)));
  expect(codes(ended)).toEqual([
    ...["stored", "pacs/store-failed", "stored", "pacs/no-space", "pacs/not-stored", "stored"],
  ]);
  expect(stored).toEqual([0, 2, 5]);
  expect(associations()).toBe(1);
});

test("an image with which the association breaks is tried again by itself, and only then is it charged with it", async () => {
  const cuts: number[] = [];
  const { target, stored, associations } = await archive((number, cut) => {
    // The third one breaks the association once, the fourth one each time.
    if (number === 3 || (number === 2 && !cuts.includes(2))) {
      cuts.push(number);
      cut();
      return Promise.resolve("failed");
    }
    return undefined;
  });
  const ended = await Promise.allSettled(objects(6).map((one) => target.store([one], never)));
  expect(codes(ended)).toEqual(["stored", "stored", "stored", "pacs/no-connection", "stored", "stored"]);
  expect(stored).toEqual([0, 1, 2, 4, 5]);
  expect(cuts).toEqual([2, 3, 3]);
  // 0 to 2; 2 and 3; 3; 4 and 5.
  expect(associations()).toBe(4);
});

test("another class than those that were proposed has an association of its own", async () => {
  const { target, stored, associations } = await archive(() => undefined);
  const first = target.store([object(0)], never);
  const second = target.store([object(1, "1.2.840.10008.5.1.4.1.1.7")], never);
  const third = target.store([object(2)], never);
  await Promise.all([first, second, third]);
  expect(stored.sort()).toEqual([0, 1, 2]);
  expect(associations()).toBe(2);
});

test("the number of images in an association is bounded", async () => {
  const { target, stored, associations } = await archive(() => undefined);
  await Promise.all(objects(IMAGES_PER_ASSOCIATION + 1).map((one) => target.store([one], never)));
  expect(stored).toHaveLength(IMAGES_PER_ASSOCIATION + 1);
  expect(associations()).toBe(2);
});

test("a signal ends all that wait for it, and nothing else", async () => {
  const ending = new AbortController();
  const { target, stored } = await archive((number) => {
    if (number === 0) ending.abort();
    return undefined;
  });
  const [a, b, c] = objects(3) as [ResultObject, ResultObject, ResultObject];
  const ended = await Promise.allSettled([
    target.store([a], ending.signal),
    target.store([b], ending.signal),
    target.store([c], never),
  ]);
  expect(codes(ended)).toEqual(["pacs/interrupted", "pacs/interrupted", "stored"]);
  expect(stored).toContain(2);
  expect(stored).not.toContain(1);
});
