/**
 * What long work is asked and told, whatever it is.
 *
 * Knows: nothing of the work.
 */

import type { XrayError } from "../errors.ts";

/** How far work has come. */
export interface WorkProgress {
  /** What is being done, in words: `images`, `draws of patients`. */
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

/** How a caller follows long work, and ends it early. */
export interface WorkOptions {
  /** Ends the work early: the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: WorkProgress) => void) | undefined;
  /** Told what could not be done, such as an image that cannot be read; everything else is still done. */
  readonly onFailure?: ((error: XrayError) => void) | undefined;
}

/** Do work that can be ended early. Throws the signal's reason where it was. */
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
