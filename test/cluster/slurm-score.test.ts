/** `medical-x score` and `merge` under Slurm, by the scripts of deploy/slurm: what comes out is what one process makes. */

import { readFileSync, rmSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { globSync } from "tinyglobby";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Desk, MAIN, words } from "../cli/run.ts";
import { ImageServer } from "./image-server.ts";
import { Slurm, whyNoSlurm } from "./slurm.ts";

const IMAGES = 48;
const why = whyNoSlurm();
const script = (name: string): string =>
  fileURLToPath(new URL(`../../deploy/slurm/${name}`, import.meta.url));

describe.skipIf(why !== undefined)(
  `scoring under Slurm${why === undefined ? "" : ` (skipped: ${why})`}`,
  () => {
    const desk = new Desk();
    let slurm: Slurm;
    let expected: Buffer;

    const scoring = (out: string): readonly string[] => [
      ...words("--model demo --shard-size 3 --image"),
      desk.path("phantoms", "images"),
      "--out",
      desk.path(out),
    ];

    /** Submit a script with small needs, so that as many tasks run at once as there are cores. */
    async function submit(options: string, name: string, ...args: readonly string[]): Promise<string> {
      const env = { MEDICAL_X: `${process.execPath} ${MAIN}`, MEDICAL_X_CACHE: desk.path("cache") };
      const said = await slurm.sbatch(
        env,
        ...words(`--parsable --cpus-per-task=1 --mem=1G ${options}`),
        script(name),
        ...args,
      );
      expect(said.stderr).toBe("");
      return said.stdout.trim();
    }

    const score = (options: string, out: string, more = ""): Promise<string> =>
      submit(options, "score.sbatch", ...scoring(out), ...(more === "" ? [] : words(more)));

    /** The merged file's bytes, by merging here. */
    async function merged(out: string): Promise<Buffer> {
      const to = desk.path(`${out}.parquet`);
      expect(await desk.run(["merge", desk.path(out), "--to", to])).toMatchObject({ code: 0 });
      return readFileSync(to);
    }

    /** The files of the shards that are done, with the number that their file system gave them. */
    const shards = (out: string): Readonly<Record<string, number>> =>
      Object.fromEntries(
        globSync("**/*.parquet", { cwd: desk.path(out) }).map((name) => [
          name,
          statSync(desk.path(out, name)).ino,
        ]),
      );

    beforeAll(async () => {
      const drawn = await desk.run(
        words(`data phantom --out phantoms --count ${IMAGES} --seed 3 --size 256`),
      );
      expect(drawn.code).toBe(0);
      const { code, stderr } = await desk.run(["score", ...scoring("here"), "--workers", "1"]);
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expected = await merged("here");
      slurm = await Slurm.start();
    });
    afterAll(async () => {
      await slurm?.stop();
      desk.remove();
    });

    test("an array and the merge that depends on it give the bytes of one process", async () => {
      const array = await score("--array=0-3", "array");
      const to = desk.path("by-slurm.parquet");
      const merge = await submit(
        `--dependency=afterok:${array} --kill-on-invalid-dep=yes`,
        "merge.sbatch",
        desk.path("array"),
        "--to",
        to,
      );
      await slurm.until(merge, ["COMPLETED"]);
      expect(readFileSync(to).equals(expected)).toBe(true);
      expect(Object.keys(shards("array"))).toHaveLength(IMAGES / 3);
    });

    test("sbatch --wait and indices that do not begin with 0 give them as well", async () => {
      await score("--array=5-8 --wait", "from-five");
      expect((await merged("from-five")).equals(expected)).toBe(true);
    });

    test("a task that is killed and put back goes on, and does nothing twice", async () => {
      const array = await score("--array=0-1", "killed");
      const task = `${array}_1`;
      // Task 1 does the shards with odd numbers: with two files, at least one task has begun its second shard.
      await slurm.until(task, ["RUNNING"]);
      while (Object.keys(shards("killed")).length < 2) await new Promise((wake) => setTimeout(wake, 20));
      const signalled = await slurm.command("scancel", "--full", "--signal=KILL", task);
      expect(signalled).toMatchObject({ code: 0, stderr: "" });
      await slurm.until(task, ["FAILED", "CANCELLED"]);
      await slurm.until(`${array}_0`, ["COMPLETED"]);
      const before = shards("killed");
      expect(Object.keys(before).length).toBeLessThan(IMAGES / 3);
      const refused = await desk.run(["merge", desk.path("killed"), "--to", desk.path("too-soon.parquet")]);
      expect(refused.code).not.toBe(0);

      expect(await slurm.command("scontrol", "requeue", task)).toMatchObject({ code: 0, stderr: "" });
      await slurm.until(task, ["COMPLETED"]);
      expect((await slurm.show(task))["Restarts"]).toBe("1");
      expect((await merged("killed")).equals(expected)).toBe(true);
      expect(shards("killed")).toMatchObject(before);
    });

    test("an array of leftovers is refused with code 3, unless it says whose share it does", async () => {
      await slurm.until(await score("--array=0-3", "leftovers"), ["COMPLETED"]);
      const leftovers = await score("--array=1,3", "leftovers");
      const reasons = ["process 0 of 2, but", "the indices of its array have gaps"];
      for (const [i, index] of [1, 3].entries()) {
        const task = `${leftovers}_${index}`;
        await slurm.until(task, ["FAILED", "COMPLETED"]);
        const { JobState, ExitCode, Restarts } = await slurm.show(task);
        expect({ JobState, ExitCode, Restarts }).toEqual({
          JobState: "FAILED",
          ExitCode: "3:0",
          Restarts: "0",
        });
        const log = slurm.log(`medical-x-score-${leftovers}_${index}.log`);
        expect(log).toContain(reasons[i]);
        expect(log).toContain("(--shard i/n)");
      }
      const share = await score("--array=1", "leftovers", "--shard 1/4");
      await slurm.until(`${share}_1`, ["COMPLETED"]);
    });

    test("tasks whose server is down go back into the queue, and end complete when it is up again", async () => {
      const names = globSync("*.png", { cwd: desk.path("phantoms", "images") }).slice(0, 12);
      const files = names.map(
        (name) => [`/${name}`, readFileSync(desk.path("phantoms", "images", name))] as const,
      );
      const server = await ImageServer.start(new Map(files));
      try {
        const list = desk.put("list.txt", names.map((name) => `${server.origin}/${name}\n`).join(""));
        const of = (out: string) => [
          ...words("--model demo --shard-size 3 --image"),
          list,
          "--out",
          desk.path(out),
        ];
        expect(await desk.run(["score", ...of("list-here")])).toMatchObject({ code: 0 });
        // The plan is made while the server is up, by a process that has no shard: there are four of them.
        expect(await desk.run(["score", ...of("list"), "--shard", "5/6"])).toMatchObject({ code: 0 });
        rmSync(desk.path("list", "processes.json"));
        server.isDown = true;
        const array = await submit("--array=0-1", "score.sbatch", ...of("list"));
        const restarts = async () => Number((await slurm.show(`${array}_1`))["Restarts"]);
        while ((await restarts()) < 1) await new Promise((wake) => setTimeout(wake, 200));
        server.isDown = false;
        for (const task of [`${array}_0`, `${array}_1`]) await slurm.until(task, ["COMPLETED"]);
        const log = slurm.log(`medical-x-score-${array}_1.log`);
        expect(log).toContain("score ended with code 1: back into the queue, restart 1 of 3.");
        expect((await merged("list")).equals(await merged("list-here"))).toBe(true);
      } finally {
        await server.stop();
      }
    });
  },
);
