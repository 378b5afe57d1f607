/** Long lines of declarations, broken where a formatter would break them: at parameters, or at alternatives. */

const WIDTH = 100;
const OPENING = "([{<";
const CLOSING = ")]}>";

/** Where a character stands outside all brackets, from a position on. `=>` closes nothing. */
function outside(text: string, from: number, isWanted: (text: string, at: number) => boolean): number[] {
  const found: number[] = [];
  let [depth, quoted] = [0, false];
  for (let i = from; i < text.length; i++) {
    const character = text[i]!;
    if (character === '"') quoted = !quoted;
    if (quoted) continue;
    if (depth === 0 && isWanted(text, i)) found.push(i);
    if (OPENING.includes(character)) depth++;
    if (CLOSING.includes(character) && text[i - 1] !== "=") depth--;
    if (depth < 0) break;
  }
  return found;
}

/** The pieces of a text between positions; the characters there are dropped. */
function pieces(text: string, at: readonly number[]): string[] {
  return [...at, text.length].map((end, i) => text.slice(i === 0 ? 0 : at[i - 1]! + 1, end).trim());
}

function brokenAtParameters(line: string): string | undefined {
  const [open] = outside(line, 0, (text, i) => text[i] === "(" && i > 0 && /[\w>\]]/.test(text[i - 1]!));
  if (open === undefined) return undefined;
  const [close] = outside(line, open + 1, (text, i) => text[i] === ")");
  if (close === undefined || close === open + 1) return undefined;
  const inside = line.slice(open + 1, close);
  const indent = /^ */.exec(line)![0];
  const parameters = pieces(
    inside,
    outside(inside, 0, (text, i) => text[i] === ","),
  );
  return [
    line.slice(0, open + 1),
    ...parameters.map((parameter) => `${indent}  ${parameter},`),
    `${indent}${line.slice(close)}`,
  ].join("\n");
}

function brokenAtAlternatives(line: string): string | undefined {
  const head = /^( *)(type [\w<>, ]+ =|(?:readonly )?[\w"']+\??:) /.exec(line);
  if (head === null) return undefined;
  const rest = line.slice(head[0].length).replace(/;$/, "");
  const bars = outside(rest, 0, (text, i) => text[i] === "|" && text[i - 1] === " ");
  if (bars.length === 0) return undefined;
  const lines = pieces(rest, bars).map((piece) => `\n${head[1]}  | ${piece}`);
  return `${head[0].trimEnd()}${lines.join("")};`;
}

/** Break each line that is too long; what cannot be broken stays. */
export function wrapped(text: string): string {
  const lines = text.split("\n").map((line) => {
    const isComment = /^\s*(?:\/\*\*|\*)/.test(line);
    if (line.length <= WIDTH || isComment) return line;
    return brokenAtParameters(line) ?? brokenAtAlternatives(line) ?? line;
  });
  return lines.join("\n");
}
