/** A listener whose disk is full: what does not fit is refused, and nothing that was accepted is lost. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Desk, putSmallDemo } from "../cli/run.ts";
import { freePort } from "../support/free-ports.ts";
import { expectOneResultEach, receivedResults } from "./support/check-results.ts";
import { Receiver, send } from "./support/dcmtk.ts";
import { whyNot } from "./support/programs.ts";
import { type MadeStudy, makeStudies } from "./support/studies.ts";
import { Watcher } from "./support/watcher.ts";

const folder = mkdtempSync(join(tmpdir(), "medical-x-listen-disk-"));

/** A disk of 3 MB. Undefined where this user may not mount one. */
function smallDisk(): string | undefined {
  const disk = mkdtempSync(join(folder, "disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], { stdio: "pipe" });
    return disk;
  } catch {
    return undefined;
  }
}

const missing = whyNot("storescu", "storescp");
const disk = missing === undefined ? smallDisk() : undefined;
const why = missing ?? (disk === undefined ? "this user may not mount a small disk" : undefined);

describe.skipIf(why !== undefined)(
  `a listener with a full disk${why === undefined ? "" : ` (skipped: ${why})`}`,
  () => {
    const desk = new Desk();
    let studies: readonly MadeStudy[];

    beforeAll(() => {
      putSmallDemo(desk, "m.safetensors");
      studies = makeStudies(folder, { studies: 20, only: ["dx"] });
    });
    afterAll(() => {
      execFileSync("umount", [disk!]);
      desk.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    test("refuses images with A700, and has one result of each in the end", async () => {
      const archive = await Receiver.start();
      await archive.kill();
      const self = { aet: "MEDICALX", port: await freePort() };
      const listener = Watcher.listen(desk, join(disk!, "state"), [
        ...["--port", String(self.port), "--quiet", "0", "--gradcam"],
        ...["--send-to", `${archive.peer.aet}@127.0.0.1:${archive.peer.port}`],
      ]);
      try {
        await listener.until((said) => said.includes("listens at"));
        // While the archive is away, everything stays on the disk.
        const refused: string[] = [];
        for (const { files } of studies)
          for (const { path } of files) {
            const said = await send(self, [path], "ROUTER", ["--verbose"]);
            if (said.code === 0) continue;
            expect(said.stderr).toContain("Refused: OutOfResources");
            refused.push(path);
          }
        expect(refused.length).toBeGreaterThan(0);
        expect(refused.length).toBeLessThan(studies.length);
        await archive.resume();
        // A router sends again what was refused, until it is taken.
        for (const path of refused) {
          const isTaken = async (): Promise<boolean> => (await send(self, [path])).code === 0;
          await expect.poll(isTaken, { timeout: 120_000, interval: 500 }).toBe(true);
        }
        const isDone = (): boolean => {
          const { studies: counts, images } = listener.status();
          return counts.done === studies.length && images.waiting === 0;
        };
        await expect.poll(isDone, { timeout: 120_000, interval: 500 }).toBe(true);
        const results = await receivedResults(archive, studies);
        expectOneResultEach(results, studies, listener.status(), "passed-over");
        expect(listener.said).toContain(
          "an image was refused: too little is free on the disk of the state folder. Make room",
        );
      } finally {
        await listener.end("SIGKILL");
        await archive.stop();
      }
    });
  },
);
