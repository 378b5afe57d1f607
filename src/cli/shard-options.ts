/**
 * The options by which processes share work.
 *
 * Knows: how commander rejects a value.
 */

import { InvalidArgumentError, Option } from "commander";
import type { Share } from "../app/scoring/scheduler.ts";
import { wholeNumber } from "./options.ts";

/** `0/8`: the first of eight processes. */
function parseShare(text: string): Share {
  const parts = /^(\d{1,9})\/(\d{1,9})$/.exec(text.trim());
  const [index, count] = [Number(parts?.[1]), Number(parts?.[2])];
  if (parts !== null && index < count) return { index, count };
  throw new InvalidArgumentError("It must be i/n, with i from 0 to n - 1.");
}

/** `--shard`. */
export const shardOption = (): Option =>
  new Option(
    "--shard <i/n>",
    "do the shards of process i of n, counted from 0 (default: as the scheduler says, or all)",
  ).argParser(parseShare);

/** `--shard-size`. @param what  What is counted. */
export const shardSizeOption = (what: string): Option =>
  new Option("--shard-size <n>", `${what} per shard (default: 1000)`).argParser(wholeNumber(10_000_000));
