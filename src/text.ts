/**
 * Counts, sizes and alternatives as messages and tables print them.
 *
 * Knows: English.
 */

/** `112,120`. */
export const count = (n: number): string => n.toLocaleString("en-US");

/** `1 image`, `1,200 images`. */
export const counted = (n: number, one: string, several = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : several}`;

/** The word that agrees with a count given elsewhere in the sentence: `has` for one, otherwise `have`. */
export const agreeing = (n: number, one: string, several: string): string => (n === 1 ? one : several);

const UNITS = [
  { name: "GB", bytes: 1e9, digits: 1 },
  { name: "MB", bytes: 1e6, digits: 0 },
  { name: "kB", bytes: 1e3, digits: 0 },
] as const;

/**
 * A size in decimal units: `480 bytes`, `12 kB`, `240 MB`, `1.5 GB`.
 *
 * @param bytes  A whole number, 0 or more. The result is rounded to nearest, with at most one decimal from 1 GB on.
 */
export function byteSize(bytes: number): string {
  const unit = UNITS.find((one) => bytes >= one.bytes);
  return unit === undefined
    ? counted(bytes, "byte")
    : `${(bytes / unit.bytes).toLocaleString("en-US", { maximumFractionDigits: unit.digits })} ${unit.name}`;
}

/** How many of several things are named. */
const MOST_NAMED = 3;

/** The first few alternatives: `a or b`, `a, b, c or others`. */
export function eitherOf(names: readonly string[]): string {
  const shown = [...names.slice(0, MOST_NAMED), ...(names.length > MOST_NAMED ? ["others"] : [])];
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}`;
}

/** The first few things, each put into words by `words`: `a, b, c, …`. */
export const someOf = <T>(things: readonly T[], words: (thing: T) => string): string =>
  `${things.slice(0, MOST_NAMED).map(words).join(", ")}${things.length > MOST_NAMED ? ", …" : ""}`;

/** The first few names. */
export const some = (names: readonly string[]): string => someOf(names, (name) => name);
