/**
 * Notebooks as files: their cells, and what these put out.
 *
 * Knows: Jupyter's format (nbformat 4). Not what is in them.
 */

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Where `scripts/run-notebooks.mjs` puts executed notebooks. */
export const BUILD = join(ROOT, "build", "notebooks");

type Lines = string | readonly string[];

/** What a cell put out. */
interface Output {
  readonly output_type: "stream" | "display_data" | "execute_result" | "error";
  readonly name?: "stdout" | "stderr";
  readonly text?: Lines;
  readonly data?: Readonly<Record<string, Lines>>;
}

interface Cell {
  readonly cell_type: "code" | "markdown";
  readonly source: Lines;
  readonly execution_count?: number | null;
  readonly outputs?: readonly Output[];
}

export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: { readonly kernelspec: { readonly name: string } };
}

export const textOf = (lines: Lines): string => (typeof lines === "string" ? lines : lines.join(""));

export const readNotebook = (file: string): Notebook => JSON.parse(readFileSync(file, "utf8")) as Notebook;

/** The cells with code. */
export const codeOf = ({ cells }: Notebook): Cell[] => cells.filter(({ cell_type }) => cell_type === "code");

/** What a cell put out, in order: streams by their names, everything else by its media types. */
export const kindsOf = ({ outputs = [] }: Cell): string[] =>
  outputs.flatMap(({ name, data }) => (data === undefined ? [name ?? "error"] : Object.keys(data)));

const outputsOf = (notebook: Notebook): Output[] => codeOf(notebook).flatMap(({ outputs }) => outputs ?? []);

/** Everything of one kind that is shown, such as `image/svg+xml`, in order. */
export const shown = (notebook: Notebook, kind: string): string[] =>
  outputsOf(notebook).flatMap(({ data }) => (data?.[kind] === undefined ? [] : [textOf(data[kind])]));

/** What was printed, to stdout or to stderr. */
export const printed = (notebook: Notebook, stream: "stdout" | "stderr"): string =>
  outputsOf(notebook)
    .map(({ name, text }) => (name === stream && text !== undefined ? textOf(text) : ""))
    .join("");

/** The body of an HTML table: the texts of its cells, row by row. */
export const rowsOf = (html: string): string[][] =>
  [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) =>
    [...row!.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/gs)].map(([, cell]) => cell!.replaceAll(/<[^>]*>/g, "")),
  );

/** Execute notebooks as `npm run test:notebooks` does; without arguments, all of `examples/`. */
export const executeNotebooks = (...files: string[]) =>
  promisify(execFile)(process.execPath, [join(ROOT, "scripts", "run-notebooks.mjs"), ...files]);
