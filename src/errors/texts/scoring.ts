/**
 * Errors of scoring many images: their causes and ways on.
 *
 * Knows: codes.
 */

import type { ErrorArea } from "./area.ts";

export const SCORING = {
  title: "Many images",
  errors: {
    "scoring/no-image": {
      cause: "No folder or list of images was named.",
      wayOn: "Name one.",
    },
    "scoring/no-plan": {
      cause: "The folder has no plan of images.",
      wayOn: "Name the folder that images were scored into.",
    },
    "scoring/bad-list": {
      cause: "What was given as a list of images is no text in UTF-8: it may be an image.",
      wayOn: "Name a text file with one image on each line, or a folder.",
    },
    "scoring/bad-plan": {
      cause: "The plan cannot be read, or it has been changed since it was made.",
      wayOn: "Restore the file, or start again in another folder.",
    },
    "scoring/plan-changed": {
      cause: "The images, the model, an option or the version differ from those that the plan was made for.",
      wayOn: "Repeat the call as it was, restore what the message names, or start again in another folder.",
    },
    "scoring/bad-scheduler": {
      cause: "The scheduler's variables do not say which of how many processes this is.",
      wayOn: "Name the share of each process yourself.",
    },
    "scoring/other-count": {
      cause: "The scheduler divides the shards among another number of processes than before.",
      wayOn: "Submit the same number of processes again, or name the share of each yourself.",
    },
    "scoring/unavailable": {
      cause: "An image could not be read for a reason that may pass, such as a disk, a network or a server.",
      wayOn: "Run the same command again later.",
    },
    "scoring/worker-died": {
      cause: "A worker process ended in the middle of its work, several times over the same images.",
      wayOn: "Use fewer workers if memory is short, and run the same command again.",
    },
    "scoring/interrupted": {
      cause: "The run was interrupted.",
      wayOn: "Run the same command again; shards that are done are kept.",
    },
    "scoring/incomplete": {
      cause: "Shards are missing.",
      wayOn: "Score again, which does only what is missing.",
    },
    "scoring/foreign-shard": {
      cause: "A shard's file is that of another plan or model.",
      wayOn: "Remove the file, and score again.",
    },
    "scoring/unknown-table": {
      cause: "Tables of this ending cannot be written.",
      wayOn: "End the name in .parquet, .csv or .ndjson.",
    },
    "parquet/damaged": {
      cause: "A Parquet file is damaged or cut short.",
      wayOn: "Write it again.",
    },
  },
} as const satisfies ErrorArea;
