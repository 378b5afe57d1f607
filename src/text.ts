/** Counts, sizes and alternatives as messages and tables print them. Knows: English. */

/** `112,120`. */
export const count = (n: number): string => n.toLocaleString("en-US");

/** `1 image`, `1,200 images`. */
export const counted = (n: number, one: string, several = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : several}`;

/** The word that goes with a count that stands elsewhere: `have`, or `has` with one. */
export const agreeing = (n: number, one: string, several: string): string => (n === 1 ? one : several);

const UNITS = [
  { name: "GB", bytes: 1e9, digits: 1 },
  { name: "MB", bytes: 1e6, digits: 0 },
  { name: "kB", bytes: 1e3, digits: 0 },
] as const;

/**
 * A size for people, in decimal units: `480 bytes`, `12 kB`, `240 MB`, `1.5 GB`.
 *
 * @param bytes  A whole number, 0 or more. Rounded to the nearest; from 1 GB on with one decimal.
 */
export function byteSize(bytes: number): string {
  const unit = UNITS.find((one) => bytes >= one.bytes);
  return unit === undefined
    ? counted(bytes, "byte")
    : `${(bytes / unit.bytes).toLocaleString("en-US", { maximumFractionDigits: unit.digits })} ${unit.name}`;
}

/** So many of several things are named. */
const MOST_NAMED = 3;

/** Alternatives, the first few of them: `a or b`, `a, b, c or others`. */
export function eitherOf(names: readonly string[]): string {
  const shown = [...names.slice(0, MOST_NAMED), ...(names.length > MOST_NAMED ? ["others"] : [])];
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}`;
}

/** The first few things, in words that are made of them alone: `a, b, c, …`. */
export const someOf = <T>(things: readonly T[], words: (thing: T) => string): string =>
  `${things.slice(0, MOST_NAMED).map(words).join(", ")}${things.length > MOST_NAMED ? ", …" : ""}`;

/** The first few names. */
export const some = (names: readonly string[]): string => someOf(names, (name) => name);
