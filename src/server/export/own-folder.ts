/**
 * Whether a folder may be replaced by an export: it is new, empty, or an earlier export with nothing else in it.
 *
 * Knows: the list that an export leaves in its folder.
 */

import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { printable, XrayError } from "../../errors.ts";
import { fileError, systemCode } from "../../node/files.ts";
import { just, list, type Of, object, problemIn, text, whole } from "../../schema/schema.ts";

/** The list of an export's files. It does not contain itself. */
export const LIST_NAME = "files.json";

export const FILE_LIST = object({
  schema: just("medical-x/site@1"),
  version: text(),
  files: list(object({ path: text(), bytes: whole(0), sha256: text() })),
});

export type FileList = Of<typeof FILE_LIST>;

function taken(folder: string, other: string): XrayError {
  const message = `${folder}: it holds ${printable(other)}, which no export wrote; name a new or an empty folder`;
  return new XrayError("export/folder-taken", message, { folder, other });
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep).join("/"));
}

async function listedIn(folder: string): Promise<readonly string[]> {
  const value: unknown = await readFile(join(folder, LIST_NAME), "utf8")
    .then(JSON.parse)
    .catch(() => undefined);
  if (problemIn(FILE_LIST, value) !== undefined) return [];
  return [LIST_NAME, ...(value as FileList).files.map(({ path }) => path)];
}

/**
 * Check that an export may replace a folder.
 *
 * @returns  Whether the folder exists.
 * @throws   XrayError `export/folder-taken`, `file/not-regular`, `file/not-accessible`.
 */
export async function checkOwnFolder(folder: string): Promise<boolean> {
  try {
    const found = await lstat(folder);
    if (!found.isDirectory())
      throw new XrayError("file/not-regular", `${folder}: this is not a folder; name a new one`, {
        file: folder,
      });
    const listed = new Set(await listedIn(folder));
    const other = (await filesIn(folder)).find((path) => !listed.has(path));
    if (other !== undefined) throw taken(folder, other);
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw fileError(folder, error);
  }
}
