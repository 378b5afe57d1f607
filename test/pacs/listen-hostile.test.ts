/** The built listener among peers that scan ports, break off and send nonsense: it goes on, and its log names nobody. */

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Desk, putSmallDemo } from "../cli/run.ts";
import { associateRequest, command, data, Peer, PIECE } from "../support/dimse-peer.ts";
import { endings } from "../support/endings.ts";
import { freePort } from "../support/free-ports.ts";
import { echo, Receiver, send } from "./support/dcmtk.ts";
import { whyNot } from "./support/programs.ts";
import { makeStudies } from "./support/studies.ts";
import { Watcher } from "./support/watcher.ts";

const why = whyNot("storescu", "storescp", "echoscu");

describe.skipIf(why !== undefined)(`a listener${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "medical-x-hostile-"));
  const desk = new Desk();
  const ends = endings();

  beforeAll(() => putSmallDemo(desk, "m.safetensors"));
  afterAll(() => {
    desk.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function listening(name: string, archive: number) {
    const self = { aet: "MEDICALX", port: await freePort() };
    const state = join(folder, name);
    const listener = Watcher.listen(desk, state, [
      ...["--port", String(self.port), "--allow-aet", "ROUTER", "--quiet", "1"],
      ...["--send-to", `ARCHIVE@127.0.0.1:${archive}`],
    ]);
    ends.push(() => listener.end("SIGKILL"));
    await listener.until((said) => said.includes("listens at"));
    return { self, listener, received: () => readdirSync(join(state, "received")) };
  }

  test("goes on after all of them, and its log has no UID", async () => {
    const archive = await Receiver.start();
    ends.push(() => archive.stop());
    const { self, listener, received } = await listening("peers", archive.peer.port);
    const nonsense = [
      Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
      Buffer.from("1603010200010001fc0303", "hex"),
      Buffer.from("0100ffffffff", "hex"),
      Buffer.alloc(5000, 0xa5),
    ];
    for (const bytes of nonsense) {
      const peer = await Peer.connect(self.port);
      peer.send(bytes);
      await peer.closed;
    }
    for (const asking of [{ calling: "STRANGER" }, { called: "OTHER" }]) {
      const peer = await Peer.connect(self.port);
      peer.send(associateRequest(asking));
      await peer.closed;
    }
    const dying = await Peer.connect(self.port);
    dying.send(associateRequest());
    await dying.next();
    dying.send(data(1, PIECE.lastOfCommand, command()), data(1, PIECE.data, Buffer.alloc(50_000)));
    await expect.poll(received).toHaveLength(1);
    dying.end();
    await expect.poll(received).toHaveLength(0);
    const noImage = await Peer.connect(self.port);
    noImage.send(associateRequest());
    await noImage.next();
    noImage.send(data(1, PIECE.lastOfCommand, command()), data(1, PIECE.lastOfData, Buffer.alloc(999, 7)));
    await noImage.next();
    noImage.end();

    expect((await echo(self)).code).toBe(0);
    const place = join(folder, "study");
    mkdirSync(place);
    const files = makeStudies(place, { studies: 1, only: ["dx", "cr"] }).flatMap((study) => study.files);
    const paths = files.map(({ path }) => path);
    const twice = await Promise.all([send(self, paths), send(self, paths)]);
    expect(twice.map(({ code }) => code)).toEqual([0, 0]);
    await listener.settled(1);
    expect(archive.files()).toHaveLength(2);
    expect(received()).toEqual([]);
    await listener.end("SIGTERM");
    const lines = listener.said.split("\n");
    for (const line of [
      "medical-x: an association was rejected: the AE title that called may not send. If it is your router's, allow it",
      "medical-x: an association was rejected: it called an AE title that is not ours. Correct it at the sender",
      "medical-x: an object was refused: it cannot be read, or names no study. Its sender was told",
      "medical-x: ending once what is under way is done; Ctrl-C again ends it at once",
      "study 1: 2 reports stored",
    ])
      expect(lines.filter((one) => one === line)).toHaveLength(1);
    expect(listener.said).not.toMatch(/\d+\.\d+\.\d+\.\d+\.\d+/);
    expect(listener.said).not.toContain("STRANGER");
  });

  test.each(["SIGTERM", "SIGINT"] as const)(
    "%s answers the image that is coming in, and ends",
    async (signal) => {
      const { self, listener, received } = await listening(signal, await freePort());
      const peer = await Peer.connect(self.port);
      peer.send(associateRequest());
      await peer.next();
      peer.send(data(1, PIECE.lastOfCommand, command()), data(1, PIECE.data, Buffer.alloc(50_000)));
      await expect.poll(received).toHaveLength(1);
      const ended = listener.end(signal);
      await listener.until((said) => said.includes("ending once"));
      await expect(echo(self)).resolves.toMatchObject({ code: 1 });
      peer.send(data(1, PIECE.lastOfData, Buffer.alloc(10)));
      const answer = await peer.next();
      expect(answer?.[0]).toBe(4);
      await ended;
      expect(received()).toEqual([]);
    },
  );

  test("a file is no state folder, and neither is anything below it", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    const args = ["--model", "m.safetensors", "--send-to", "ARCHIVE@127.0.0.1:104", "--port", "0"];
    for (const state of [file, join(file, "inner")]) {
      const { code, stderr } = await desk.run(["pacs", "listen", ...args, "--state", state]);
      expect(code).toBe(1);
      expect(stderr).toContain(`${state}: a file stands where a folder is expected; name another\n`);
    }
  });
});
