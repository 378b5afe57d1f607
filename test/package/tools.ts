/** Compilers and runtimes, as they are started in the project. */

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript-5";
import { ROOT } from "../architecture/source.ts";

/** A name that Deno does not look for: it has options of its own. */
const CONFIG = "tsconfig.check.json";

/** The strict options of a project, but for what a test sets. */
const STRICT = { strict: true, skipLibCheck: false, target: "ES2022", noEmit: true };

export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** A program that did its work and had nothing to say. */
export const QUIET: Ran = { code: 0, output: "" };

/** All caches are in the project. */
export const environment = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  NO_COLOR: "1",
  DENO_NO_UPDATE_CHECK: "1",
  DENO_DIR: join(folder, ".deno"),
  MEDICAL_X_CACHE: join(folder, ".cache"),
});

export function start(folder: string, command: string, ...args: string[]): Ran {
  const env = environment(folder);
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: "utf8", env });
  return { code: status, output: `${stdout}${stderr}` };
}

export const deno = (folder: string, ...args: string[]): Ran =>
  start(folder, process.execPath, join(ROOT, "node_modules/deno/bin.cjs"), ...args);

/** Declarations of the standard library, parsed once for all programs. */
const libraries = new Map<string, ts.SourceFile | undefined>();

function host(options: ts.CompilerOptions): ts.CompilerHost {
  const made = ts.createCompilerHost(options);
  const { getSourceFile } = made;
  made.getSourceFile = (file, ...rest) => {
    if (!file.includes("typescript-5/lib/")) return getSourceFile(file, ...rest);
    if (!libraries.has(file)) libraries.set(file, getSourceFile(file, ...rest));
    return libraries.get(file);
  };
  return made;
}

/** As `tsc -p`, in this process. */
function typescript5(folder: string): Ran {
  const { config } = ts.readConfigFile(join(folder, CONFIG), ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const program = ts.createProgram(fileNames, options, host(options));
  const faults = ts.getPreEmitDiagnostics(program);
  if (options.noEmit !== true) program.emit();
  const output = ts.formatDiagnostics(faults, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => folder,
    getNewLine: () => "\n",
  });
  return { code: faults.length === 0 ? 0 : 1, output };
}

const typescript7 = (folder: string): Ran =>
  start(folder, process.execPath, join(ROOT, "node_modules/typescript/bin/tsc"), "-p", CONFIG);

export const COMPILERS = { "TypeScript 5.9": typescript5, "TypeScript 7": typescript7 } as const;
export type Compiler = keyof typeof COMPILERS;

/** Compile a part of the project. @returns What the compiler prints, which is nothing where all is well. */
export function compile(
  folder: string,
  compiler: Compiler,
  include: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Ran {
  const config = { compilerOptions: { ...STRICT, ...options }, include };
  writeFileSync(join(folder, CONFIG), JSON.stringify(config));
  return COMPILERS[compiler](folder);
}
