/**
 * What the scripts of deploy/slurm make of exit codes, under Slurm itself. In place of `medical-x` they start a few lines of
 * shell that end with the codes that the command has for each kind of fault: slurm-score.test.ts runs the command.
 */

import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Slurm, whyNoSlurm } from "./slurm.ts";

const script = (name: string): string =>
  fileURLToPath(new URL(`../../deploy/slurm/${name}`, import.meta.url));

const why = whyNoSlurm();

describe.skipIf(why !== undefined)(
  `exit codes under Slurm${why === undefined ? "" : ` (skipped: ${why})`}`,
  () => {
    let slurm: Slurm;
    let command: string;

    /** Submit score.sbatch with a command whose task 2, or whose only one, ends with these codes in turn; any other with 0. */
    async function submit(codes: string, ...args: readonly string[]): Promise<string> {
      const env = { MEDICAL_X: command, CODES: codes };
      const said = await slurm.sbatch(env, "--parsable", "--mem=64M", "--cpus-per-task=1", ...args);
      expect(said.stderr).toBe("");
      return said.stdout.trim();
    }

    const array = (codes: string): Promise<string> => submit(codes, "--array=0-2", script("score.sbatch"));
    const merge = (job: string, ...args: readonly string[]): Promise<string> =>
      submit(
        "0",
        `--dependency=afterok:${job}`,
        ...args,
        script("merge.sbatch"),
        "scores",
        "--to",
        "all.parquet",
      );

    beforeAll(async () => {
      slurm = await Slurm.start();
      command = join(slurm.folder, "command.sh");
      writeFileSync(
        command,
        `#!/bin/bash
echo "task \${SLURM_ARRAY_TASK_ID:-none}: $*"
read -r -a codes <<<"$CODES"
if [ "\${SLURM_ARRAY_TASK_ID:-2}" = 2 ]; then exit "\${codes[\${SLURM_RESTART_COUNT:-0}]}"; fi
`,
      );
      chmodSync(command, 0o755);
    });
    afterAll(async () => await slurm?.stop());

    test("a passing fault puts its own task back, not the array, and merge waits for it", async () => {
      // Task 2 is the last one, whose job id is that of the whole array.
      const job = await array("1 137 0");
      const joined = await merge(job);
      await slurm.until(joined, ["COMPLETED"]);
      expect(slurm.log(`medical-x-score-${job}_0.log`)).toBe("task 0: score --workers 1\n");
      expect(slurm.log(`medical-x-score-${job}_1.log`)).toBe("task 1: score --workers 1\n");
      expect((await slurm.show(`${job}_2`))["Restarts"]).toBe("2");
      const log = slurm.log(`medical-x-score-${job}_2.log`);
      expect(log.match(/^task 2: score --workers 1$/gm)).toHaveLength(3);
      expect(log).toContain("score ended with code 1: back into the queue, restart 1 of 3.");
      expect(log).toContain("score ended with code 137: back into the queue, restart 2 of 3.");
      expect(slurm.log(`medical-x-merge-${joined}.log`)).toBe("task none: merge scores --to all.parquet\n");
    });

    test.each(["2", "3"])(
      "code %s ends the task at once, and the merge is taken out of the queue",
      async (code) => {
        const job = await array(code);
        const joined = await merge(job, "--kill-on-invalid-dep=yes");
        await slurm.until(joined, ["CANCELLED"]);
        const task = await slurm.show(`${job}_2`);
        expect([task["JobState"], task["ExitCode"], task["Restarts"]]).toEqual(["FAILED", `${code}:0`, "0"]);
        expect((await slurm.show(`${job}_0`))["JobState"]).toBe("COMPLETED");
      },
    );

    test("a fault that does not pass ends the task after MAX_RESTARTS restarts", async () => {
      const job = await submit("1 1 1 1", "--array=2", "--export=ALL,MAX_RESTARTS=1", script("score.sbatch"));
      await slurm.until(`${job}_2`, ["FAILED"]);
      expect((await slurm.show(`${job}_2`))["Restarts"]).toBe("1");
      expect(slurm.log(`medical-x-score-${job}_2.log`).match(/^task 2:/gm)).toHaveLength(2);
    });

    test("a job that is no array is put back as well", async () => {
      const job = await submit("1 0", script("score.sbatch"));
      await slurm.until(job, ["COMPLETED"]);
      expect((await slurm.show(job))["Restarts"]).toBe("1");
    });
  },
);
