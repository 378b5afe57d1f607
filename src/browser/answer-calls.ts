/**
 * The worker's side of calls: answers them one after the other, and sends progress, values and failures.
 *
 * Knows: the messages of `calls.ts`. Not what they mean.
 */

import { sentError } from "../errors.ts";
import type { Call, CallTable, Cancel, Progress, Reply } from "./calls.ts";

/** The parts of a worker's global scope that are used here. TypeScript's library for pages does not cover workers. */
interface WorkerScope {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: Reply | Progress, transfer?: readonly ArrayBuffer[]): void;
}

/** How a running call is cancelled and reports its progress. */
export interface Hooks {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

const scope = globalThis as unknown as WorkerScope;

/** An answer to each call of a table. */
export type Answers<C extends CallTable<C>> = {
  readonly [N in keyof C]: (
    hooks: Hooks,
    ...args: Parameters<C[N]>
  ) => ReturnType<C[N]> | Promise<ReturnType<C[N]>>;
};

/** Memory of a reply that can be transferred instead of copied. An answer must not use it again. */
function movable(value: unknown): readonly ArrayBuffer[] {
  if (typeof value !== "object" || value === null) return [];
  if (!ArrayBuffer.isView(value)) return [...new Set(Object.values(value).flatMap(movable))];
  return value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
}

/** Answer the calls of this worker, one at a time: names that images are given must not depend on concurrent calls. */
export function answerCalls<C extends CallTable<C>>(answers: Answers<C>): void {
  /** Calls that have not been answered yet. */
  const open = new Map<number, AbortController>();
  let turn: Promise<void> = Promise.resolve();

  const answer = async ({ id, name, args }: Call<C>, signal: AbortSignal): Promise<void> => {
    try {
      signal.throwIfAborted();
      const onProgress = (done: number, total: number) => scope.postMessage({ id, done, total });
      const value = await answers[name]({ signal, onProgress }, ...args);
      scope.postMessage({ id, value }, movable(value));
    } catch (error) {
      scope.postMessage({ id, failure: sentError(error) });
    } finally {
      open.delete(id);
    }
  };

  scope.onmessage = ({ data }: MessageEvent<Call<C> | Cancel>) => {
    if (data.name === "cancel") {
      open.get(data.id)?.abort();
      return;
    }
    const call = data as Call<C>;
    const controller = new AbortController();
    open.set(call.id, controller);
    turn = turn.then(() => answer(call, controller.signal));
  };
}
