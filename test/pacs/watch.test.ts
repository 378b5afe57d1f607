/** `pacs watch` as a user runs it, against a real archive, also one that fails. */

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PACS_STATUS } from "../../src/results/pacs-status.ts";
import { problemIn } from "../../src/schema/schema.ts";
import { Desk, putSmallDemo } from "../cli/run.ts";
import { endings } from "../support/endings.ts";
import { expectOneResultEach, resultsBySource } from "./support/check-results.ts";
import { Gateway } from "./support/gateway.ts";
import { Orthanc } from "./support/orthanc.ts";
import { whyNot } from "./support/programs.ts";
import { type MadeStudy, makeStudies } from "./support/studies.ts";
import { Watcher } from "./support/watcher.ts";

const why = whyNot("Orthanc", "dcmcjpeg", "dcmodify");
const TOKEN = "s3cret-token";

describe.skipIf(why !== undefined)(`pacs watch${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "medical-x-pacs-watch-"));
  const desk = new Desk();
  const ends = endings();
  let studies: readonly MadeStudy[];
  let pair: readonly MadeStudy[];
  let states = 0;

  beforeAll(() => {
    putSmallDemo(desk, "m.safetensors");
    studies = makeStudies(join(folder, "all"), { studies: 12, seed: 3 });
    pair = makeStudies(join(folder, "pair"), { studies: 1, seed: 4, only: ["dx", "dx", "lateral"] });
  });
  afterAll(() => {
    desk.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const newState = (): string => {
    states += 1;
    return join(folder, `state-${states}`);
  };

  async function archive(): Promise<Orthanc> {
    const orthanc = await Orthanc.start();
    ends.push(() => orthanc.stop());
    return orthanc;
  }

  async function gateway(orthanc: Orthanc, token?: string): Promise<Gateway> {
    const started = await Gateway.start(orthanc.url, token === undefined ? {} : { token });
    ends.push(() => started.stop());
    return started;
  }

  function watch(state: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Watcher {
    const watcher = Watcher.start(desk, state, [...args, "--quiet", "1"], env);
    ends.push(() => watcher.end());
    return watcher;
  }

  async function send(orthanc: Orthanc, of: readonly MadeStudy[]): Promise<void> {
    for (const { files } of of) for (const { path } of files) await orthanc.store(readFileSync(path));
  }

  /** What no output may contain. */
  const secrets = (): RegExp => {
    const all = [...studies, ...pair].flatMap(({ studyInstanceUid, patientId, files }) => [
      studyInstanceUid,
      patientId,
      ...files.map(({ sopInstanceUid }) => sopInstanceUid),
    ]);
    const known = [TOKEN, ...all].filter((text) => text !== "");
    return new RegExp(known.join("|").replaceAll(".", "\\."));
  };

  test("each image of every kind is read once; lines and reasons name no UID; our own results are left alone", async () => {
    const orthanc = await archive();
    const between = await gateway(orthanc);
    await send(orthanc, studies.slice(0, 6));
    const state = newState();
    const watcher = watch(state, ["--orthanc", between.url, "--gradcam"]);
    await watcher.settled(6);
    await send(orthanc, studies.slice(6));
    await watcher.settled(12);
    const busy = await desk.run([
      "pacs",
      "watch",
      "--orthanc",
      between.url,
      "--model",
      "m.safetensors",
      "--state",
      state,
    ]);
    expect([busy.code, busy.stderr]).toEqual([1, expect.stringContaining("is working in this folder")]);
    await watcher.end("SIGTERM");
    const status = watcher.status();
    expect(problemIn(PACS_STATUS, status)).toBeUndefined();
    expectOneResultEach(await resultsBySource(orthanc, studies), studies, status);
    expect(watcher.said).not.toMatch(secrets());
    expect(watcher.said).toContain(
      ": 1 report and 1 overlay stored, 1 image passed over (no frontal view)\n",
    );
    const read = studies.flatMap(({ files }) => files.filter(({ expected }) => expected !== "ignored"));
    const fetched = between.asked.filter((asked) => asked.endsWith("/file"));
    expect(fetched).toHaveLength(read.length);

    // Another start fetches nothing and stores nothing.
    between.asked.length = 0;
    const args = ["--orthanc", between.url, "--gradcam", "--quiet", "1", "--once"];
    const again = await desk.run(["pacs", "watch", "--model", "m.safetensors", "--state", state, ...args]);
    expect([again.code, again.stdout]).toEqual([0, ""]);
    expect(between.asked.filter((asked) => asked.endsWith("/file") || asked.startsWith("POST"))).toEqual([]);
  });

  test("an archive that has moved keeps its state folder when that is said; another one is refused", async () => {
    const orthanc = await archive();
    await send(orthanc, pair);
    const between = await gateway(orthanc);
    const state = newState();
    const to = (url: string, ...more: string[]) =>
      desk.run([
        ...["pacs", "watch", "--orthanc", url, "--model", "m.safetensors", "--state", state],
        ...["--quiet", "0", "--once", ...more],
      ]);
    expect((await to(orthanc.url)).code).toBe(0);
    between.asked.length = 0;
    const refused = await to(between.url);
    expect([refused.code, refused.stdout]).toEqual([2, ""]);
    expect(refused.stderr).toMatch(/belongs to the archive at http:\/\/\S+, not to http:.*--moved/);
    expect(between.asked).toEqual([]);
    const moved = await to(between.url, "--moved");
    expect([moved.code, moved.stdout]).toEqual([0, ""]);
    expect((await to(between.url)).code).toBe(0);
    expect((await to(orthanc.url)).code).toBe(2);
  });

  test("results that wait do not bring back a study that was deleted; it is read when it comes back", async () => {
    const orthanc = await archive();
    await send(orthanc, pair);
    const between = await gateway(orthanc);
    between.fault = (asked) => (asked.startsWith("POST") ? { status: 500 } : undefined);
    const watcher = watch(newState(), ["--orthanc", between.url, "--gradcam"]);
    await watcher.until((said) => said.includes("watching the archive"));
    const states = () => watcher.status().listed.flatMap(({ images }) => images.map(({ state }) => state));
    const kept = () => states().filter((state) => state === "kept").length;
    await expect.poll(kept, { timeout: 60_000, interval: 500 }).toBe(2);
    await watcher.end("SIGTERM");
    for (const study of await orthanc.get<string[]>("/studies"))
      await orthanc.send("DELETE", `/studies/${study}`);
    between.fault = () => undefined;
    watcher.resume();
    await watcher.settled(1);
    expect(await orthanc.instances()).toEqual([]);
    expect(states()).toEqual(["passed-over", "passed-over", "passed-over"]);
    await send(orthanc, pair);
    await expect
      .poll(async () => (await orthanc.instances()).length, { timeout: 60_000, interval: 500 })
      .toBe(pair[0]!.files.length + 4);
    await watcher.settled(1);
    await watcher.end("SIGTERM");
    expectOneResultEach(await resultsBySource(orthanc, pair), pair, watcher.status());
  });

  test("a study is read again whose patient's identifier was corrected, and its results carry the new one", async () => {
    const orthanc = await archive();
    await send(orthanc, pair);
    const watcher = watch(newState(), ["--orthanc", orthanc.url, "--gradcam"]);
    await watcher.settled(1);
    const [study] = await orthanc.get<string[]>("/studies");
    await orthanc.send("DELETE", `/studies/${study}`);
    const corrected = join(folder, "corrected.dcm");
    for (const { path } of pair[0]!.files) {
      copyFileSync(path, corrected);
      execFileSync("dcmodify", ["--no-backup", "--insert", "0010,0020=CORRECTED", corrected]);
      await orthanc.store(readFileSync(corrected));
    }
    const results = async () =>
      (await orthanc.instances()).filter(({ seriesDescription }) =>
        seriesDescription.startsWith("Medical-X"),
      );
    await expect.poll(async () => (await results()).length, { timeout: 60_000, interval: 500 }).toBe(4);
    await watcher.settled(1);
    await watcher.end("SIGTERM");
    expect(await orthanc.get<string[]>("/patients")).toHaveLength(1);
    expectOneResultEach(await resultsBySource(orthanc, pair), pair, watcher.status());
    expect(watcher.said).not.toMatch(secrets());
  });

  test("an Orthanc that lost its database is read again from the beginning, each image once", async () => {
    const orthanc = await archive();
    await send(orthanc, studies.slice(0, 4));
    const state = newState();
    const watcher = watch(state, ["--orthanc", orthanc.url, "--gradcam"]);
    await watcher.settled(4);
    await orthanc.pause();
    rmSync(join(orthanc.folder, "storage"), { recursive: true });
    await orthanc.resume();
    const later = studies.slice(4, 8);
    await send(orthanc, later);
    await watcher.settled(8);
    await watcher.end("SIGTERM");
    const status = watcher.status();
    expect(status.studies).toEqual({ total: 8, done: 8 });
    const ofLater = { ...status, studies: { total: 4, done: 4 } };
    expectOneResultEach(await resultsBySource(orthanc, later), later, ofLater);
    expect(watcher.said).not.toMatch(secrets());
  });

  test("an archive without Orthanc's interface is watched by DICOMweb", async () => {
    const orthanc = await archive();
    await send(orthanc, studies);
    const between = await gateway(orthanc, TOKEN);
    const env = { MEDICAL_X_DICOMWEB_TOKEN: TOKEN };
    const watcher = watch(newState(), ["--dicomweb", between.dicomWeb, "--gradcam"], env);
    await watcher.settled(12);
    await watcher.end("SIGTERM");
    expectOneResultEach(await resultsBySource(orthanc, studies), studies, watcher.status());
    expect(watcher.said).not.toMatch(secrets());
    expect(between.asked.filter((asked) => !asked.includes(" /dicom-web/"))).toEqual([]);
  });

  test("failures of the archive lose nothing, and each is told once with what to do", async () => {
    const orthanc = await archive();
    await send(orthanc, pair);
    const between = await gateway(orthanc, TOKEN);
    const watcher = watch(newState(), ["--orthanc", between.url, "--gradcam"], {
      MEDICAL_X_DICOMWEB_TOKEN: "wrong",
    });
    await watcher.until((said) => said.includes("(401)"));
    await sleep(4000);
    expect(watcher.said.split("\n").filter((line) => line.includes("(401)"))).toEqual([
      expect.stringMatching(/check the credentials\. Nothing is lost; it is tried again until it works$/),
    ]);
    await watcher.end("SIGTERM");

    const { state } = watcher;
    const second = watch(state, ["--orthanc", between.url, "--gradcam"], { MEDICAL_X_DICOMWEB_TOKEN: TOKEN });
    // Images fail, first with a login page, then results are cut off after the archive has stored them, then its disk is full.
    let posts = 0;
    let fetches = 0;
    between.fault = (asked) => {
      if (asked.endsWith("/file")) {
        fetches += 1;
        if (fetches === 1)
          return { status: 200, headers: { "content-type": "text/html" }, body: "<p>Log in" };
        return fetches < 4 ? { status: 500 } : { wait: 300 };
      }
      if (!asked.startsWith("POST")) return undefined;
      posts += 1;
      if (posts < 3) return "cut-after";
      return posts < 5 ? { status: 507 } : undefined;
    };
    await second.settled(1);
    await second.end("SIGTERM");
    expectOneResultEach(await resultsBySource(orthanc, pair), pair, second.status());
    expect(second.said).toContain(
      "study 1: 2 reports and 2 overlays stored, 1 image passed over (no frontal view)\n",
    );
    expect(second.said).not.toMatch(secrets());
    const lines = second.said.split("\n").filter((line) => line.includes("Nothing is lost"));
    expect(lines.length).toBeGreaterThan(0);
    expect(new Set(lines).size).toBe(lines.length);
  });

  test.each(["orthanc", "dicomweb"] as const)(
    "a proxy that answers 404 while the archive is away makes no image a deleted one (%s)",
    async (kind) => {
      const orthanc = await archive();
      await send(orthanc, pair);
      const between = await gateway(orthanc);
      const page = { status: 404, headers: { "content-type": "text/html" }, body: "<p>default backend" };
      // From the first image on, or from the first result on, everything is answered so for a while.
      const begins = [/\/file$|instances\/[\d.]+$/, /^POST \/(?:instances|dicom-web)/];
      let left = 0;
      between.fault = (asked) => {
        if (begins[0]?.test(asked)) {
          begins.shift();
          left = 8;
        }
        left -= 1;
        return left >= 0 ? page : undefined;
      };
      const address = kind === "orthanc" ? between.url : between.dicomWeb;
      const watcher = watch(newState(), [`--${kind}`, address, "--gradcam"]);
      await watcher.settled(1);
      await watcher.end("SIGTERM");
      expect(begins).toEqual([]);
      expectOneResultEach(await resultsBySource(orthanc, pair), pair, watcher.status());
      expect(watcher.said).toContain("this address has no such interface (404); check the address");
      expect(watcher.said).toContain("the archive works again\n");
      expect(watcher.said).toContain(
        "study 1: 2 reports and 2 overlays stored, 1 image passed over (no frontal view)\n",
      );
    },
  );

  test("with other options what was done stays, until it is asked for again; then reports name the old ones", async () => {
    const orthanc = await archive();
    await send(orthanc, pair);
    const state = newState();
    const common = [
      "pacs",
      "watch",
      "--orthanc",
      orthanc.url,
      "--model",
      "m.safetensors",
      "--state",
      state,
      "--quiet",
      "0",
      "--once",
    ];
    const first = await desk.run(common);
    expect([first.code, first.stdout]).toEqual([
      0,
      "study 1: 2 reports stored, 1 image passed over (no frontal view)\n",
    ]);
    const reports = (await orthanc.instances()).filter(({ modality }) => modality === "SR");
    const other = await desk.run([...common, "--threshold", "0.3"]);
    expect([other.code, other.stdout]).toEqual([0, ""]);
    const again = await desk.run([...common, "--threshold", "0.3", "--reprocess"]);
    expect([again.code, again.stdout]).toEqual([
      0,
      "study 1: 2 reports stored, 1 image passed over (no frontal view)\n",
    ]);
    const old = new Set(reports.map(({ sopInstanceUid }) => sopInstanceUid));
    const all = (await orthanc.instances()).filter(({ modality }) => modality === "SR");
    expect(all).toHaveLength(4);
    const named = [];
    for (const { id, sopInstanceUid } of all) {
      if (old.has(sopInstanceUid)) continue;
      const bytes = Buffer.from(await orthanc.file(id));
      named.push(...[...old].filter((uid) => bytes.includes(uid)));
    }
    expect(named.sort()).toEqual([...old].sort());
    const results = await resultsBySource(orthanc, pair);
    expect([...results.values()]).toEqual([
      ["report", "report"],
      ["report", "report"],
    ]);
  });

  test.skipIf(process.getuid?.() !== 0)(
    "a full disk loses nothing (needs root: a small disk is mounted)",
    async () => {
      const small = join(folder, "small");
      mkdirSync(small);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=200k", "tmpfs", small]);
      ends.push(async () => void execFileSync("umount", ["-l", small]));
      const filler = join(small, "filler");
      const orthanc = await archive();
      const watcher = watch(join(small, "state"), ["--orthanc", orthanc.url, "--gradcam"]);
      await watcher.until((said) => said.includes("watching the archive"));
      writeFileSync(filler, Buffer.alloc(180_000));
      await send(orthanc, pair);
      await watcher.until((said) => said.includes("the disk is full"));
      await sleep(3000);
      const lines = watcher.said.split("\n").filter((line) => line.includes("the disk is full"));
      expect(new Set(lines).size).toBe(lines.length);
      execFileSync("mount", ["-o", "remount,size=64m", small]);
      await watcher.settled(1);
      await watcher.end("SIGTERM");
      expectOneResultEach(await resultsBySource(orthanc, pair), pair, watcher.status());
    },
  );
});
