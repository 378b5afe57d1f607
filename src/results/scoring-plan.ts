/**
 * The plan by which very many images are predicted: which images, by which model, and how they are cut into shards.
 *
 * Knows: plain data. Not files; `app/scoring/plan-file.ts` writes it line by line.
 */

import { PREPARATION } from "../image/preparation.ts";
import { VOI_CHOICES } from "../image/prepare.ts";
import {
  about,
  either,
  just,
  list,
  number,
  type Of,
  object,
  oneOf,
  orNull,
  pair,
  text,
  whole,
  yesOrNo,
} from "../schema/schema.ts";

/** Where the images of a plan come from. */
const SOURCE = object({
  kind: about(
    "`folder`, which was searched, or `list`, a file with one path or address per line.",
    oneOf(["folder", "list"]),
  ),
  given: about("The folder or the list, as it was given.", text()),
  base: about(
    "What relative paths are relative to: the folder, the list's own folder, or the working directory.",
    oneOf(["folder", "list", "working-directory"]),
  ),
  sha256: about("SHA-256 of the list; null for a folder.", orNull(text())),
});

const MODEL = object({
  name: text(),
  sha256: about("SHA-256 of the model's file.", text()),
  weights: about("Which of the file's weights are used.", text()),
  labels: about("In the model's order, which is that of the columns.", list(text())),
  calibrated: about("The labels that also have a calibrated probability.", list(text())),
  preparation: PREPARATION,
});

const OPTIONS = object({
  force: about("Whether images that a check refuses are predicted.", yesOrNo()),
  voi: about("How the stored values of DICOM files become grey levels.", oneOf(VOI_CHOICES)),
  frame: about("Frame of a DICOM file, counted from 1; null for the first.", orNull(whole(1))),
  page: about(
    "Page of a TIFF, counted from 1; null for the largest copy of the first picture.",
    orNull(whole(1)),
  ),
  device: about("Where the network runs.", text()),
});

const HEAD_FIELDS = {
  schema: just("medical-x/plan@1"),
  version: about("The version of Medical-X that made the plan.", text()),
  shardSize: about("Images in a shard; the last shard may have fewer.", whole(1)),
  source: SOURCE,
  model: MODEL,
  options: OPTIONS,
};

/** The first line of a plan. */
export const PLAN_HEAD = object(HEAD_FIELDS);

/** What a plan is about. */
export type PlanHead = Of<typeof PLAN_HEAD>;

const FOLDER = object({
  path: about("Relative to the given folder; empty for that folder itself.", text()),
  time: about("When its content last changed, in whole milliseconds since 1970.", whole(0)),
  names: about("A hash of the names of its images and subfolders.", text()),
});

const TAIL_FIELDS = {
  count: about("Number of images.", whole(0)),
  shards: about(
    "By shard, at which byte of the file its images begin, and a hash of all that its results depend on.",
    list(pair(whole(0), text(), "position and hash")),
  ),
  folders: about("The searched folders; null for a list, or if there are too many.", orNull(list(FOLDER))),
  id: about("A hash of the whole plan.", text()),
};

/** The last line of a plan. */
export const PLAN_TAIL = object(TAIL_FIELDS);

export type PlanTail = Of<typeof PLAN_TAIL>;

/** A whole plan. */
export const PLAN = object({
  ...HEAD_FIELDS,
  images: about(
    "One list for each image, in order: path or address; size in bytes; time of the last change in whole milliseconds since 1970; and for an address the version (ETag) that the server named. What is unknown is null.",
    list(list(orNull(either(text(), number(), "must be text or a number")))),
  ),
  ...TAIL_FIELDS,
});
