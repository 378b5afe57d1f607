/**
 * Everything public of one entry point in one text: what it exports, and every type of the package that is mentioned on
 * the way, exported or not. It is a module of declarations that compiles by itself.
 *
 * `test/architecture/public-api.test.ts` compares it with the committed one.
 */

import type { Declarations } from "./declarations.ts";
import { type Context, declare } from "./declare.ts";
import { Names } from "./names.ts";

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1);

/** The roll-up of an entry point. */
export function rollUp(declarations: Declarations): string {
  const context: Context = { declarations, names: new Names(declarations) };
  const texts = new Map<string, string>();
  for (let next = context.names.next(); next !== undefined; next = context.names.next())
    texts.set(next.name, declare(next.symbol, next.name, context));
  const isExported = ([name]: readonly [string, string]): boolean => declarations.exports.has(name);
  const all = [...texts].sort(byName);
  const exported = all
    .filter(isExported)
    .map(([, text]) => text.replaceAll(/^(?=declare|interface|type)/gm, "export "));
  const mentioned = all.filter((named) => !isExported(named)).map(([, text]) => text);
  const parts = [
    `// What "${declarations.entry.name}" declares to those who import it. See scripts/api/roll-up.ts.`,
    ...exported,
    ...(mentioned.length > 0 ? ["// Mentioned above, and not exported by name:", ...mentioned] : []),
    "export {};",
  ];
  return `${parts.join("\n\n")}\n`;
}
