/** Our ends of DICOM's network protocol against dcmtk's. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readTls } from "../../src/node/archive/tls.ts";
import type { Called } from "../../src/node/dimse/calling.ts";
import { type ReceiverSettings, startReceiver } from "../../src/node/dimse/receiver.ts";
import { echo as echoFromHere, storeTarget } from "../../src/node/dimse/sender.ts";
import type { ResultObject } from "../../src/report/dicom/result-object.ts";
import { Peer as Caller } from "../support/dimse-peer.ts";
import { endings } from "../support/endings.ts";
import { type Certificates, makeCertificates } from "./support/certificates.ts";
import { echo, type Peer, Receiver, send } from "./support/dcmtk.ts";
import { PYTHON, whyNot } from "./support/programs.ts";

const why = whyNot("storescu", "storescp", "echoscu", "openssl");
const SCRIPT = fileURLToPath(new URL("support/odd_files.py", import.meta.url));
const python = (...args: readonly string[]): string =>
  execFileSync(PYTHON, ["-B", "-W", "ignore", SCRIPT, ...args], { encoding: "utf8" });

/** The tags that differ, of each pair of files. */
const differences = (...files: readonly string[]): readonly string[][] =>
  JSON.parse(python("compare", ...files)) as readonly string[][];

/** How `storescu` is told to propose a file's own encoding. */
const ENCODINGS = {
  "explicit.dcm": "-xe",
  "big-endian.dcm": "-xb",
  "implicit.dcm": "-xi",
  "jpeg-baseline.dcm": "-xy",
  "jpeg-colour.dcm": "-xy",
  "jpeg-extended.dcm": "-xx",
  "jpeg-lossless.dcm": "-xs",
  "jpeg-lossless-fragments.dcm": "-xs",
  "jpeg-ls.dcm": "-xt",
  "jpeg-ls-near.dcm": "-xu",
  "jpeg-2000.dcm": "-xv",
  "jpeg-2000-lossy.dcm": "-xw",
  "rle.dcm": "-xr",
  "rle-frames.dcm": "-xr",
} as const;

describe.skipIf(why !== undefined)(
  `C-STORE and C-ECHO${why === undefined ? "" : ` (skipped: ${why})`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), "medical-x-dimse-"));
    const ends = endings();
    let certificates: Certificates;

    beforeAll(() => {
      python("make", folder, ...Object.keys(ENCODINGS), "deflated.dcm");
      certificates = makeCertificates(folder);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    async function listening(
      settings: Partial<ReceiverSettings> = {},
    ): Promise<{ peer: Peer; files: string[] }> {
      const own = mkdtempSync(join(folder, "r"));
      const files: string[] = [];
      const receiver = await startReceiver({
        aet: "MEDICALX",
        allowed: ["ROUTER"],
        host: "127.0.0.1",
        port: 0,
        folder: own,
        take: async ({ file }) => {
          const kept = join(own, `${files.length}.dcm`);
          renameSync(file, kept);
          files.push(kept);
          return "stored";
        },
        ...settings,
      });
      ends.push(() => receiver.close());
      return { peer: { aet: "MEDICALX", port: receiver.port }, files };
    }

    describe("what storescu sends", () => {
      test.each(Object.entries(ENCODINGS))("%s is on the disk as it was sent", async (name, option) => {
        const { peer, files } = await listening();
        const said = await send(peer, [join(folder, name)], "ROUTER", [option]);
        expect(said.code, said.stderr).toBe(0);
        expect(differences(join(folder, name), files[0]!)).toEqual([[]]);
      });

      test("a deflated file comes in another encoding", async () => {
        const { peer, files } = await listening();
        const said = await send(peer, [join(folder, "deflated.dcm")], "ROUTER", ["-xd"]);
        expect(said.code, said.stderr).toBe(0);
        expect(differences(join(folder, "deflated.dcm"), files[0]!)).toEqual([["transfer syntax"]]);
      });

      test("all of them come in one association, with small PDUs", async () => {
        const { peer, files } = await listening();
        const sent = ["explicit.dcm", "implicit.dcm", "big-endian.dcm"].map((name) => join(folder, name));
        const said = await send(peer, [...sent, sent[0]!], "ROUTER", ["-xe", "--max-send-pdu", "4096"]);
        expect(said.code, said.stderr).toBe(0);
        expect(files).toHaveLength(4);
        expect(differences(sent[0]!, files[0]!, sent[0]!, files[3]!)).toEqual([[], []]);
      });
    });

    test("echoes are answered, and strangers are not", async () => {
      const { peer } = await listening();
      expect((await echo(peer)).code).toBe(0);
      const stranger = await echo(peer, "STRANGER");
      expect(stranger.code).not.toBe(0);
      expect(stranger.stderr).toContain("Calling AE Title Not Recognized");
      expect((await echo({ ...peer, aet: "SOMEBODY" })).stderr).toContain("Called AE Title Not Recognized");
    });

    test("storescu says why an object was not taken", async () => {
      const { peer } = await listening({ take: async () => "no-space" });
      const said = await send(peer, [join(folder, "explicit.dcm")], "ROUTER", ["-xe", "-v"]);
      expect(said.stderr).toContain("Refused: OutOfResources");
      expect(said.code).not.toBe(0);
    });

    /** Something to send: a file in explicit little endian. */
    function objectOf(name: string, kind: ResultObject["kind"] = "report"): ResultObject {
      return {
        kind,
        studyInstanceUid: "1.2.826.0.1.3680043.10.511.19.9",
        seriesInstanceUid: "1.2.826.0.1.3680043.10.511.19.9.0",
        sopClassUid: "1.2.840.10008.5.1.4.1.1.1.1",
        sopInstanceUid: "1.2.826.0.1.3680043.10.511.19.9.1",
        bytes: readFileSync(join(folder, name)),
      };
    }

    const never = new AbortController().signal;
    const called = (peer: Peer, more: Partial<Called> = {}): Called => ({
      callingAet: "MEDICALX",
      host: "127.0.0.1",
      ...peer,
      ...more,
    });

    describe("what storescp is sent", () => {
      test.each([
        ["explicit little endian", [], []],
        ["implicit little endian, if it takes nothing else", ["--implicit"], ["transfer syntax"]],
      ] as const)("%s", async (_, options, expected) => {
        const receiver = await Receiver.start("ARCHIVE", options);
        ends.push(() => receiver.stop());
        await echoFromHere(called(receiver.peer), never);
        await storeTarget(called(receiver.peer)).store([objectOf("explicit.dcm")], never);
        const [found] = differences(join(folder, "explicit.dcm"), receiver.files()[0]!);
        // The value representations of private attributes are lost in the implicit encoding, and only they.
        expect(found?.filter((one) => !/^\(0009, 10..\) .. UN$/.test(one))).toEqual(expected);
      });

      test("whose association is refused, is told what to do", async () => {
        const receiver = await Receiver.start("ARCHIVE", ["--refuse"]);
        ends.push(() => receiver.stop());
        await expect(
          storeTarget(called(receiver.peer)).store([objectOf("explicit.dcm")], never),
        ).rejects.toThrow(
          /^ARCHIVE@127\.0\.0\.1:\d+: DICOM association: it gave the reason 1\.1; look at its log$/,
        );
      });

      test("breaks off while it stores", async () => {
        const receiver = await Receiver.start("ARCHIVE", ["--abort-during"]);
        ends.push(() => receiver.stop());
        await expect(
          storeTarget(called(receiver.peer)).store([objectOf("explicit.dcm")], never),
        ).rejects.toThrow(/: DICOM association: it aborted; look at its log$/);
      });

      describe("TLS", () => {
        const dcmtk = (key: string, cert: string): readonly string[] => [
          ...["--enable-tls", key, cert, "--add-cert-file", certificates.ca],
        ];
        const ours = () =>
          readTls({
            ca: certificates.ca,
            clientCert: certificates.server,
            clientKey: certificates.serverKey,
          });
        const asClient = () =>
          readTls({
            ca: certificates.ca,
            clientCert: certificates.client,
            clientKey: certificates.clientKey,
          });

        test("storescu sends with a certificate of the authority, and not without", async () => {
          const { peer, files } = await listening({ tls: await ours() });
          const file = join(folder, "explicit.dcm");
          const { client, clientKey, ca } = certificates;
          const said = await send(peer, [file], "ROUTER", ["-xe", ...dcmtk(clientKey, client)]);
          expect(said.code, said.stderr).toBe(0);
          expect(differences(file, files[0]!)).toEqual([[]]);
          for (const options of [[], ["--anonymous-tls", "--add-cert-file", ca]])
            expect((await send(peer, [file], "ROUTER", ["-xe", ...options])).code).not.toBe(0);
          expect(files).toHaveLength(1);
        });

        test("storescp is sent to, if it and we have certificates of the authority", async () => {
          const { server, serverKey } = certificates;
          const receiver = await Receiver.start("ARCHIVE", dcmtk(serverKey, server));
          ends.push(() => receiver.stop());
          const to = called(receiver.peer, { tls: await asClient() });
          await storeTarget(to).store([objectOf("explicit.dcm")], never);
          expect(differences(join(folder, "explicit.dcm"), receiver.files()[0]!)).toEqual([[]]);
          const withoutOurs = called(receiver.peer, { tls: { ca: readFileSync(certificates.ca, "latin1") } });
          await expect(echoFromHere(withoutOurs, never)).rejects.toThrow(
            "it accepts no connection with this client certificate, or without one",
          );
          await expect(echoFromHere(called(receiver.peer, { tls: {} }), never)).rejects.toThrow(
            "its certificate is not signed by an authority that is trusted here",
          );
        });

        test("the end does not wait for a connection that never speaks TLS", async () => {
          // As long as it would be waited for otherwise, which is longer than this test may take.
          const requestMs = 3_600_000;
          const settings = { aet: "MEDICALX", allowed: [], host: "127.0.0.1", port: 0, folder };
          const receiver = await startReceiver({
            ...settings,
            ...{ take: async () => "stored" as const, tls: await ours(), limits: { requestMs } },
          });
          const silent = await Caller.connect(receiver.port);
          // The second is served only once the first has been accepted.
          const { client, clientKey } = certificates;
          const peer = { aet: "MEDICALX", port: receiver.port };
          expect((await echo(peer, "ROUTER", dcmtk(clientKey, client))).code).toBe(0);
          await receiver.close();
          await silent.closed;
        });

        test("both of our ends meet, and a stranger's certificate is refused", async () => {
          const { peer, files } = await listening({ tls: await ours(), allowed: [] });
          const to = called(peer, { tls: await asClient() });
          await storeTarget(to).store([objectOf("explicit.dcm")], never);
          expect(files).toHaveLength(1);
          const plain = called(peer, { times: { connectMs: 500 } });
          await expect(echoFromHere(plain, never)).rejects.toMatchObject({
            details: { archive: expect.any(String) },
          });
        });
      });
    });
  },
);
