/** What the tests of this folder stand on: an archive that survives being killed, and both ends of a router. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, request } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endings } from "../support/endings.ts";
import { makeCertificates } from "./support/certificates.ts";
import { echo, Receiver, send } from "./support/dcmtk.ts";
import { Gateway } from "./support/gateway.ts";
import { Orthanc, type OrthancOptions } from "./support/orthanc.ts";
import { whyNot } from "./support/programs.ts";
import { type MadeStudy, makeStudies } from "./support/studies.ts";

const why = whyNot("Orthanc", "storescu", "storescp", "echoscu", "dcmcjpeg", "openssl");

describe.skipIf(why !== undefined)(
  `the archive of the tests${why === undefined ? "" : ` (skipped: ${why})`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), "medical-x-pacs-"));
    const ends = endings();
    let studies: readonly MadeStudy[];

    beforeAll(() => {
      studies = makeStudies(folder, { studies: 12, size: 64 });
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    async function started(options?: OrthancOptions): Promise<Orthanc> {
      const orthanc = await Orthanc.start(options);
      ends.push(() => orthanc.stop());
      return orthanc;
    }

    const files = (): readonly string[] => studies.flatMap((study) => study.files.map((file) => file.path));
    const sops = (): string[] =>
      studies.flatMap((study) => study.files.map((file) => file.sopInstanceUid)).sort();

    test("every kind of file is stored, once, and is still there after it was killed", async () => {
      const orthanc = await started();
      for (const file of files()) expect(await orthanc.store(readFileSync(file))).toBe("Success");
      await orthanc.kill();
      expect(orthanc.isRunning).toBe(false);
      await orthanc.resume();
      expect((await orthanc.instances()).map((one) => one.sopInstanceUid).sort()).toEqual(sops());
      expect(await orthanc.store(readFileSync(files()[0] as string))).toBe("AlreadyStored");
      const [first] = studies as [MadeStudy];
      const [stored] = await orthanc.instances(first.studyInstanceUid);
      const source = first.files.find((file) => file.sopInstanceUid === stored?.sopInstanceUid);
      expect(await orthanc.file(stored!.id)).toEqual(readFileSync(source!.path));
    });

    test("files arrive by C-STORE, in Orthanc and in a receiver that was killed before", async () => {
      const orthanc = await started();
      const receiver = await Receiver.start();
      ends.push(() => receiver.stop());
      await receiver.kill();
      expect((await echo(receiver.peer)).code).not.toBe(0);
      await receiver.resume();
      const archive = { aet: orthanc.aet, port: orthanc.dicomPort };
      // `storescu` refuses to send the file whose header contradicts itself.
      const whole = studies.filter((study) => study.files.every((file) => file.kind !== "garbled"));
      const paths = whole.flatMap((study) => study.files.map((file) => file.path));
      for (const peer of [archive, receiver.peer]) {
        expect((await echo(peer)).code).toBe(0);
        const said = await send(peer, paths);
        expect(said.code, said.stderr).toBe(0);
      }
      expect(receiver.files()).toHaveLength(paths.length);
      expect(await orthanc.instances()).toHaveLength(paths.length);
    });

    test("an archive with a password is not read without it", async () => {
      const orthanc = await started({ user: { name: "reader", password: "wörd" } });
      expect(await orthanc.instances()).toEqual([]);
      expect((await fetch(`${orthanc.url}/system`)).status).toBe(401);
    });

    test("a gateway asks for a client's certificate and a token, and fails as it is told", async () => {
      const made = makeCertificates(folder);
      const orthanc = await started();
      const gateway = await Gateway.start(orthanc.url, {
        tls: made,
        needsClientCertificate: true,
        token: "s3cret",
      });
      ends.push(() => gateway.stop());
      const ca = readFileSync(made.ca);
      const certificate = { cert: readFileSync(made.client), key: readFileSync(made.clientKey) };
      const ask = async (connect: object, token: string): Promise<number> => {
        const dispatcher = new Agent({ connect });
        const headers = { authorization: `Bearer ${token}` };
        try {
          return (await request(`${gateway.url}/system`, { dispatcher, headers })).statusCode;
        } finally {
          await dispatcher.destroy();
        }
      };
      await expect(ask({ ca }, "s3cret")).rejects.toThrow();
      expect(await ask({ ca, ...certificate }, "wrong")).toBe(401);
      expect(await ask({ ca, ...certificate }, "s3cret")).toBe(200);
      gateway.fault = () => ({ status: 503 });
      expect(await ask({ ca, ...certificate }, "s3cret")).toBe(503);
      gateway.fault = () => "cut";
      await expect(ask({ ca, ...certificate }, "s3cret")).rejects.toThrow();
      expect(gateway.asked.at(-1)).toBe("GET /system");
    });
  },
);
