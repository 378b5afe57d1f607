/** The pages of docs/api, by the names of their files. */

import { readDeclarations } from "./declarations.ts";
import { withoutFigures } from "./figures.ts";
import { type Places, pageOf } from "./page.ts";
import { fileName } from "./roll-up.ts";

export function apiPages(): Map<string, string> {
  const places: Places = new Map();
  const pages = readDeclarations().map((declarations) => {
    const page = `${fileName(declarations)}.md`;
    return [page, withoutFigures(pageOf(declarations, page, places))] as const;
  });
  return new Map(pages);
}
