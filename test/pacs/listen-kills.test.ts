/** The short form of the listener's kill test; `listen-kills.soak.test.ts` is the long one. */

import { describe, expect, test } from "vitest";
import { surviveKilledListener } from "./support/kill-listen.ts";
import { whyNot } from "./support/programs.ts";

const why = whyNot("storescu", "storescp", "dcmcjpeg");
/** Another one each time; printed if the test fails, and settable. */
const SEED = Number(process.env["MEDICAL_X_KILL_SEED"] ?? Math.floor(Math.random() * 1e6));

describe.skipIf(why !== undefined)(
  `a listener that is killed${why === undefined ? "" : ` (skipped: ${why})`}`,
  () => {
    test(`ten studies and four kills of it and of who receives, by seed ${SEED}: one result of each kind`, async () => {
      const { killed } = await surviveKilledListener({ seed: SEED, studies: 10, kills: 4, apart: 4 });
      expect(killed).toHaveLength(4);
    });
  },
);
