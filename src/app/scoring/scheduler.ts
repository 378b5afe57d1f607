/**
 * Which of how many processes this one is, as the scheduler that started it says.
 *
 * Knows:      the variables that schedulers set. Not shards.
 * Reference:  Slurm, "Job Array Support"; Kubernetes, "Indexed Job"; AWS Batch, "Array jobs".
 */

import { quote, XrayError } from "../../errors.ts";

/** Process `index` of `count`, counted from 0. */
export interface Share {
  readonly index: number;
  readonly count: number;
}

/** A share, and who said it. */
export interface ScheduledShare extends Share {
  readonly scheduler: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

function wrong(message: string): XrayError {
  return new XrayError("scoring/bad-scheduler", `${message}; name this process's share of the work yourself`);
}

/** A whole number of 0 or more from the environment; undefined if the variable is not set. */
function numberOf(env: Environment, name: string): number | undefined {
  const text = env[name];
  if (text === undefined || text === "") return undefined;
  if (!/^\d{1,9}$/.test(text)) throw wrong(`the variable ${name} is ${quote(text)}, not a whole number`);
  return Number(text);
}

/** A number without which an index means nothing. */
function required(env: Environment, name: string, beside: string): number {
  const value = numberOf(env, name);
  if (value === undefined) throw wrong(`the variable ${beside} is set, but ${name} is not`);
  return value;
}

function checked(scheduler: string, index: number, count: number): ScheduledShare {
  if (Number.isInteger(index) && index >= 0 && index < count) return { index, count, scheduler };
  throw wrong(
    `${scheduler} started this process as number ${index} of ${count}, counted from 0: the indices of its array have gaps`,
  );
}

/** Slurm counts from any number, in steps. */
function ofSlurm(env: Environment): ScheduledShare | undefined {
  const id = numberOf(env, "SLURM_ARRAY_TASK_ID");
  if (id === undefined) return undefined;
  const first = required(env, "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_ID");
  const count = required(env, "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_ID");
  const step = numberOf(env, "SLURM_ARRAY_TASK_STEP") ?? 1;
  return checked("Slurm", (id - first) / Math.max(1, step), count);
}

function ofKubernetes(env: Environment): ScheduledShare | undefined {
  const index = numberOf(env, "JOB_COMPLETION_INDEX");
  if (index === undefined) return undefined;
  return checked("Kubernetes", index, required(env, "JOB_COMPLETIONS", "JOB_COMPLETION_INDEX"));
}

function ofAwsBatch(env: Environment): ScheduledShare | undefined {
  const index = numberOf(env, "AWS_BATCH_JOB_ARRAY_INDEX");
  if (index === undefined) return undefined;
  return checked("AWS Batch", index, required(env, "AWS_BATCH_JOB_ARRAY_SIZE", "AWS_BATCH_JOB_ARRAY_INDEX"));
}

/**
 * The share that a scheduler gave to this process.
 *
 * @returns  Undefined without a scheduler.
 * @throws   XrayError `scoring/bad-scheduler` if what it says is incomplete, or its indices have gaps.
 */
export const scheduledShare = (env: Environment = process.env): ScheduledShare | undefined =>
  ofSlurm(env) ?? ofKubernetes(env) ?? ofAwsBatch(env);

/** The shards of a process: those numbers k from 0 for which k mod `count` is `index`. */
export function shardsOf(total: number, { index, count }: Share): number[] {
  const numbers: number[] = [];
  for (let k = index; k < total; k += count) numbers.push(k);
  return numbers;
}
