/** The source files and what each imports. */

import { readdirSync, readFileSync } from "node:fs";
import { join, posix, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface SourceFile {
  /** From `src/`, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** The text without comments. */
  readonly code: string;
  /** Specifiers as written: `../errors.ts`, `node:fs`, `sharp`. */
  readonly imports: readonly string[];
}

/** Comments become blanks; quotes inside comments would look like imports. Strings are left alone. */
export function withoutComments(text: string): string {
  const token = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replaceAll(token, (found) => (found.startsWith("/") ? found.replaceAll(/[^\n]/g, " ") : found));
}

/** Everything that a module refers to: import, export … from, import(), require(). A worker's URL is none. */
export function importsOf(code: string): string[] {
  const forms = [
    /\bfrom\s*"([\w@./:-]+)"/g,
    /\bimport\s*"([\w@./:-]+)"/g,
    /\b(?:import|require|resolve)\s*\(\s*"([\w@./:-]+)"/g,
  ];
  return forms.flatMap((form) => [...code.matchAll(form)].map((match) => match[1]!));
}

function read(path: string): SourceFile {
  const text = readFileSync(join(ROOT, "src", path), "utf8");
  const code = withoutComments(text);
  return { path, text, code, imports: importsOf(code) };
}

/** The `.ts` files below a folder of the project, sorted, with forward slashes. */
export function filesBelow(folder: string, ending = ".ts"): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((path) => path.split(sep).join("/"))
    .filter((path) => path.endsWith(ending))
    .sort();
}

export const SOURCES: readonly SourceFile[] = filesBelow("src").map(read);

/** The file of `src/` that a relative import means; undefined for packages. */
export function targetOf(file: SourceFile, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return posix.normalize(posix.join(posix.dirname(file.path), specifier)).replace(/\.js$/, ".ts");
}

/** The name of the package: `package/part` → `package`, `@scope/name/x` → `@scope/name`. */
export function packageOf(specifier: string): string {
  return /^(@[^/]+\/[^/]+|[^/]+)/.exec(specifier)?.[0] ?? specifier;
}

/** The room of a file: its first folder, or the file itself. */
export function roomOf(path: string): string {
  return path.split("/")[0]!;
}
