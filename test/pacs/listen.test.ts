/** `pacs listen` between real programs: Orthanc as router and archive, dcmtk with TLS, and a disk that fills up. */

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Desk, putSmallDemo } from "../cli/run.ts";
import { endings } from "../support/endings.ts";
import { freePort } from "../support/free-ports.ts";
import { type Certificates, makeCertificates } from "./support/certificates.ts";
import { expectOneResultEach, receivedResults, resultsBySource } from "./support/check-results.ts";
import { Receiver, send } from "./support/dcmtk.ts";
import { Orthanc } from "./support/orthanc.ts";
import { whyNot } from "./support/programs.ts";
import { type MadeStudy, makeStudies } from "./support/studies.ts";
import { Watcher } from "./support/watcher.ts";

const why = whyNot("Orthanc", "storescu", "storescp", "dcmcjpeg", "openssl");

describe.skipIf(why !== undefined)(`a listener${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "medical-x-listen-"));
  const desk = new Desk();
  const ends = endings();
  let count = 0;

  beforeAll(() => putSmallDemo(desk, "m.safetensors"));
  afterAll(() => {
    desk.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Start to listen. @param state  By default a new folder. */
  async function listening(
    args: readonly string[],
    { env = {}, state = join(folder, `state-${count++}`) }: { env?: NodeJS.ProcessEnv; state?: string } = {},
  ) {
    const self = { aet: "MEDICALX", port: await freePort() };
    const listener = Watcher.listen(desk, state, ["--port", String(self.port), "--quiet", "1", ...args], env);
    ends.push(() => listener.end("SIGTERM"));
    await listener.until((said) => said.includes("listens at"));
    return { self, listener };
  }

  const made = (name: string, only?: readonly string[]): readonly MadeStudy[] => {
    const place = join(folder, name);
    mkdirSync(place);
    return makeStudies(place, only === undefined ? { studies: 12 } : { studies: 1, only });
  };

  const isDone = (listener: Watcher, total: number) => () => {
    const { studies, images } = listener.status();
    return studies.total === total && studies.done === total && images.waiting === 0;
  };

  test("is Orthanc's neighbour: it is sent studies, and Orthanc gets the results, once, also if it sends all of it again", async () => {
    const port = await freePort();
    const orthanc = await Orthanc.start({ modalities: { NEIGHBOUR: ["MEDICALX", "127.0.0.1", port] } });
    ends.push(() => orthanc.stop());
    const listener = Watcher.listen(desk, join(folder, `state-${count++}`), [
      ...["--port", String(port), "--allow-aet", orthanc.aet, "--quiet", "1", "--gradcam"],
      ...["--send-to", `${orthanc.aet}@127.0.0.1:${orthanc.dicomPort}`],
    ]);
    ends.push(() => listener.end("SIGTERM"));
    await listener.until((said) => said.includes("listens at"));
    // Its header contradicts itself, so that Orthanc does not find the file's study again.
    const studies = made("orthanc")
      .map((study) => ({ ...study, files: study.files.filter(({ kind }) => kind !== "garbled") }))
      .filter(({ files }) => files.length > 0);
    for (const { files } of studies) for (const { path } of files) await orthanc.store(readFileSync(path));
    const sendAll = async (): Promise<void> => {
      for (const id of await orthanc.get<string[]>("/studies"))
        await orthanc.send("POST", "/modalities/NEIGHBOUR/store", id);
    };
    await sendAll();
    await expect.poll(isDone(listener, studies.length), { timeout: 120_000, interval: 500 }).toBe(true);
    expectOneResultEach(await resultsBySource(orthanc, studies), studies, listener.status(), "passed-over");
    const before = (await orthanc.instances()).length;
    await sendAll();
    expect(listener.status().images.total).toBe(studies.flatMap(({ files }) => files).length);
    expect(await orthanc.instances()).toHaveLength(before);
  });

  describe("TLS", () => {
    let certificates: Certificates;
    let encrypted: string;
    let studies: readonly MadeStudy[];
    const secret = "a secret of this test";

    beforeAll(() => {
      const place = join(folder, "tls");
      mkdirSync(place);
      certificates = makeCertificates(place);
      encrypted = join(place, "server-encrypted.key");
      const out = ["-out", encrypted, "-passout", `pass:${secret}`];
      execFileSync("openssl", ["pkcs8", "-topk8", "-in", certificates.serverKey, ...out], { stdio: "pipe" });
      studies = made("tls-study", ["dx", "cr"]);
    });

    const paths = () => studies.flatMap(({ files }) => files.map(({ path }) => path));

    test("to receive, with a key that has a passphrase", async () => {
      const receiver = await Receiver.start();
      ends.push(() => receiver.stop());
      const { ca, server, client, clientKey } = certificates;
      const to = `${receiver.peer.aet}@127.0.0.1:${receiver.peer.port}`;
      const { self, listener } = await listening(
        ["--tls", "receive", "--ca", ca, "--client-cert", server, "--client-key", encrypted, "--send-to", to],
        { env: { MEDICAL_X_CLIENT_KEY_PASSPHRASE: secret } },
      );
      const tls = ["--enable-tls", clientKey, client, "--add-cert-file", ca];
      expect((await send(self, paths())).code).not.toBe(0);
      const said = await send(self, paths(), "ROUTER", tls);
      expect(said.code, said.stderr).toBe(0);
      await expect.poll(isDone(listener, 1), { timeout: 60_000, interval: 500 }).toBe(true);
      expect([...(await receivedResults(receiver, studies)).values()]).toEqual([["report"], ["report"]]);
      expect(listener.said).not.toContain(secret);
    });

    test("to send, to an archive that wants a certificate", async () => {
      const { ca, server, serverKey, client, clientKey } = certificates;
      const receiver = await Receiver.start("ARCHIVE", [
        ...["--enable-tls", serverKey, server, "--add-cert-file", ca],
      ]);
      ends.push(() => receiver.stop());
      const to = `${receiver.peer.aet}@127.0.0.1:${receiver.peer.port}`;
      const { self, listener } = await listening([
        ...["--tls", "send", "--ca", ca, "--client-cert", client, "--client-key", clientKey, "--send-to", to],
      ]);
      const said = await send(self, paths());
      expect(said.code, said.stderr).toBe(0);
      await expect.poll(isDone(listener, 1), { timeout: 60_000, interval: 500 }).toBe(true);
      expect([...(await receivedResults(receiver, studies)).values()]).toEqual([["report"], ["report"]]);
    });
  });
});
