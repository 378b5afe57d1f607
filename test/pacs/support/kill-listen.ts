/**
 * A router sends studies to a listener, whose results go to an archive, while the listener and the archive are killed and
 * started again at random moments. Both ends are dcmtk's: `storescu` sends each study until all of it was accepted, and
 * `storescp` receives.
 *
 * The moments follow from the seed, as far as the machine's speed allows.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "../../../src/random.ts";
import { Desk, putSmallDemo } from "../../cli/run.ts";
import { freePort } from "../../support/free-ports.ts";
import { expectOneResultEach, receivedResults } from "./check-results.ts";
import { type Peer, Receiver, send } from "./dcmtk.ts";
import type { KillOptions } from "./kill-watch.ts";
import { type MadeStudy, makeStudies } from "./studies.ts";
import { Watcher } from "./watcher.ts";

/** The studies without the files that `storescu` refuses to send, whose headers contradict themselves. */
const sendable = (studies: readonly MadeStudy[]): readonly MadeStudy[] =>
  studies
    .map((study) => ({ ...study, files: study.files.filter(({ kind }) => kind !== "garbled") }))
    .filter(({ files }) => files.length > 0);

/** Send a study as a router does: again and again, until all of it was accepted. */
async function route(study: MadeStudy, to: Peer): Promise<void> {
  const paths = study.files.map(({ path }) => path);
  for (let tries = 0; ; tries++) {
    const said = await send(to, paths);
    if (said.code === 0) return;
    if (tries > 300) throw new Error(`storescu: ${said.stderr}`);
    await sleep(200);
  }
}

/** Returns how long it took, in seconds, and what was killed. */
export async function surviveKilledListener({ seed, studies: count, kills, apart }: KillOptions) {
  const folder = mkdtempSync(join(tmpdir(), "medical-x-kills-"));
  const desk = new Desk();
  const random = Random.of(seed, "listener's kills");
  const begin = performance.now();
  const killed: string[] = [];
  let archive: Receiver | undefined;
  let listener: Watcher | undefined;
  try {
    putSmallDemo(desk, "m.safetensors");
    const studies = sendable(makeStudies(folder, { studies: count, seed }));
    const receiver = await Receiver.start();
    archive = receiver;
    const self = { aet: "MEDICALX", port: await freePort() };
    const listening = Watcher.listen(desk, join(folder, "state"), [
      ...["--port", String(self.port), "--allow-aet", "ROUTER", "--gradcam", "--quiet", "1"],
      ...["--send-to", `${receiver.peer.aet}@127.0.0.1:${receiver.peer.port}`],
    ]);
    listener = listening;

    const span = kills * apart * 500;
    const sending = (async () => {
      for (const study of studies) {
        await route(study, self);
        await sleep(random.uniform(0, (2 * span) / studies.length));
      }
    })();
    for (let kill = 0; kill < kills; kill++) {
      await sleep(random.uniform(200, apart * 1000));
      const what = random.int(3);
      killed.push(["listener", "archive", "both"][what]!);
      await Promise.all([
        ...(what !== 1 ? [listening.end("SIGKILL")] : []),
        ...(what !== 0 ? [receiver.kill()] : []),
      ]);
      await sleep(random.uniform(0, 1000));
      if (what !== 0) await receiver.resume();
      if (what !== 1) listening.resume();
    }
    await sending;
    await listening.settled(studies.length);
    await listening.end("SIGTERM");
    const results = await receivedResults(receiver, studies);
    expectOneResultEach(results, studies, listening.status(), "passed-over");
  } catch (error) {
    throw new Error(`seed ${seed}, after ${killed.join(", ")}: ${listener?.said.slice(-3000)}`, {
      cause: error,
    });
  } finally {
    await listener?.end("SIGKILL");
    await archive?.stop();
    desk.remove();
    rmSync(folder, { recursive: true, force: true });
  }
  return { seconds: (performance.now() - begin) / 1000, killed };
}
