/**
 * How far the shards of a plan are.
 *
 * Knows: plain data.
 */

import { about, byName, just, list, type Of, object, orNull, text, whole } from "../schema/schema.ts";

export const SCORE_STATUS = object({
  schema: just("medical-x/score-status@1"),
  plan: about("The plan's hash.", text()),
  model: object({ name: text(), sha256: text() }),
  images: object({
    total: whole(0),
    done: about("Images of shards that are done.", whole(0)),
  }),
  shards: object({
    total: whole(0),
    done: whole(0),
    failed: about("Those that ended without a file and have not been done since.", whole(0)),
    missing: about("Those that are neither done nor failed.", whole(0)),
  }),
  processes: about(
    "Among how many processes the shards are divided; null if none has said.",
    orNull(whole(1)),
  ),
  errors: about("Rows without probabilities, by the code of their error.", byName(whole(1))),
  failures: about(
    "Why the failed shards ended.",
    list(object({ shard: whole(0), code: text(), message: text() })),
  ),
});

export type ScoreStatus = Of<typeof SCORE_STATUS>;
