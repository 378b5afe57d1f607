/**
 * Names of received files: a hash of the image's UID, since UIDs come from other machines and may be anything.
 *
 * Knows: hashes.
 */

import { createHash } from "node:crypto";

const DIGITS = 32;

/** The name of an image's file in the folder of received files. */
export const receivedName = (sopInstanceUid: string): string =>
  `${createHash("sha256").update(sopInstanceUid).digest("hex").slice(0, DIGITS)}.dcm`;
