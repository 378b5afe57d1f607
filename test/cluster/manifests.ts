/**
 * The manifests of deploy/kubernetes as objects, and what Kubernetes's published schema says of them.
 *
 * The schema is that of the npm package kubernetes-models: its validators check values, and its TypeScript declarations find
 * fields that do not exist, which the validators let pass.
 */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript-5";
import { parseAllDocuments } from "yaml";

export const DEPLOY = fileURLToPath(new URL("../../deploy/", import.meta.url));

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: unknown;
}

/** The names of the files with manifests. */
export const MANIFEST_FILES = readdirSync(`${DEPLOY}kubernetes`).filter((name) => name.endsWith(".yaml"));

/** The documents of one file. YAML that is wrong, also by giving a key twice, is an error. */
export function readManifests(name: string): readonly Manifest[] {
  return parseAllDocuments(readFileSync(`${DEPLOY}kubernetes/${name}`, "utf8")).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS() as Manifest;
  });
}

/** The place of a kind in kubernetes-models: "batch/v1/Job", "v1/Service". */
const moduleOf = ({ apiVersion, kind }: Manifest): string => `kubernetes-models/${apiVersion}/${kind}`;

/** What is wrong with a manifest's values; empty if nothing is. */
export async function wrongValues(manifest: Manifest): Promise<readonly string[]> {
  const { [manifest.kind]: Model } = (await import(moduleOf(manifest))) as Record<
    string,
    new (
      data: unknown,
    ) => { validate(): void }
  >;
  if (Model === undefined) return [`no schema for ${manifest.apiVersion} ${manifest.kind}`];
  try {
    new Model(manifest).validate();
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** What is wrong with manifests by the declarations: fields that do not exist, values of another type. */
export function wrongFields(manifests: readonly Manifest[]): readonly string[] {
  const name = fileURLToPath(new URL("manifests-as-code.ts", import.meta.url));
  const code = manifests
    .map(
      (manifest, i) =>
        `import type { I${manifest.kind} as Type${i} } from "${moduleOf(manifest)}";\n` +
        `export const manifest${i}: Type${i} = ${JSON.stringify(manifest, null, 1)};\n`,
    )
    .join("");
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (file, ...rest) =>
    file === name
      ? ts.createSourceFile(file, code, ts.ScriptTarget.ES2022)
      : getSourceFile.call(host, file, ...rest);
  const program = ts.createProgram([name], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
