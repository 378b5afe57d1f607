/** One hundred studies through a listener while it and who receives its results are killed twenty times, by five seeds. */

import { describe, expect, test } from "vitest";
import { surviveKilledListener } from "./support/kill-listen.ts";
import { whyNot } from "./support/programs.ts";

const why = whyNot("storescu", "storescp", "dcmcjpeg");
const FIRST = Number(process.env["MEDICAL_X_KILL_SEED"] ?? Math.floor(Math.random() * 1e6));

describe.skipIf(why !== undefined)(
  `a listener that is killed${why === undefined ? "" : ` (skipped: ${why})`}`,
  () => {
    test.each([0, 1, 2, 3, 4].map((i) => FIRST + i))(
      "one hundred studies and twenty kills, by seed %i",
      async (seed) => {
        const { killed, seconds } = await surviveKilledListener({ seed, studies: 100, kills: 20, apart: 8 });
        expect(killed).toHaveLength(20);
        process.stderr.write(`seed ${seed}: ${Math.round(seconds)} s, killed ${killed.join(", ")}\n`);
      },
    );
  },
);
