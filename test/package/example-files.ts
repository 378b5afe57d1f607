/**
 * The examples of the documentation as modules of a project: those of doc comments, which are compiled and run, and those
 * of README.md and docs/, which are compiled.
 */

import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readDeclarations } from "../../scripts/api/declarations.ts";
import { blocksOf, type Example, examplesOf } from "../../scripts/api/examples.ts";
import { ROOT } from "../architecture/source.ts";

/** An example, and where it stands in the project, without its ending. */
export interface ExampleFile extends Example {
  readonly path: string;
}

/** What pages of prose take for granted in their examples. */
const AMBIENT = `declare const scores: number[];
declare const otherScores: number[];
declare const truths: number[];
declare const patients: string[];
declare const file: File;
`;

const slug = (title: string): string => title.replaceAll(/\W+/g, "-");

/** What a comment behind a statement says that it comes to: \`auroc([0.9, 0.1], [1, 0]); // 1\`. */
const SHOWN =
  /^(?!\s*(?:const|let|for|if|await using|import|export)\b)(\s*)(\S.*); \/\/ ([-\d[{"]\S*.*|null|true|false)$/;

/** Whether text is a value as it is written in code. */
function isValue(text: string): boolean {
  try {
    new Function(`"use strict"; return (${text});`)();
    return true;
  } catch {
    return false;
  }
}

/** The example with each value that it shows compared with what comes out. */
function checked(code: string): string {
  const lines = code.split("\n").map((line) => {
    const [, indent, statement, value] = SHOWN.exec(line) ?? [];
    return value !== undefined && isValue(value) ? `${indent}shown(${statement}, ${value});` : line;
  });
  return `${lines.join("\n")}\nexport {};\n`;
}

/** Examples of doc comments use what stands beside them without importing it. */
function imports({ entry, code }: Example, exported: readonly string[]): string {
  if (code.includes(`from "${entry}"`)) return "";
  const used = exported.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  return `import { ${used.join(", ")} } from "${entry}";\n`;
}

/** Every example of a doc comment, by entry point. */
export function documentedExamples(): ExampleFile[] {
  return readDeclarations().flatMap((declarations) =>
    examplesOf(declarations).map((example, i) => ({
      ...example,
      code: `${imports(example, [...declarations.exports.keys()])}${example.code}`,
      path: join("examples", slug(example.entry!), `${String(i).padStart(3, "0")}-${slug(example.title)}`),
    })),
  );
}

/** Every block of TypeScript in README.md and docs/. */
function pageExamples(): ExampleFile[] {
  const pages = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
  return ["README.md", ...pages.map((name) => join("docs", name))].flatMap((page) =>
    blocksOf(readFileSync(join(ROOT, page), "utf8")).map((code, i) => {
      const title = `${page}: ${i + 1}`;
      return { title, code, path: join("pages", slug(title)) };
    }),
  );
}

/** Write all of them into a project, and what runs them. */
export function writeExamples(folder: string): void {
  for (const part of ["medical-x", "medical-x-browser", "medical-x-evaluation"])
    mkdirSync(join(folder, "examples", part), { recursive: true });
  mkdirSync(join(folder, "pages"));
  writeFileSync(
    join(folder, "examples", "shown.d.ts"),
    "declare function shown(value: unknown, expected: unknown): void;\n",
  );
  writeFileSync(join(folder, "pages", "ambient.d.ts"), AMBIENT);
  for (const { path, code } of documentedExamples()) writeFileSync(join(folder, `${path}.ts`), checked(code));
  for (const { path, code } of pageExamples())
    writeFileSync(join(folder, `${path}.ts`), `${code}\nexport {};\n`);
  copyFileSync(join(import.meta.dirname, "run-examples.mjs"), join(folder, "run-examples.mjs"));
}
