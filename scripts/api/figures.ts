/**
 * Leaves the evaluation's figures out of the pages and of the guarded declarations, which refer to where they are listed.
 *
 * A figure is one row of a table (docs/evaluation.md), and its fields appear in many types. docs/schemas/evaluation.json
 * lists and describes each of them once, and a test compares it with the schemas from which the types come. So a new
 * figure is noticed there, and these texts need not change. What compilers get (`dist/types`) has all fields.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./declarations.ts";

/** An object type with fewer figures than this is left as it is. */
const FEW = 4;

const WHERE = "// … and the figures, which docs/schemas/evaluation.json lists.";

/** The rows of the two tables: their own names, and their fields in JSON. */
function figureNames(): Set<string> {
  const names = ["finding-figures", "diagnostic-figures"].flatMap((table) => {
    const text = readFileSync(join(ROOT, "dist", "evaluation", `${table}.d.ts`), "utf8");
    const rows = /^export declare const \w+_FIGURES: \{\n(.*?)^\};/ms.exec(text)![1]!;
    const own = [...rows.matchAll(/^ {4}readonly (\w+): \{/gm)].map(([, name]) => name!);
    const fields = [...rows.matchAll(/^ {8}readonly json: "(\w+)";/gm)].map(([, name]) => name!);
    return [...own, ...fields, ...fields.map((name) => `${name}_ci`)];
  });
  return new Set(names);
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** The line after a member that begins at a line: one line, or several up to what closes its brace. */
function endOf(lines: readonly string[], at: number): number {
  if (lines[at]!.endsWith(";")) return at + 1;
  const indent = indentOf(lines[at]!);
  let last = at + 1;
  while (indentOf(lines[last]!) > indent) last += 1;
  return last + 1;
}

/**
 * Replace the figures in each object type of a text by one line.
 *
 * @param text  Declarations, one member per line or more, indented as `declare` writes them.
 */
export function withoutFigures(text: string): string {
  const figures = figureNames();
  const lines = text.split("\n");
  const dropped = new Set<number>();
  const marked = new Map<number, string>();
  for (const [start, line] of lines.entries()) {
    if (!line.endsWith("{")) continue;
    const indent = indentOf(line);
    const members: number[] = [];
    for (let i = start + 1; i < lines.length && (indentOf(lines[i]!) > indent || lines[i] === ""); i++) {
      const name = /^readonly (\w+)\??:/.exec(lines[i]!.trimStart())?.[1];
      if (indentOf(lines[i]!) === indent + 2 && name !== undefined && figures.has(name)) members.push(i);
    }
    if (members.length < FEW) continue;
    marked.set(members[0]!, `${" ".repeat(indent + 2)}${WHERE}`);
    for (const at of members) for (let i = at; i < endOf(lines, at); i++) dropped.add(i);
  }
  return lines
    .flatMap((line, i) => (marked.has(i) ? [marked.get(i)!] : dropped.has(i) ? [] : [line]))
    .join("\n");
}
