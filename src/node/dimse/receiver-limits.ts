/**
 * How much a receiver takes from peers that it does not know.
 *
 * Knows: numbers.
 */

import { MAX_IMAGE_BYTES } from "../../engine/limits.ts";

/** Times in milliseconds, sizes in bytes. */
export interface ReceiverLimits {
  /** Associations at the same time. One more is rejected for the moment. */
  readonly associations: number;
  /** Connections at the same time. For one more, the oldest without an association is closed: it asks for nothing. */
  readonly connections: number;
  /** Until an association has been asked for. */
  readonly requestMs: number;
  /** Between two whole PDUs. */
  readonly pduMs: number;
  /** For one whole object. */
  readonly objectMs: number;
  /** Of one data set. */
  readonly objectBytes: number;
  /** At the end, for what is being received. */
  readonly closeMs: number;
}

export const RECEIVER_LIMITS: ReceiverLimits = {
  associations: 16,
  connections: 64,
  requestMs: 30_000,
  pduMs: 60_000,
  objectMs: 600_000,
  objectBytes: MAX_IMAGE_BYTES,
  closeMs: 30_000,
};
