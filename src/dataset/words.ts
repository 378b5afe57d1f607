/** Counts as messages and tables print them. Knows: English. */

/** `112,120`. */
export const count = (n: number): string => n.toLocaleString("en-US");

/** `1 image`, `1,200 images`. */
export const counted = (n: number, one: string, several = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : several}`;
