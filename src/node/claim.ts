/**
 * A file by which one process claims something: a folder to work in, or a file to write.
 *
 * A claim is free again once its process is proven to have ended (`process-identity.ts`). Nothing can be proven about a
 * process on another host or in another container. Such a claim stands as long as its holder keeps touching the file,
 * which it does twice a minute, and counts as abandoned after a quarter of an hour without a touch. A holder that was
 * suspended for that long finds out through `isHeld` before it writes anything.
 *
 * Knows: files and processes. Not what is claimed.
 */

import { randomBytes } from "node:crypto";
import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { XrayError } from "../errors.ts";
import { fileError, systemCode } from "./files.ts";
import {
  identityText,
  ownIdentity,
  type ProcessIdentity,
  parseIdentity,
  processState,
} from "./process-identity.ts";

/** Time after which a new claim's file must have its content. */
const WRITTEN_AFTER_MS = 10_000;
const BEAT_MS = 30_000;
/** Time without a touch after which a process whose state is unknown counts as ended. */
const LEFT_AFTER_MS = 15 * 60_000;

/** Who holds a claim, as far as its file says. */
export interface ClaimHolder {
  readonly holder: ProcessIdentity | undefined;
}

/** Try to create the file. Returns undefined if it exists. */
function make(file: string, text: string): number | undefined {
  let made: number;
  try {
    made = openSync(file, "wx");
  } catch (error) {
    if (systemCode(error) === "EEXIST") return undefined;
    throw error;
  }
  try {
    writeSync(made, text);
    return made;
  } catch (error) {
    closeSync(made);
    rmSync(file, { force: true });
    throw error;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** How long ago a file was touched, by the clock of its own disk, since another host's clock may be wrong. */
function idleMs(file: string): number {
  const probe = `${file}.${randomBytes(6).toString("hex")}.clock`;
  try {
    writeFileSync(probe, "", { flag: "wx" });
    return statSync(probe).mtimeMs - statSync(file).mtimeMs;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return 0;
    throw error;
  } finally {
    rmSync(probe, { force: true });
  }
}

/** Whether a claim's file with this content is abandoned. */
function isLeft(file: string, text: string): boolean {
  const holder = parseIdentity(text.split("\n")[1] ?? "");
  const state = holder === undefined ? "unknown" : processState(holder);
  if (state !== "unknown") return state === "dead";
  // Created but not written yet, unless its process ended in between.
  if (text === "") return idleMs(file) > WRITTEN_AFTER_MS;
  return idleMs(file) > LEFT_AFTER_MS;
}

/** A claim that this process holds. */
export class Claim {
  readonly #file: string;
  readonly #text: string;
  /** Kept open, so that writes cannot reach a claim by which another process has replaced this one. */
  readonly #open: number;
  readonly #beat: NodeJS.Timeout;

  private constructor(file: string, text: string, open: number) {
    this.#file = file;
    this.#text = text;
    this.#open = open;
    this.#beat = setInterval(() => this.#touch(), BEAT_MS);
    this.#beat.unref();
  }

  /**
   * Claim a file.
   *
   * @returns  The claim, or its holder: another process, or this one already. Throws what the system throws.
   */
  static take(file: string): Claim | ClaimHolder {
    // A random token tells this claim from an earlier one of the same process.
    const text = `${randomBytes(8).toString("hex")}\n${identityText(ownIdentity())}`;
    const made = make(file, text) ?? Claim.#makeWhereLeft(file, text);
    return made === undefined ? Claim.#holder(file) : new Claim(file, text, made);
  }

  static #makeWhereLeft(file: string, text: string): number | undefined {
    const found = read(file);
    if (found === undefined) return make(file, text);
    return isLeft(file, found) ? Claim.#replace(file, found, text) : undefined;
  }

  static #holder(file: string): ClaimHolder {
    return { holder: parseIdentity(read(file)?.split("\n")[1] ?? "") };
  }

  /**
   * If several processes find a claim abandoned, only one may remove it; the second would remove the first one's claim.
   */
  static #replace(file: string, left: string, text: string): number | undefined {
    const clearing = `${file}.clearing`;
    const before = read(clearing);
    if (before !== undefined && isLeft(clearing, before)) rmSync(clearing, { force: true });
    const cleared = make(clearing, text);
    if (cleared === undefined) return undefined;
    try {
      if (read(file) !== left) return undefined;
      rmSync(file, { force: true });
      return make(file, text);
    } finally {
      closeSync(cleared);
      rmSync(clearing, { force: true });
    }
  }

  /**
   * Write the last byte of the text again, so that the disk notes the time by its own clock. Given text instead of bytes,
   * Deno 2.9 ignores the position and appends.
   */
  #touch(): void {
    const bytes = Buffer.from(this.#text);
    const last = bytes.length - 1;
    try {
      writeSync(this.#open, bytes, last, 1, last);
    } catch {
      // The next touch may succeed.
    }
  }

  /**
   * Whether the claim is still ours. Another process may have taken it over while this one was suspended.
   *
   * @throws  XrayError `file/not-accessible` if its file cannot be read.
   */
  get isHeld(): boolean {
    try {
      return read(this.#file) === this.#text;
    } catch (error) {
      throw fileError(this.#file, error);
    }
  }

  /** Give the claim back. If the file cannot be removed, the claim is free once this process has ended. */
  release(): void {
    clearInterval(this.#beat);
    closeSync(this.#open);
    try {
      if (this.isHeld) rmSync(this.#file, { force: true });
    } catch {
      // The same as if this process had been killed.
    }
  }
}

/**
 * Claim a folder in which only one process at a time may work.
 *
 * @param file    The claim's file in it.
 * @throws        XrayError `file/in-use` that names the folder and the process, `file/not-accessible`.
 */
export function claimFolder(folder: string, file: string): Claim {
  let taken: Claim | ClaimHolder;
  try {
    taken = Claim.take(file);
  } catch (error) {
    throw fileError(folder, error);
  }
  if (taken instanceof Claim) return taken;
  const { holder } = taken;
  const who = holder === undefined ? "another process" : `process ${holder.pid} on ${holder.host}`;
  throw new XrayError(
    "file/in-use",
    `${folder}: ${who} is working in this folder; wait until it has ended, or name another folder; if it is no longer running, remove ${file}`,
    { file: folder, claim: file, ...(holder === undefined ? {} : { pid: holder.pid, host: holder.host }) },
  );
}
