/** Compilers and runtimes, as they are started in the project. */

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../architecture/source.ts";

export const COMPILERS = { "TypeScript 5.9": "typescript-5", "TypeScript 7": "typescript" } as const;
export type Compiler = keyof typeof COMPILERS;

/** The strict options of a project, but for what a test sets. */
const STRICT = { strict: true, skipLibCheck: false, target: "ES2022", noEmit: true };

export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

export function start(folder: string, command: string, ...args: string[]): Ran {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", DENO_DIR: join(folder, ".deno") },
  });
  return { code: status, output: `${stdout}${stderr}` };
}

/** Compile a part of the project. @returns What the compiler prints, which is nothing where all is well. */
export function compile(
  folder: string,
  compiler: Compiler,
  include: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Ran {
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...STRICT, ...options }, include }),
  );
  return start(
    folder,
    process.execPath,
    join(ROOT, "node_modules", COMPILERS[compiler], "bin/tsc"),
    "-p",
    ".",
  );
}

export const deno = (folder: string, ...args: string[]): Ran =>
  start(folder, process.execPath, join(ROOT, "node_modules/deno/bin.cjs"), ...args);
