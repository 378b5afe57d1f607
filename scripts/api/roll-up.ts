/**
 * Everything public of one entry point in one text: what it exports, and every type of the package that is mentioned on
 * the way, exported or not. It is a module of declarations that compiles by itself.
 *
 * With doc comments it is what the package gives to compilers (`dist/types`). The declarations that the compiler writes
 * for each file are no good for that: types that come from schemas are computed anew in every project, from the schema
 * library's own declarations, and the largest of them are more than TypeScript 7 is willing to compute.
 * Without comments it is what `test/architecture/public-api.test.ts` guards.
 */

import type { Declarations } from "./declarations.ts";
import { itemsOf } from "./items.ts";

/** The name of an entry point's files: `medical-x/browser` is `medical-x-browser`. */
export const fileName = ({ entry }: Declarations): string => entry.name.replace("/", "-");

/** The roll-up of an entry point. */
export function rollUp(declarations: Declarations, isCommented = false): string {
  const items = itemsOf(declarations, isCommented);
  const exported = items.filter(({ isExported }) => isExported);
  const mentioned = items.filter(({ isExported }) => !isExported).map(({ text }) => text);
  const parts = [
    `// What "${declarations.entry.name}" declares to those who import it. See scripts/api/roll-up.ts.`,
    ...exported.map(({ text }) => text.replaceAll(/^(?=declare|interface|type)/gm, "export ")),
    ...(mentioned.length > 0 ? ["// Mentioned above, and not exported by name:", ...mentioned] : []),
    "export {};",
  ];
  const text = `${parts.join("\n\n")}\n`;
  // Programs that are compiled for ES2022 or so need not name it themselves.
  const library = text.includes("Symbol.asyncDispose") ? '/// <reference lib="esnext.disposable" />\n' : "";
  return `${library}${text}`;
}
