/**
 * Netrc files: the user and the password that one has for a host.
 *
 * Knows:      text. The format has no standard.
 * Reference:  GNU inetutils, "The .netrc file"; curl, which also reads quoted words.
 */

/** A user and a password. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** The words of a file; a comment runs from a `#` that begins a word to the line's end, and macros to an empty line. */
function wordsOf(text: string): string[] {
  const plain = text.replaceAll(/(^|\s)macdef\s[\s\S]*?(?:\n[^\S\n]*\r?\n|$)/g, "$1\n");
  const words: string[] = [];
  for (const [found, quoted] of plain.matchAll(/"((?:[^"\\\n]|\\.)*)"|[^\s]+/g)) {
    words.push(quoted === undefined ? found : quoted.replaceAll(/\\(.)/g, "$1"));
  }
  return words;
}

/** Drop comments, but no `#` inside a word: passwords contain it. */
const withoutComments = (text: string): string =>
  text
    .split("\n")
    .map((line) => (/^\s*#/.test(line) ? "" : line))
    .join("\n");

/**
 * The login for a host: that of the first entry for it, or of `default`.
 *
 * @param text  A whole netrc file.
 * @returns     Undefined if there is no entry, or if it lacks the login or the password.
 */
export function netrcLogin(text: string, host: string): Login | undefined {
  const words = wordsOf(withoutComments(text));
  let isOurs = false;
  let user: string | undefined;
  let password: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === "machine" || word === "default") {
      if (isOurs) break;
      isOurs = word === "default" || words[++at]?.toLowerCase() === host.toLowerCase();
    } else if (word === "login" || word === "password" || word === "account") {
      const value = words[++at];
      if (!isOurs) continue;
      if (word === "login") user = value;
      if (word === "password") password = value;
    }
  }
  return user === undefined || password === undefined ? undefined : { user, password };
}
