/** Features that an array of Slurm computes: training on them ends with the weights of a training that computes them itself. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Desk, MAIN, words } from "../cli/run.ts";
import { Slurm, whyNoSlurm } from "./slurm.ts";

const why = whyNoSlurm();
const SCRIPT = fileURLToPath(new URL("../../deploy/slurm/features.sbatch", import.meta.url));

describe.skipIf(why !== undefined)(
  `features under Slurm${why === undefined ? "" : ` (skipped: ${why})`}`,
  () => {
    const desk = new Desk();
    let slurm: Slurm;

    const settings = (backbone = "random"): readonly string[] => [
      ...words(`--backbone ${backbone} --input-size 64 --data`),
      desk.path("data"),
    ];

    /** Training with a cache of its own, so that it finds no features there. */
    const train = (run: string, more: string) =>
      desk.run(["train", ...settings(), ...words(`--epochs 2 --batch-size 8 --out ${run} ${more}`)], {
        env: { MEDICAL_X_CACHE: desk.path(`cache-${run}`) },
      });

    async function extract(seed: string): Promise<string> {
      const env = { MEDICAL_X: `${process.execPath} ${MAIN}`, MEDICAL_X_CACHE: desk.path("cache") };
      const options = words("--parsable --cpus-per-task=1 --mem=1G --array=0-2");
      const features = ["--features", desk.path("features"), ...words(`--shard-size 8 --seed ${seed}`)];
      const said = await slurm.sbatch(env, ...options, SCRIPT, ...settings(), ...features);
      expect(said.stderr).toBe("");
      return said.stdout.trim();
    }

    beforeAll(async () => {
      const drawn = await desk.run(words("data phantom --out data --count 40 --seed 4 --size 128"));
      expect(drawn.code).toBe(0);
      slurm = await Slurm.start();
    });
    afterAll(async () => {
      await slurm?.stop();
      desk.remove();
    });

    test("the weights are the same, bit for bit", async () => {
      const array = await extract("1");
      for (const i of [0, 1, 2]) await slurm.until(`${array}_${i}`, ["COMPLETED"]);
      expect(await train("alone", "--seed 1")).toMatchObject({ code: 0 });
      expect(await train("on-features", "--seed 1 --features features")).toMatchObject({ code: 0 });
      const [alone, onFeatures] = ["alone", "on-features"].map((run) =>
        readFileSync(desk.path(run, "densenet121_model.pth")),
      );
      expect(onFeatures!.equals(alone!)).toBe(true);
    });

    test("another network in the same folder is refused with code 3, and not tried again", async () => {
      // The seed draws the random backbone.
      const array = await extract("2");
      for (const i of [0, 1, 2]) {
        await slurm.until(`${array}_${i}`, ["FAILED", "COMPLETED"]);
        const { JobState, ExitCode, Restarts } = await slurm.show(`${array}_${i}`);
        expect({ JobState, ExitCode, Restarts }).toEqual({
          JobState: "FAILED",
          ExitCode: "3:0",
          Restarts: "0",
        });
      }
    });
  },
);
