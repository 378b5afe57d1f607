/**
 * Code that the documentation shows: the examples of doc comments, and the blocks of TypeScript in Markdown.
 *
 * `test/package` compiles and runs them as somebody would who installed the package.
 */

import ts from "typescript-5";
import { type Declarations, ownDeclarations } from "./declarations.ts";
import { commentOf, headerOf } from "./doc-comment.ts";

/** A piece of code that is shown to readers. */
export interface Example {
  /** What it is of: `medical-x: loadModel`, `README.md: 2`. */
  readonly title: string;
  /** The entry point whose exports it shows, and which of them; none where it is of a page. */
  readonly entry?: string;
  readonly of?: string;
  readonly code: string;
}

/** The blocks of TypeScript in Markdown. */
export function blocksOf(markdown: string): string[] {
  return [...markdown.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1]!.trimEnd());
}

/** Methods of an interface or a class, which have examples of their own. */
function methodsOf(node: ts.Declaration): readonly ts.Node[] {
  if (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) return [...node.members];
  return [];
}

/** The examples of one entry point: of its own header, of each export, and of their methods. */
export function examplesOf({ entry, module, exports }: Declarations): Example[] {
  const header = blocksOf(headerOf(module).text).map((code) => ({
    title: entry.name,
    entry: entry.name,
    code,
  }));
  const named = [...exports].flatMap(([name, symbol]) =>
    ownDeclarations(symbol)
      .flatMap((node) => [node, ...methodsOf(node)])
      .flatMap((node) => commentOf(node).examples)
      .map((code) => ({ title: `${entry.name}: ${name}`, entry: entry.name, of: name, code })),
  );
  return [...header, ...named];
}
