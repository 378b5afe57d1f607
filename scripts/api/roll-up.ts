/**
 * Everything public of one entry point in one text: what it exports, and every type of the package that is mentioned on
 * the way, exported or not. It is a module of declarations that compiles by itself.
 *
 * `test/architecture/public-api.test.ts` compares it with the committed one.
 */

import type { Declarations } from "./declarations.ts";
import { itemsOf } from "./items.ts";

/** The roll-up of an entry point. */
export function rollUp(declarations: Declarations): string {
  const items = itemsOf(declarations);
  const exported = items.filter(({ isExported }) => isExported);
  const mentioned = items.filter(({ isExported }) => !isExported).map(({ text }) => text);
  const parts = [
    `// What "${declarations.entry.name}" declares to those who import it. See scripts/api/roll-up.ts.`,
    ...exported.map(({ text }) => text.replaceAll(/^(?=declare|interface|type)/gm, "export ")),
    ...(mentioned.length > 0 ? ["// Mentioned above, and not exported by name:", ...mentioned] : []),
    "export {};",
  ];
  return `${parts.join("\n\n")}\n`;
}
