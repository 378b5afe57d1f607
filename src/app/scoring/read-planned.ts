/**
 * Reads the bytes of a planned image, and tells three kinds of failures apart: a fault of the file, which becomes a row;
 * a file that is not the planned one any more, which ends the run; and a fault that may pass, which is tried again and then
 * ends the shard.
 *
 * Knows: files and addresses. `node/remote/` asks servers.
 */

import { open } from "node:fs/promises";
import { MAX_IMAGE_BYTES } from "../../engine/limits.ts";
import { XrayError } from "../../errors.ts";
import { fileError, systemCode } from "../../node/files.ts";
import { isAddress, shownAddress } from "../../node/remote/address.ts";
import { fetchImage, type RemoteFacts, remoteFacts } from "../../node/remote/fetch.ts";
import { FinalError, retrying } from "../../node/retry.ts";
import { byteSize } from "../../text.ts";
import type { ImageToRead } from "./jobs.ts";

/** Attempts at what may pass: with pauses of 1, 2, 4 and 8 seconds between them. */
const ATTEMPTS = 5;
const PAUSE_MS = 1000;

/** What the system says about a file itself; everything else may pass. */
const LASTING = new Set([
  "ENOENT",
  "ENOTDIR",
  "EISDIR",
  "EACCES",
  "EPERM",
  "ELOOP",
  "ENAMETOOLONG",
  "EINVAL",
]);

/** The error of an image that is not what the plan says. */
export function otherImage(name: string, what: string): FinalError {
  return new FinalError(
    "scoring/plan-changed",
    `${name}: ${what} since the plan was made; restore it, or start again in another folder`,
    { file: name },
  );
}

/** The error of a fault that may pass. */
export const passing = (name: string, reason: string, cause?: unknown): XrayError =>
  new XrayError("scoring/unavailable", `${name}: ${reason}; try again later`, { file: name }, cause);

/** A fault of the file itself. */
const lasting = (
  code: "file/not-found" | "file/not-accessible" | "file/not-regular" | "file/too-large",
  name: string,
  reason: string,
) => new FinalError(code, `${name}: ${reason}`, { file: name });

async function readFile({ name, place, size, time }: ImageToRead): Promise<Uint8Array> {
  let file: Awaited<ReturnType<typeof open>> | undefined;
  try {
    file = await open(place, "r");
    const found = await file.stat();
    if (size === null) throw otherImage(name, "the file has appeared");
    if (found.size !== size || Math.floor(found.mtimeMs) !== time)
      throw otherImage(name, "the file has changed");
    if (!found.isFile()) throw lasting("file/not-regular", name, "this is no file, but a folder or a device");
    if (size > MAX_IMAGE_BYTES) {
      const most = byteSize(MAX_IMAGE_BYTES);
      throw lasting("file/too-large", name, `it has ${byteSize(size)}, but at most ${most} are read`);
    }
    const bytes = new Uint8Array(size);
    const { bytesRead } = await file.read(bytes, 0, size, 0);
    if (bytesRead !== size) throw passing(name, "the file ended early");
    return bytes;
  } catch (error) {
    throw asKind(name, size, error);
  } finally {
    await file?.close().catch(() => undefined);
  }
}

/** An error of the system as one of the three kinds. */
function asKind(name: string, size: number | null, error: unknown): unknown {
  const code = systemCode(error);
  if (error instanceof XrayError || code === undefined) return error;
  const known = fileError(name, error) as XrayError;
  if (!LASTING.has(code)) return passing(name, known.message.slice(name.length + 2), error);
  const isGone = known.code === "file/not-found";
  if (isGone && size !== null) return otherImage(name, "the file was removed");
  return lasting(
    isGone ? "file/not-found" : "file/not-accessible",
    name,
    known.message.slice(name.length + 2),
  );
}

const etag = (version: string): string => version.replace(/^W\//, "");

/** Whether what a server says now contradicts what it said when the image was listed. */
function isOther({ size, time, version }: ImageToRead, now: RemoteFacts): boolean {
  if (size !== null && now.size !== null && size !== now.size) return true;
  if (version !== null && now.version !== null) return etag(version) !== etag(now.version);
  return time !== null && now.time !== null && time !== now.time;
}

async function readAddress(image: ImageToRead): Promise<Uint8Array> {
  const { bytes, facts } = await fetchImage(image.place, MAX_IMAGE_BYTES);
  if (isOther(image, facts)) throw otherImage(image.name, "the image has changed");
  return bytes;
}

/** Attempts at something that may pass. Throws XrayError `scoring/unavailable` after the last one. */
async function insisting<T>(name: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await retrying(attempt, { attempts: ATTEMPTS, pauseMs: PAUSE_MS });
  } catch (error) {
    const isPassing =
      error instanceof XrayError && /^download\/(?:server-error|no-connection)$/.test(error.code);
    throw isPassing
      ? passing(name, `${error.message.slice(name.length + 2)}, at ${ATTEMPTS} attempts`, error)
      : error;
  }
}

/**
 * Read an image's bytes, with further attempts after faults that may pass.
 *
 * @throws  XrayError `file/…`, `download/refused`, `download/too-large`, `download/bad-url` for faults of the file;
 *          `scoring/plan-changed`; `scoring/unavailable` if no attempt succeeded.
 */
export const readPlanned = (image: ImageToRead): Promise<Uint8Array> =>
  insisting(image.name, () => (isAddress(image.path) ? readAddress(image) : readFile(image)));

/**
 * What a server says about an image that is being listed; nothing if it does not say, or if the address is none, which
 * shows when it is read. Throws XrayError `scoring/unavailable`.
 */
export async function addressFacts(address: string): Promise<RemoteFacts> {
  try {
    return await insisting(shownAddress(address), () => remoteFacts(address));
  } catch (error) {
    if (error instanceof XrayError && error.code === "download/bad-url")
      return { size: null, time: null, version: null };
    throw error;
  }
}
