/**
 * What a watcher or a listener has done, as its state folder says.
 *
 * Knows: plain data.
 */

import { about, just, list, type Of, object, oneOf, orNull, text, whole, yesOrNo } from "../schema/schema.ts";

/** A model with a choice of options, as a version of the program used it. */
const READER = object({ name: text(), sha256: text(), version: text() });

const RESULT = object({
  kind: oneOf(["report", "tid1500", "text", "overlay"]),
  series_instance_uid: text(),
  sop_instance_uid: text(),
});

/** What became of an image: `waiting` to be read, `kept` until the archive takes the results, or how it ended. */
const IMAGE_STATES = ["waiting", "kept", "stored", "passed-over", "set-aside"] as const;

export const PACS_IMAGE = object({
  image: about("The image's number in the state folder.", whole(1)),
  sop_instance_uid: text(),
  series_instance_uid: text(),
  state: oneOf(IMAGE_STATES),
  reason: about(
    "Why it was passed over or set aside, or why its last attempt failed.",
    orNull(object({ code: text(), message: text() })),
  ),
  failures: about("Attempts that failed since the last one that did not.", whole(0)),
  next_attempt: about("When it is tried again after a failure.", orNull(text())),
  ended: about("When it was stored, passed over or set aside.", orNull(text())),
  reader: about("What it was read with.", orNull(READER)),
  results: list(RESULT),
});

export const PACS_STUDY = object({
  study: about("The study's number in the state folder.", whole(1)),
  study_instance_uid: text(),
  is_done: yesOrNo(),
  images: list(PACS_IMAGE),
  not_fetched: about(
    "Objects that were passed over for what the archive lists about them, when the study was last done.",
    list(object({ code: text(), count: whole(1) })),
  ),
});

export const PACS_STATUS = object({
  schema: just("medical-x/pacs-status@1"),
  studies: object({ total: whole(0), done: whole(0) }),
  images: object({
    total: whole(0),
    stored: whole(0),
    passed_over: whole(0),
    set_aside: whole(0),
    waiting: about("Those that are to be read, or whose results are kept.", whole(0)),
  }),
  archive: about(
    "Which archive the folder belongs to; null if an earlier version wrote it. A listener names no address.",
    orNull(object({ kind: oneOf(["orthanc", "dicomweb", "listener"]), address: orNull(text()) })),
  ),
  away: about(
    "Since when the archive cannot be worked with, or the one that results go to, and why; null if it can.",
    orNull(object({ since: text(), code: text(), message: text() })),
  ),
  cursor: about(
    "The last of the archive's changes that was read; null if it has no such list.",
    orNull(whole(0)),
  ),
  readers: list(READER),
  listed: about(
    "The studies that are not done or have an image that was set aside, and the last ones that are done; or all.",
    list(PACS_STUDY),
  ),
});

export type PacsStatus = Of<typeof PACS_STATUS>;
export type PacsStudyStatus = Of<typeof PACS_STUDY>;
export type PacsImageStatus = Of<typeof PACS_IMAGE>;
