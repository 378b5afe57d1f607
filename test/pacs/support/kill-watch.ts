/**
 * Studies come into an archive while it and the watcher are killed and started again at random moments.
 *
 * The moments follow from the seed, as far as the machine's speed allows.
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "../../../src/random.ts";
import { Desk, putSmallDemo } from "../../cli/run.ts";
import { expectOneResultEach, resultsBySource } from "./check-results.ts";
import { Orthanc } from "./orthanc.ts";
import { makeStudies } from "./studies.ts";
import { Watcher } from "./watcher.ts";

export interface KillOptions {
  readonly seed: number;
  readonly studies: number;
  readonly kills: number;
  /** Seconds between kills, at most. */
  readonly apart: number;
}

/** Do something until it works: the archive may be dead at the moment. */
async function insist(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      if (tries > 300) throw error;
      await sleep(200);
    }
  }
}

/** Returns how long it took, in seconds, and what was killed. */
export async function surviveKills({ seed, studies: count, kills, apart }: KillOptions) {
  const folder = mkdtempSync(join(tmpdir(), "medical-x-kills-"));
  const desk = new Desk();
  const random = Random.of(seed, "kills");
  const begin = performance.now();
  const killed: string[] = [];
  let orthanc: Orthanc | undefined;
  let watcher: Watcher | undefined;
  try {
    putSmallDemo(desk, "m.safetensors");
    const studies = makeStudies(folder, { studies: count, seed });
    const archive = await Orthanc.start({ stableAge: 1 });
    orthanc = archive;
    const watching = Watcher.start(desk, join(folder, "state"), [
      "--orthanc",
      archive.url,
      "--gradcam",
      "--quiet",
      "1",
    ]);
    watcher = watching;

    const files = studies.flatMap((study) => study.files.map(({ path }) => path));
    const span = kills * apart * 500;
    const sending = (async () => {
      for (const file of files) {
        await insist(() => archive.store(readFileSync(file)));
        await sleep(random.uniform(0, (2 * span) / files.length));
      }
    })();
    for (let kill = 0; kill < kills; kill++) {
      await sleep(random.uniform(200, apart * 1000));
      const what = random.int(3);
      killed.push(["watcher", "archive", "both"][what]!);
      await Promise.all([
        ...(what !== 1 ? [watching.end("SIGKILL")] : []),
        ...(what !== 0 ? [archive.kill()] : []),
      ]);
      await sleep(random.uniform(0, 1000));
      if (what !== 0) await archive.resume();
      if (what !== 1) watching.resume();
    }
    await sending;
    await watching.settled(studies.length);
    await watching.end("SIGTERM");
    expectOneResultEach(await resultsBySource(archive, studies), studies, watching.status());
  } catch (error) {
    throw new Error(`seed ${seed}, after ${killed.join(", ")}: ${watcher?.said.slice(-3000)}`, {
      cause: error,
    });
  } finally {
    await watcher?.end("SIGKILL");
    await orthanc?.stop();
    desk.remove();
    rmSync(folder, { recursive: true, force: true });
  }
  return { seconds: (performance.now() - begin) / 1000, killed };
}
