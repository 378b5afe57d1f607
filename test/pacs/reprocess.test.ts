/** `pacs watch --reprocess` with another checkpoint, also if it is killed in between. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Desk, putSmallDemo } from "../cli/run.ts";
import { endings } from "../support/endings.ts";
import { resultsBySource } from "./support/check-results.ts";
import { Gateway } from "./support/gateway.ts";
import { Orthanc } from "./support/orthanc.ts";
import { whyNot } from "./support/programs.ts";
import { type MadeStudy, makeStudies } from "./support/studies.ts";

const why = whyNot("Orthanc");

describe.skipIf(why !== undefined)(`--reprocess${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "medical-x-reprocess-"));
  const desk = new Desk();
  const ends = endings();
  let study: MadeStudy;

  beforeAll(() => {
    putSmallDemo(desk, "first.safetensors");
    putSmallDemo(desk, "second.safetensors");
    // Another checkpoint: its last weight differs a little.
    const weights = readFileSync(desk.path("second.safetensors"));
    const last = weights.length - 4;
    weights.writeUInt8(weights.readUInt8(last) ^ 1, last);
    desk.put("second.safetensors", weights);
    [study] = makeStudies(folder, { studies: 1, seed: 6, only: ["dx", "cr"] }) as [MadeStudy];
  });
  afterAll(() => {
    desk.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    ["not killed", 0, /$^/],
    ["killed when it lists the study", 1, /^GET \/studies\/[\da-f-]+$/],
    ["killed when it fetches an image", 1, /\/file$/],
    ["killed when it stores the first result", 1, /^POST \/instances$/],
    ["killed when it stores the third result", 3, /^POST \/instances$/],
  ])("another checkpoint makes each result once more, and names the old ones: %s", async (_, nth, moment) => {
    const orthanc = await Orthanc.start();
    ends.push(() => orthanc.stop());
    for (const { path } of study.files) await orthanc.store(readFileSync(path));
    const between = await Gateway.start(orthanc.url);
    ends.push(() => between.stop());
    const state = join(mkdtempSync(join(folder, "state-")), "state");
    let kill = (): unknown => undefined;
    const run = (model: string, ...more: string[]) =>
      desk.run(
        [
          ...["pacs", "watch", "--model", model, "--threads", "1", "--quiet", "0", "--gradcam", "--once"],
          ...["--state", state, "--orthanc", between.url, ...more],
        ],
        {
          onStart: (child) => {
            kill = () => child.kill("SIGKILL");
          },
        },
      );
    const results = async () =>
      (await orthanc.instances()).filter(({ seriesDescription }) => /^Medical-X/.test(seriesDescription));

    expect((await run("first.safetensors")).code).toBe(0);
    const old = (await results()).map(({ sopInstanceUid }) => sopInstanceUid).sort();
    expect(old).toHaveLength(4);

    let times = 0;
    between.fault = (asked) => {
      if (!moment.test(asked)) return undefined;
      times += 1;
      if (times !== nth) return undefined;
      kill();
      return { wait: 500 };
    };
    expect((await run("second.safetensors", "--reprocess")).code).toBe(nth === 0 ? 0 : null);
    between.fault = () => undefined;
    for (let again = 0; again < 2; again++)
      expect((await run("second.safetensors", "--reprocess")).code).toBe(0);

    const twice = ["overlay", "overlay", "report", "report"];
    expect([...(await resultsBySource(orthanc, [study])).values()]).toEqual([twice, twice]);
    const all = await results();
    expect(all.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(expect.arrayContaining(old));
    const oldReports = all.filter((one) => one.modality === "SR" && old.includes(one.sopInstanceUid));
    const named: string[] = [];
    for (const { id, modality, sopInstanceUid } of all) {
      if (modality !== "SR" || old.includes(sopInstanceUid)) continue;
      const bytes = Buffer.from(await orthanc.file(id));
      named.push(...old.filter((uid) => bytes.includes(uid)));
    }
    expect(named.sort()).toEqual(oldReports.map(({ sopInstanceUid }) => sopInstanceUid).sort());
  });
});
