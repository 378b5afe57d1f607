/** `pacs study` as a user runs it, against a real archive behind what hospitals put before one. */

import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Desk, putSmallDemo } from "../cli/run.ts";
import { endings } from "../support/endings.ts";
import { makeCertificates } from "./support/certificates.ts";
import { Gateway, type GatewayOptions } from "./support/gateway.ts";
import { Orthanc, type OrthancOptions } from "./support/orthanc.ts";
import { whyNot } from "./support/programs.ts";
import { type MadeStudy, makeStudies } from "./support/studies.ts";

const why = whyNot("Orthanc", "openssl", "dcmcjpeg");
const PASSWORD = "correct-horse-battery";
const REPORT = "Medical-X report - research use only";
const OVERLAY = "Medical-X overlay - research use only";

describe.skipIf(why !== undefined)(`pacs study${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "medical-x-pacs-study-"));
  const desk = new Desk();
  const ends = endings();
  let pair: MadeStudy;
  let mixed: MadeStudy;

  beforeAll(() => {
    putSmallDemo(desk, "m.safetensors");
    [pair] = makeStudies(join(folder), { studies: 1, only: ["dx", "cr"] }) as [MadeStudy];
    [mixed] = makeStudies(mkdtempSync(join(folder, "mixed-")), {
      studies: 1,
      seed: 2,
      only: ["lateral", "dx", "hand", "cut"],
    }) as [MadeStudy];
  });
  afterAll(() => {
    desk.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function archive(study: MadeStudy, options?: OrthancOptions): Promise<Orthanc> {
    const orthanc = await Orthanc.start(options);
    ends.push(() => orthanc.stop());
    for (const { path } of study.files) await orthanc.store(readFileSync(path));
    return orthanc;
  }

  async function gateway(orthanc: Orthanc, options: GatewayOptions = {}): Promise<Gateway> {
    const started = await Gateway.start(orthanc.url, options);
    ends.push(() => started.stop());
    return started;
  }

  const secrets = (): RegExp => {
    const uids = [pair, mixed].flatMap(({ studyInstanceUid, patientId, files }) => [
      studyInstanceUid,
      patientId,
      ...files.flatMap(({ sopInstanceUid, seriesInstanceUid }) => [sopInstanceUid, seriesInstanceUid]),
    ]);
    const secret = Buffer.from(`reader:${PASSWORD}`).toString("base64");
    return new RegExp([PASSWORD, secret, ...uids].join("|").replaceAll(".", "\\."));
  };

  /** Run the command. Whatever it says, there is no secret and no UID in it. */
  async function study(root: string, of: MadeStudy, more: readonly string[] = [], env = {}) {
    const args = [
      "--dicomweb",
      root,
      "--study",
      of.studyInstanceUid,
      "--model",
      "m.safetensors",
      "--threads",
      "1",
    ];
    const ended = await desk.run(["pacs", "study", ...args, ...more], { env: { NETRC: "", ...env } });
    expect(ended.stdout + ended.stderr).not.toMatch(secrets());
    return ended;
  }

  const described = async (orthanc: Orthanc, of: MadeStudy): Promise<string[]> => {
    const all = await orthanc.instances(of.studyInstanceUid);
    return all.map(({ seriesDescription }) => seriesDescription).filter((text) => /Medical-X/.test(text));
  };

  test("results are in the archive, and a second run makes nothing new", async () => {
    const orthanc = await archive(pair);
    const first = await study(orthanc.dicomWeb, pair, ["--gradcam", "--verbose"]);
    expect(first.stdout).toBe(
      "Image 1 of 2: stored the report and the overlay\nImage 2 of 2: stored the report and the overlay\n",
    );
    expect(first.stderr).toMatch(/not for diagnosis/i);
    expect(first.code).toBe(0);
    expect((await described(orthanc, pair)).sort()).toEqual([OVERLAY, OVERLAY, REPORT, REPORT]);
    const series = (await orthanc.instances(pair.studyInstanceUid)).map((one) => one.seriesInstanceUid);
    expect(new Set(series).size).toBe(series.length);

    const asked = await gateway(orthanc);
    const second = await study(asked.dicomWeb, pair, ["--gradcam"]);
    expect(second.stdout).toMatch(/^(?:Image \d of 2: the report and the overlay are there already\n){2}$/);
    expect(second.stderr).toMatch(/4 other objects of the study were passed over/);
    expect(second.code).toBe(0);
    expect(asked.asked.filter((line) => line.startsWith("POST"))).toEqual([]);
    expect(await described(orthanc, pair)).toHaveLength(4);
  });

  test("a dry run stores nothing and says what it would store", async () => {
    const orthanc = await archive(pair);
    const { code, stdout } = await study(orthanc.dicomWeb, pair, ["--dry-run", "--sr-style", "text"]);
    expect(stdout).toBe("Image 1 of 2: would store the report\nImage 2 of 2: would store the report\n");
    expect(code).toBe(0);
    expect(await described(orthanc, pair)).toEqual([]);
  });

  test("laterals are passed over, others are refused by number, and the rest is done", async () => {
    const orthanc = await archive(mixed);
    const { code, stdout, stderr } = await study(orthanc.dicomWeb, mixed);
    const lines = (stdout + stderr).split("\n").filter((line) => /image \d of/i.test(line));
    expect(lines.filter((line) => /passed over: .*lateral/i.test(line))).toHaveLength(1);
    expect(lines.filter((line) => /stored the report$/.test(line))).toHaveLength(1);
    expect(lines.filter((line) => /^medical-x: image \d of \d: /.test(line)).length).toBeGreaterThan(0);
    expect(code).toBe(1);
    expect(await described(orthanc, mixed)).toEqual([REPORT]);
  });

  test("with a password: from the environment, from a netrc file, a wrong one, none", async () => {
    const orthanc = await archive(pair, { user: { name: "reader", password: PASSWORD } });
    const named = { MEDICAL_X_DICOMWEB_USER: "reader", MEDICAL_X_DICOMWEB_PASSWORD: PASSWORD };
    expect((await study(orthanc.dicomWeb, pair, [], named)).code).toBe(0);
    const netrc = desk.put("netrc", `machine 127.0.0.1 login reader password ${PASSWORD}\n`);
    chmodSync(netrc, 0o600);
    const again = await study(orthanc.dicomWeb, pair, [], { NETRC: netrc });
    expect(again.stdout).toMatch(/there already/);
    for (const env of [{ ...named, MEDICAL_X_DICOMWEB_PASSWORD: `${PASSWORD}x` }, { HOME: desk.folder }]) {
      const refused = await study(orthanc.dicomWeb, pair, ["--verbose"], env);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(
        /does not know this user, password or token \(401\); check the credentials/,
      );
    }
    expect((await described(orthanc, pair)).length).toBe(2);
  });

  test("over HTTPS, with a private authority, a client certificate and a token", async () => {
    const tls = makeCertificates(folder);
    const orthanc = await archive(pair);
    const door = await gateway(orthanc, { tls, needsClientCertificate: true, token: PASSWORD });
    const files = ["--ca", tls.ca, "--client-cert", tls.client, "--client-key", tls.clientKey];
    const env = { MEDICAL_X_DICOMWEB_TOKEN: PASSWORD };
    expect((await study(door.dicomWeb, pair, files, env)).code).toBe(0);
    expect(await described(orthanc, pair)).toEqual([REPORT, REPORT]);

    const untrusted = await study(door.dicomWeb, pair, [], env);
    expect(untrusted.code).toBe(1);
    expect(untrusted.stderr).toMatch(/not signed by an authority that is trusted here; .* \(--ca\)\n$/);
    const unknown = await study(door.dicomWeb, pair, files, { MEDICAL_X_DICOMWEB_TOKEN: `${PASSWORD}x` });
    expect(unknown.stderr).toMatch(/\(401\); check the credentials/);
  });

  test("an archive that fails now and then gets everything in the end", async () => {
    const orthanc = await archive(pair);
    const door = await gateway(orthanc);
    const seen = new Map<string, number>();
    door.fault = (asked) => {
      const [what = ""] = asked.split("?");
      const times = (seen.get(what) ?? 0) + 1;
      seen.set(what, times);
      if (what.startsWith("POST")) return times === 1 ? "cut-after" : undefined;
      if (times === 1) return { status: 503, headers: { "retry-after": "1" } };
      return times === 2 && /instances\/[\d.]+$/.test(what) ? "cut" : undefined;
    };
    const { code, stdout } = await study(door.dicomWeb, pair);
    expect(stdout).toMatch(/^(?:Image \d of 2: stored the report\n){2}$/);
    expect(code).toBe(0);
    expect(await described(orthanc, pair)).toEqual([REPORT, REPORT]);
  });

  test.each([
    [500, /the archive failed \(500\); look at its log/],
    [403, /does not allow it \(403\); give this program's user the right/],
    [429, /is busy \(429\)/],
  ])("an archive that answers %i is told what to do about", async (status, words) => {
    const orthanc = await archive(pair);
    const door = await gateway(orthanc);
    door.fault = () => ({ status, body: `<p>${pair.patientId}</p>` });
    const { code, stdout, stderr } = await study(door.dicomWeb, pair, ["--verbose"]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(words);
  });

  test("what the command line gets wrong is told without repeating it", async () => {
    const inside = await desk.run(
      ["pacs", "study", "--dicomweb", `http://reader:${PASSWORD}@127.0.0.1`, "--study", "1.2"],
      {},
    );
    expect(inside.code).toBe(2);
    expect(inside.stderr).toMatch(/contains a user or a password/);
    const uid = await desk.run(
      ["pacs", "study", "--dicomweb", "http://127.0.0.1:9", "--study", "1.2.DOE"],
      {},
    );
    expect(uid.code).toBe(2);
    expect(uid.stderr).toMatch(
      /this is not a UID of a study: a UID consists of numbers with dots between them/,
    );
    const plain = await desk.run(["pacs", "study", "--dicomweb", "http://pacs", "--study", "1.2"], {
      env: { MEDICAL_X_DICOMWEB_TOKEN: PASSWORD },
    });
    expect(plain.code).toBe(2);
    expect(plain.stderr).toMatch(/unencrypted; use https, or allow plain HTTP .*\(--allow-plain-http\)\n$/);
    for (const { stdout, stderr } of [inside, uid, plain])
      expect(stdout + stderr).not.toMatch(/correct-horse|DOE/);
  });
});
