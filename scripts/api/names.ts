/** Names of the package's own types, one for each, and which of them are still to be declared. */

import type ts from "typescript-5";
import { type Declarations, ownDeclarations, target } from "./declarations.ts";

export class Names {
  readonly #checker: ts.TypeChecker;
  readonly #names = new Map<ts.Symbol, string>();
  readonly #taken = new Set<string>();
  readonly #waiting: ts.Symbol[] = [];

  constructor({ checker, exports }: Declarations) {
    this.#checker = checker;
    for (const [name, symbol] of exports) this.#give(symbol, name);
  }

  #give(symbol: ts.Symbol, name: string): string {
    this.#taken.add(name);
    this.#names.set(symbol, name);
    this.#waiting.push(symbol);
    return name;
  }

  /** What an identifier refers to, if that is the package's own: the name under which it is declared. */
  of(identifier: ts.Node): string | undefined {
    const found = this.#checker.getSymbolAtLocation(identifier);
    return found === undefined ? undefined : this.ofSymbol(target(this.#checker, found));
  }

  /** The name of one of the package's own types; two types of one name are told apart by a number. */
  ofSymbol(symbol: ts.Symbol): string | undefined {
    if (ownDeclarations(symbol).length === 0) return undefined;
    const known = this.#names.get(symbol);
    if (known !== undefined) return known;
    let name = symbol.name;
    for (let i = 2; this.#taken.has(name); i++) name = `${symbol.name}_${i}`;
    return this.#give(symbol, name);
  }

  /** The next one that was named and not yet declared. */
  next(): { readonly symbol: ts.Symbol; readonly name: string } | undefined {
    const symbol = this.#waiting.shift();
    return symbol && { symbol, name: this.#names.get(symbol)! };
  }
}
