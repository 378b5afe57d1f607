/**
 * Doc comments: what they say in front, and what behind each tag.
 *
 * The text is Markdown. `@param name  text`, `@returns`, `@throws`, `@see` and `@example` are read; an example is a fenced
 * block of code, or a line of it.
 */

import ts from "typescript-5";

/** A doc comment, taken apart. */
export interface DocComment {
  /** Paragraphs, lists and code as they stand. */
  readonly text: string;
  readonly parameters: readonly { readonly name: string; readonly text: string }[];
  readonly returns?: string;
  readonly throws: readonly string[];
  readonly see: readonly string[];
  /** Code without its fence. */
  readonly examples: readonly string[];
}

const EMPTY: DocComment = { text: "", parameters: [], throws: [], see: [], examples: [] };

/** The lines of a comment, without what makes them one. */
function linesOf(comment: string): string[] {
  const inner = comment.replace(/^\/\*\*/, "").replace(/\*\/$/, "");
  return inner.split("\n").map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
}

/** A tag's text on one line: what stands below is aligned for those who read the source. */
const joined = (lines: readonly string[]): string => lines.join(" ").replaceAll(/\s+/g, " ").trim();

/** The code of an example. */
function codeOf(lines: readonly string[]): string {
  const text = lines.join("\n").trim();
  return /^```\w*\n([\s\S]*?)\n?```$/.exec(text)?.[1] ?? text;
}

/** Take a comment apart, with its marks or without. */
export function parseComment(comment: string): DocComment {
  const blocks: { tag: string; lines: string[] }[] = [{ tag: "", lines: [] }];
  let fenced = false;
  for (const line of linesOf(comment.trim())) {
    const tag = fenced ? null : /^\s*@(\w+)\s?(.*)$/.exec(line);
    if (/^\s*```/.test(line)) fenced = !fenced;
    if (tag === null) blocks.at(-1)!.lines.push(line);
    else blocks.push({ tag: tag[1]!, lines: [tag[2]!] });
  }
  const of = (...tags: string[]): string[] =>
    blocks.filter(({ tag }) => tags.includes(tag)).map(({ lines }) => joined(lines));
  const returns = of("returns")[0];
  return {
    text: blocks[0]!.lines.join("\n").trim(),
    parameters: of("param").map((text) => {
      const [, name, rest] = /^(\S+)\s*(?:- )?(.*)$/.exec(text) ?? ["", text, ""];
      return { name: name!, text: rest! };
    }),
    ...(returns === undefined ? {} : { returns }),
    throws: of("throws"),
    see: of("see"),
    examples: blocks.filter(({ tag }) => tag === "example").map(({ lines }) => codeOf(lines)),
  };
}

/** The comment right above a declaration, as it stands. */
export function rawCommentOf(node: ts.Node): string | undefined {
  const holder = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  const { text } = holder.getSourceFile();
  const ranges = ts.getLeadingCommentRanges(text, holder.pos) ?? [];
  const last = ranges.map(({ pos, end }) => text.slice(pos, end)).at(-1);
  return last?.startsWith("/**") ? last : undefined;
}

/** The same, taken apart. */
export function commentOf(node: ts.Node): DocComment {
  const comment = rawCommentOf(node);
  return comment === undefined ? EMPTY : parseComment(comment);
}

/** The comment that a file begins with. */
export function headerOf(file: ts.SourceFile): DocComment {
  const [first] = ts.getLeadingCommentRanges(file.text, 0) ?? [];
  return first === undefined ? EMPTY : parseComment(file.text.slice(first.pos, first.end));
}
