/** The short form of the kill test; `watch-kills.soak.test.ts` is the long one. */

import { describe, expect, test } from "vitest";
import { surviveKills } from "./support/kill-watch.ts";
import { whyNot } from "./support/programs.ts";

const why = whyNot("Orthanc", "dcmcjpeg");
/** Another one each time; printed if the test fails, and settable. */
const SEED = Number(process.env["MEDICAL_X_KILL_SEED"] ?? Math.floor(Math.random() * 1e6));

describe.skipIf(why !== undefined)(
  `a watcher that is killed${why === undefined ? "" : ` (skipped: ${why})`}`,
  () => {
    test(`ten studies and four kills of it and the archive, by seed ${SEED}: one result of each kind`, async () => {
      const { killed } = await surviveKills({ seed: SEED, studies: 10, kills: 4, apart: 4 });
      expect(killed).toHaveLength(4);
    });
  },
);
