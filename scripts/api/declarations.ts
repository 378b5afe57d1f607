/**
 * The package's declarations as a consumer's compiler reads them: dist/**.d.ts, through TypeScript 5.
 *
 * TypeScript 7 compiles this project, but its package offers no stable interface to the compiler; TypeScript 5.9 does, and
 * reads the same declarations.
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript-5";

/** The project's folder; `dist` beside a build of this script, or beside its source. */
export const ROOT = fileURLToPath(
  new URL(import.meta.url.includes("/build/") ? "../../../" : "../../", import.meta.url),
);

/** What can be imported, and the file that declares it. */
export const ENTRIES = [
  { name: "medical-x", file: "index.d.ts" },
  { name: "medical-x/browser", file: "browser.d.ts" },
  { name: "medical-x/evaluation", file: "evaluation/index.d.ts" },
] as const;

export type Entry = (typeof ENTRIES)[number];

/** One entry point's exports, and the checker that knows all about them. */
export interface Declarations {
  readonly entry: Entry;
  readonly checker: ts.TypeChecker;
  readonly module: ts.SourceFile;
  /** By name, in the order of the alphabet; of re-exports, what they stand for. */
  readonly exports: ReadonlyMap<string, ts.Symbol>;
}

const DIST = join(ROOT, "dist");

/** The declarations of a symbol that are the package's own. */
export function ownDeclarations(symbol: ts.Symbol): readonly ts.Declaration[] {
  return (symbol.declarations ?? []).filter(
    (node) => node.getSourceFile().fileName.startsWith(DIST) && !ts.isTypeParameterDeclaration(node),
  );
}

/** What a name stands for where it was imported or exported again. */
export function target(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** The options of a strict consumer; with what Node and a browser declare, for there are doors to both. */
export const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.esnext.disposable.d.ts"],
  types: ["node"],
  typeRoots: [join(ROOT, "node_modules/@types")],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  noEmit: true,
};

/** Files that several programs read, such as the standard library's declarations, are parsed once. */
function sharedHost(): ts.CompilerHost {
  const host = ts.createCompilerHost(OPTIONS);
  const parsed = new Map<string, ts.SourceFile | undefined>();
  return {
    ...host,
    getSourceFile(file, ...rest) {
      if (!parsed.has(file)) parsed.set(file, host.getSourceFile(file, ...rest));
      return parsed.get(file);
    },
  };
}

export const HOST = sharedHost();

/** Read the declarations of all entry points. They must have been built. */
export function readDeclarations(): Declarations[] {
  const files = ENTRIES.map(({ file }) => join(DIST, file));
  const program = ts.createProgram(files, OPTIONS, HOST);
  const checker = program.getTypeChecker();
  return ENTRIES.map((entry, i) => {
    const module = program.getSourceFile(files[i]!);
    if (module === undefined) throw new Error(`dist/${entry.file} is missing: run npm run build`);
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(module)!);
    const named = exported.map((symbol) => [symbol.name, target(checker, symbol)] as const);
    return { entry, checker, module, exports: new Map(named.sort(([a], [b]) => (a < b ? -1 : 1))) };
  });
}
