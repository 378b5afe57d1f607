/** What a page of the documentation has an entry for: everything that an entry point exports, and the types that it mentions. */

import ts from "typescript-5";
import { type Declarations, ownDeclarations } from "./declarations.ts";
import { type Context, declare } from "./declare.ts";
import { commentOf, type DocComment } from "./doc-comment.ts";
import { Names } from "./names.ts";

export const KINDS = ["Functions", "Classes", "Constants", "Types"] as const;
export type Kind = (typeof KINDS)[number];

/** One export, or one type that is mentioned. */
export interface Item {
  readonly name: string;
  readonly symbol: ts.Symbol;
  readonly kind: Kind;
  readonly isExported: boolean;
  /** Its declaration as the roll-up has it. */
  readonly text: string;
  readonly comment: DocComment;
  /** Its members, where it is an interface or a class. */
  readonly members: readonly ts.Node[];
  readonly context: Context;
}

function kindOf(symbol: ts.Symbol, { checker }: Declarations): Kind {
  if (symbol.flags & ts.SymbolFlags.Function) return "Functions";
  if (symbol.flags & ts.SymbolFlags.Class) return "Classes";
  if ((symbol.flags & ts.SymbolFlags.Variable) === 0) return "Types";
  return checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0 ? "Functions" : "Constants";
}

const isShown = (member: ts.Node): boolean =>
  !ts.isPropertyDeclaration(member) || !ts.isPrivateIdentifier(member.name);

/** All items of an entry point, in the order of the alphabet. @param isCommented  Whether doc comments stay in their texts. */
export function itemsOf(declarations: Declarations, isCommented = false): Item[] {
  const context: Context = { declarations, names: new Names(declarations), isCommented };
  const items: Item[] = [];
  for (let next = context.names.next(); next !== undefined; next = context.names.next()) {
    const { symbol, name } = next;
    const [node] = ownDeclarations(symbol);
    const hasMembers = node !== undefined && (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node));
    items.push({
      name,
      symbol,
      kind: kindOf(symbol, declarations),
      isExported: declarations.exports.has(name),
      text: declare(symbol, name, context),
      comment: commentOf(node!),
      members: hasMembers ? [...node.members].filter(isShown) : [],
      context,
    });
  }
  return items.sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
}
