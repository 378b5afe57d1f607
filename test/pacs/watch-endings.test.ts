/** `pacs watch` that is told to end at different moments, and what the next call makes of it. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Desk, putSmallDemo } from "../cli/run.ts";
import { endings } from "../support/endings.ts";
import { Gateway } from "./support/gateway.ts";
import { Orthanc } from "./support/orthanc.ts";
import { whyNot } from "./support/programs.ts";
import { type MadeStudy, makeStudies } from "./support/studies.ts";

const why = whyNot("Orthanc");

/** Loaded before a command: sends it SIGINT when it opens its model. */
const AT_OPEN = `
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { isMainThread } from "node:worker_threads";

const { open } = promises;
let isSent = !isMainThread;
promises.open = (path, ...rest) => {
  if (!isSent && String(path).endsWith("m.safetensors")) {
    isSent = true;
    process.kill(process.pid, "SIGINT");
  }
  return open(path, ...rest);
};
syncBuiltinESMExports();
`;

describe.skipIf(why !== undefined)(
  `the end of pacs watch${why === undefined ? "" : ` (skipped: ${why})`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), "medical-x-watch-endings-"));
    const desk = new Desk();
    const ends = endings();
    let study: MadeStudy;

    beforeAll(() => {
      putSmallDemo(desk, "m.safetensors");
      [study] = makeStudies(folder, { studies: 1, seed: 6, only: ["dx", "cr"] }) as [MadeStudy];
    });
    afterAll(() => {
      desk.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    async function archive() {
      const orthanc = await Orthanc.start();
      ends.push(() => orthanc.stop());
      for (const { path } of study.files) await orthanc.store(readFileSync(path));
      const between = await Gateway.start(orthanc.url);
      ends.push(() => between.stop());
      const kinds = async () =>
        (await orthanc.instances())
          .map(({ seriesDescription }) => seriesDescription)
          .filter((text) => text.startsWith("Medical-X"))
          .sort();
      return { between, kinds };
    }

    const moments = [
      ["asks what is new", /^GET \/changes/],
      ["lists a study", /^GET \/studies\/[\da-f-]+\/instances/],
      ["fetches an image", /\/file$/],
      ["stores a result", /^POST \/instances$/],
    ] as const;

    /** Send a signal while a request waits. */
    async function endedAt(moment: RegExp, signal: "SIGINT" | "SIGTERM", more: readonly string[]) {
      const { between, kinds } = await archive();
      const state = join(mkdtempSync(join(folder, "state-")), "state");
      const args = ["pacs", "watch", "--model", "m.safetensors", "--threads", "1", "--quiet", "0"];
      const on = [...args, "--state", state, "--gradcam"];
      let kill = (): unknown => undefined;
      between.fault = (asked) => {
        if (!moment.test(asked)) return undefined;
        setTimeout(kill, 100);
        return { wait: 2000 };
      };
      const ended = await desk.run([...on, "--orthanc", between.url, ...more], {
        onStart: (child) => {
          // A second signal would end it at once.
          let isSent = false;
          kill = () => {
            if (!isSent) child.kill(signal);
            isSent = true;
          };
        },
      });
      between.fault = () => undefined;
      const again = await desk.run([...on, "--orthanc", between.url, "--once"]);
      return { ended, again, after: await kinds() };
    }

    const EACH_ONE = [
      "Medical-X overlay - research use only",
      "Medical-X overlay - research use only",
      "Medical-X report - research use only",
      "Medical-X report - research use only",
    ];

    test.each(moments)(
      "--once that is interrupted while it %s says so, and the next call does the rest",
      async (_, moment) => {
        const { ended, again, after } = await endedAt(moment, "SIGINT", ["--once"]);
        expect([ended.code, ended.stdout]).toEqual([130, ""]);
        expect(ended.stderr).toMatch(
          /\nmedical-x: interrupted; run the same command again to do the rest\n$/,
        );
        expect(again.code).toBe(0);
        expect(again.stdout).toBe("study 1: 2 reports and 2 overlays stored\n");
        expect(after).toEqual(EACH_ONE);
      },
    );

    test.each([
      [["--once"], 130, "interrupted; run the same command again to do the rest"],
      [[], 0, "ending once what is under way is done; Ctrl-C again ends it at once"],
    ] as const)(
      "a signal while the model is opened ends it in order, and nothing is asked (%j)",
      async (more, code, last) => {
        const { between } = await archive();
        between.asked.length = 0;
        const state = join(mkdtempSync(join(folder, "state-")), "state");
        const args = ["pacs", "watch", "--model", "m.safetensors", "--state", state];
        const hook = desk.put("at-open.mjs", AT_OPEN);
        const {
          code: ended,
          stdout,
          stderr,
        } = await desk.run([...args, "--orthanc", between.url, ...more], {
          env: { NODE_OPTIONS: `--import ${pathToFileURL(hook).href}` },
        });
        expect([ended, stdout]).toEqual([code, ""]);
        expect(stderr).not.toMatch(/watching|looking|unexpected/);
        expect(stderr.split("\n")).toContain(`medical-x: ${last}`);
        expect(between.asked).toEqual([]);
      },
    );

    test.each(moments)(
      "a watcher that gets SIGTERM while it %s ends with 0 and no complaint, and the next one does the rest",
      async (_, moment) => {
        const { ended, again, after } = await endedAt(moment, "SIGTERM", []);
        expect([ended.code, ended.stdout]).toEqual([0, ""]);
        expect(ended.stderr).toMatch(
          /watching the archive; Ctrl-C ends it\nmedical-x: ending once what is under way is done; Ctrl-C again ends it at once\n$/,
        );
        expect(again.code).toBe(0);
        expect(again.stdout).toBe("study 1: 2 reports and 2 overlays stored\n");
        expect(after).toEqual(EACH_ONE);
      },
    );
  },
);
