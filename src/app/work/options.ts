/**
 * Progress and cancellation, which are the same for all long work.
 *
 * Knows: nothing about the work itself.
 */

import type { XrayError } from "../../errors.ts";

/** The progress of some work. */
export interface WorkProgress {
  /** What is being done, in words: `images`, `draws of patients`. */
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

/** How a caller follows long work or ends it early. */
export interface WorkOptions {
  /** Ends the work early. The call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: WorkProgress) => void) | undefined;
  /** Called with each failure, such as an image that cannot be read. Everything else is still done. */
  readonly onFailure?: ((error: XrayError) => void) | undefined;
}

/** Do work that can be ended early, in which case the signal's reason is thrown. */
export async function abortable<T>(
  signal: AbortSignal | undefined,
  work: (isStopping: () => boolean) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  try {
    return await work(() => signal?.aborted === true);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
