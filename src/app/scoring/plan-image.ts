/**
 * One image of a plan, as a line of its file.
 *
 * Knows: JSON. Not files or addresses.
 */

/** What is known about an image when it is listed. */
export interface PlanImage {
  /** A path relative to the plan's base, an absolute path, or an address. */
  readonly path: string;
  /** In bytes; null if it is unknown, or if there was no such file. */
  readonly size: number | null;
  /** When it was last changed, in whole milliseconds since 1970. */
  readonly time: number | null;
  /** The version (ETag) that a server named. */
  readonly version: string | null;
}

/** A shard's images as text, which can be hashed and read again. */
export const imageLine = ({ path, size, time, version }: PlanImage): string =>
  JSON.stringify(version === null ? [path, size, time] : [path, size, time, version]);

const isNumber = (value: unknown): value is number | null =>
  value === null || (typeof value === "number" && Number.isFinite(value));

/** Read a line, with or without the comma before it. Returns undefined for anything else. */
export function parseImageLine(line: string): PlanImage | undefined {
  try {
    const value: unknown = JSON.parse(line.startsWith(",") ? line.slice(1) : line);
    if (!Array.isArray(value)) return undefined;
    const [path, size, time, version = null] = value as unknown[];
    if (typeof path !== "string" || !isNumber(size) || !isNumber(time)) return undefined;
    return typeof version === "string" || version === null ? { path, size, time, version } : undefined;
  } catch {
    return undefined;
  }
}
