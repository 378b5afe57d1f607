/**
 * A file that one process holds for itself: who works in a folder, or writes a file.
 *
 * A claim is free again when its process is proven to have ended (`process-identity.ts`). Of a process on another host,
 * or in another container, nothing can be proven: such a claim is held as long as its holder touches the file, which it
 * does twice a minute, and is left when that has not happened for a quarter of an hour. A holder that stood still for so
 * long finds out with `isHeld` before it writes anything.
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

/** So long after a claim was begun its text must be in it. */
const WRITTEN_AFTER_MS = 10_000;
const BEAT_MS = 30_000;
/** Without a touch for so long, a process that cannot be asked has ended. */
const LEFT_AFTER_MS = 15 * 60_000;

/** Who holds a claim, as far as its file says. */
export interface ClaimHolder {
  readonly holder: ProcessIdentity | undefined;
}

/** Try to make the file; undefined where there is one. */
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

/** How long ago a file was touched, by the clock of the disk that it is on: that of another host may be wrong. */
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

/** Whether the text of a claim's file means that nobody holds it any more. */
function isLeft(file: string, text: string): boolean {
  const holder = parseIdentity(text.split("\n")[1] ?? "");
  const state = holder === undefined ? "unknown" : processState(holder);
  if (state !== "unknown") return state === "dead";
  // Made and not yet written; or its process ended in between.
  if (text === "") return idleMs(file) > WRITTEN_AFTER_MS;
  return idleMs(file) > LEFT_AFTER_MS;
}

/** A claim that this process has. */
export class Claim {
  readonly #file: string;
  readonly #text: string;
  /** Stays open: what is written to it cannot reach a claim that another process has put in this one's place. */
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
   * @returns  The claim, or who holds it: another process, or this one already. Throws what the system throws.
   */
  static take(file: string): Claim | ClaimHolder {
    // A token of its own tells this claim from an earlier one of the same process.
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

  /** Of several that find a claim left, one may clear it away: or the second would remove the first one's claim. */
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

  /** The text's last byte once more: the disk notes the time by its own clock. */
  #touch(): void {
    try {
      writeSync(this.#open, this.#text.slice(-1), this.#text.length - 1);
    } catch {
      // The next one may succeed.
    }
  }

  /** Whether the claim is still this one: another process may have found it left while this one stood still. */
  get isHeld(): boolean {
    return read(this.#file) === this.#text;
  }

  /** Give it back. Where the file cannot be removed, it is free when this process has ended. */
  release(): void {
    clearInterval(this.#beat);
    closeSync(this.#open);
    try {
      if (this.isHeld) rmSync(this.#file, { force: true });
    } catch {
      // As if this process had been killed.
    }
  }
}

/**
 * Claim a folder in which one process at a time may work.
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
