/**
 * The file of a plan, `plan.json`: valid JSON, with one line for each image, so that it is written and read piece by piece.
 *
 * The first line is the head. The last line is the tail, which says where each shard's images begin. A process reads both,
 * and only the lines of shards that are its own.
 *
 * Knows: files. Not where images come from.
 */

import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { XrayError } from "../../errors.ts";
import { AtomicFile, fileError } from "../../node/files.ts";
import { PLAN_HEAD, PLAN_TAIL, type PlanHead, type PlanTail } from "../../results/scoring-plan.ts";
import { checkText } from "../../schema/schema.ts";
import { imageLine, type PlanImage, parseImageLine } from "./plan-image.ts";

/** Bytes to gather before they are written, and to read at a time from the ends of the file. */
const PIECE = 1 << 20;

/** The longest first or last line that is read. */
const LONGEST_LINE = 64 << 20;

const HASH_DIGITS = 32;
const END_OF_HEAD = ',"images":[';
const START_OF_TAIL = "],";

const encoder = new TextEncoder();

export function badPlan(file: string, reason: string): XrayError {
  return new XrayError(
    "scoring/bad-plan",
    `${file}: this is no plan, or it has been changed (${reason}); restore it, or start again in another folder`,
    { file },
  );
}

/** What the results of a shard depend on: the head, apart from how the plan is cut, and the images. */
function shardHash({ shardSize: _, ...head }: PlanHead, lines: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(head)).update("\n");
  for (const line of lines) hash.update(line).update("\n");
  return hash.digest("hex").slice(0, HASH_DIGITS);
}

/** Writes a plan beside its place; `commit` puts it there, unless another process was first. */
export class PlanWriter {
  readonly #head: PlanHead;
  readonly #file: AtomicFile;
  readonly #shards: (readonly [number, string])[] = [];
  #lines: string[] = [];
  #text = "";
  #written = 0;
  #count = 0;

  private constructor(head: PlanHead, file: AtomicFile) {
    this.#head = head;
    this.#file = file;
  }

  static async create(path: string, head: PlanHead): Promise<PlanWriter> {
    const writer = new PlanWriter(head, await AtomicFile.create(path));
    writer.#text = `${JSON.stringify(head).slice(0, -1)}${END_OF_HEAD}\n`;
    await writer.#flush();
    return writer;
  }

  async #flush(): Promise<void> {
    const bytes = encoder.encode(this.#text);
    this.#text = "";
    await this.#file.write(bytes);
    this.#written += bytes.length;
  }

  get count(): number {
    return this.#count;
  }

  async add(image: PlanImage): Promise<void> {
    const line = imageLine(image);
    this.#lines.push(line);
    this.#count += 1;
    if (this.#lines.length === this.#head.shardSize) await this.#endShard();
  }

  async #endShard(): Promise<void> {
    const isFirst = this.#shards.length === 0;
    // Of what is not written yet, only the length in bytes matters.
    const at = this.#written + Buffer.byteLength(this.#text);
    this.#shards.push([at, shardHash(this.#head, this.#lines)]);
    this.#text += this.#lines.map((line, i) => `${isFirst && i === 0 ? "" : ","}${line}\n`).join("");
    this.#lines = [];
    if (this.#text.length >= PIECE) await this.#flush();
  }

  /** @returns  False if there is a plan already. */
  async commit(folders: PlanTail["folders"]): Promise<boolean> {
    if (this.#lines.length > 0) await this.#endShard();
    const hash = createHash("sha256").update(JSON.stringify(this.#head));
    for (const [, one] of this.#shards) hash.update(one);
    const id = hash.digest("hex").slice(0, HASH_DIGITS);
    const tail = { count: this.#count, shards: this.#shards, folders, id };
    this.#text += `${START_OF_TAIL}${JSON.stringify(tail).slice(1)}\n`;
    await this.#flush();
    return this.#file.commitNew();
  }

  discard(): Promise<void> {
    return this.#file.discard();
  }
}

/** Read bytes; fewer if the file ends. */
async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

async function firstLine(file: FileHandle): Promise<string> {
  for (let length = PIECE >> 6; length <= LONGEST_LINE; length *= 2) {
    const bytes = await readAt(file, 0, length);
    const end = bytes.indexOf("\n");
    if (end >= 0) return bytes.toString("utf8", 0, end);
    if (bytes.length < length) break;
  }
  return "";
}

/** The last line, and where it begins. */
async function lastLine(file: FileHandle, size: number): Promise<{ line: string; at: number }> {
  for (let length = PIECE; length <= LONGEST_LINE; length *= 2) {
    const from = Math.max(0, size - length);
    const bytes = await readAt(file, from, size - from);
    const start = bytes.lastIndexOf("\n", bytes.length - 2);
    if (start >= 0) return { line: bytes.toString("utf8", start + 1).trimEnd(), at: from + start + 1 };
    if (from === 0) break;
  }
  return { line: "", at: 0 };
}

/** A shard as a process sees it: its number, its hash, its place among all images. */
export interface PlanShard {
  readonly number: number;
  readonly hash: string;
  /** Index of its first image. */
  readonly from: number;
  readonly count: number;
}

/** A plan of which the head and the tail have been read. */
export class PlanFile {
  readonly path: string;
  readonly head: PlanHead;
  readonly tail: PlanTail;
  /** Tells another file of the same name apart. */
  readonly #stamp: string;
  readonly #end: number;

  private constructor(path: string, parts: { head: PlanHead; tail: PlanTail; stamp: string; end: number }) {
    this.path = path;
    this.head = parts.head;
    this.tail = parts.tail;
    this.#stamp = parts.stamp;
    this.#end = parts.end;
  }

  /**
   * @returns  Undefined if there is no such file.
   * @throws   XrayError `scoring/bad-plan`, `file/…`.
   */
  static async open(path: string): Promise<PlanFile | undefined> {
    let file: FileHandle;
    try {
      file = await open(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw fileError(path, error);
    }
    try {
      const { size, mtimeMs, ino } = await file.stat();
      const first = await firstLine(file);
      const { line, at } = await lastLine(file, size);
      if (!first.endsWith(END_OF_HEAD) || !line.startsWith(START_OF_TAIL)) throw badPlan(path, "its form");
      const refusal = {
        code: "scoring/bad-plan",
        what: path,
        wayOn: "restore the file, or start again in another folder",
      } as const;
      const head = checkText(PLAN_HEAD, `${first.slice(0, -END_OF_HEAD.length)}}`, refusal);
      const tail = checkText(PLAN_TAIL, `{${line.slice(START_OF_TAIL.length)}`, refusal);
      if (tail.shards.length !== Math.ceil(tail.count / head.shardSize)) throw badPlan(path, "its shards");
      return new PlanFile(path, { head, tail, stamp: `${size} ${mtimeMs} ${ino}`, end: at });
    } catch (error) {
      throw fileError(path, error);
    } finally {
      await file.close();
    }
  }

  get shards(): readonly PlanShard[] {
    const { shardSize } = this.head;
    return this.tail.shards.map(([, hash], number) => {
      const from = number * shardSize;
      return { number, hash, from, count: Math.min(shardSize, this.tail.count - from) };
    });
  }

  /** The images of a shard. Throws XrayError `scoring/bad-plan`, also if the file is another one by now. */
  async images({ number, hash, count }: PlanShard): Promise<readonly PlanImage[]> {
    const start = this.tail.shards[number]![0];
    const end = this.tail.shards[number + 1]?.[0] ?? this.#end;
    const file = await open(this.path).catch((error) => {
      throw fileError(this.path, error);
    });
    let text: string;
    try {
      await this.#checkSame(file);
      text = (await readAt(file, start, Math.max(0, end - start))).toString("utf8");
    } finally {
      await file.close();
    }
    const lines = text.trimEnd().split("\n");
    const images = lines.map(parseImageLine).filter((image) => image !== undefined);
    if (images.length !== count || shardHash(this.head, images.map(imageLine)) !== hash)
      throw badPlan(this.path, `the images of shard ${number}`);
    return images;
  }

  async #checkSame(file: FileHandle): Promise<void> {
    const { size, mtimeMs, ino } = await file.stat();
    if (`${size} ${mtimeMs} ${ino}` !== this.#stamp) throw badPlan(this.path, "while it was being followed");
  }

  /** Make sure that the file is still the one that was opened. Throws XrayError `scoring/bad-plan`. */
  async checkUnchanged(): Promise<void> {
    const file = await open(this.path).catch(() => {
      throw badPlan(this.path, "it is gone");
    });
    try {
      await this.#checkSame(file);
    } finally {
      await file.close();
    }
  }
}
