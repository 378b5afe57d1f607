/**
 * Writes the page as a static site, whole or not at all.
 *
 * Pipeline:   site → **files, configurations of hosts, README, list** → folder
 * Knows:      which files belong to a site. Not how a server answers.
 */

import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { XrayError } from "../../errors.ts";
import { noticesOf } from "../../models/notice.ts";
import type { Site } from "../site/site.ts";
import { hostFiles } from "./host-files.ts";
import { NewFolder, type WrittenFile } from "./new-folder.ts";
import { checkOwnFolder, type FileList, LIST_NAME } from "./own-folder.ts";
import { readmeText } from "./readme.ts";

export interface ExportOptions {
  /** Ends the copying and rejects with the signal's reason; nothing is left behind. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each piece that was copied, in bytes. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What was written. */
export interface Exported {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const jsonOf = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The files that are made here rather than copied, by path. */
function madeFiles({ page, files }: Site, largest: number): Readonly<Record<string, string>> {
  return {
    "page.json": jsonOf(page),
    ...hostFiles(files),
    "README.txt": readmeText(page, largest, noticesOf(page.model.card ?? {}).join(" ")),
  };
}

/** The model is what `page.json` says, even if its file changed in the meantime. */
function checkModel({ page }: Site, { path, sha256 }: WrittenFile, source: string): void {
  if (!path.startsWith("model/") || sha256 === page.model.sha256) return;
  throw new XrayError(
    "export/model-changed",
    `${source}: the model's file changed while it was being copied; export again`,
    { file: source },
  );
}

async function writeSite(
  site: Site,
  folder: NewFolder,
  { signal, onProgress }: ExportOptions,
): Promise<readonly WrittenFile[]> {
  const sizes = await Promise.all(site.files.map(async ({ source }) => (await stat(source)).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let done = 0;
  const onBytes = (bytes: number) => {
    signal?.throwIfAborted();
    done += bytes;
    onProgress?.(done, total);
  };
  const written: WrittenFile[] = [];
  for (const { path, source } of site.files) {
    const file = await folder.copy(path, source, onBytes);
    checkModel(site, file, source);
    written.push(file);
  }
  for (const [path, text] of Object.entries(madeFiles(site, Math.max(...sizes))))
    written.push(await folder.write(path, [bytesOf(text)]));
  const { version } = site.page;
  const list: FileList = { schema: "medical-x/site@1", version, files: written };
  return [...written, await folder.write(LIST_NAME, [bytesOf(jsonOf(list))])];
}

/**
 * Write a site into a new or an empty folder, or in place of an earlier export. The folder gets its name when it is
 * complete; until then, and after a failure, what was there before stays.
 *
 * @throws  XrayError `export/folder-taken`, `export/model-changed`, `file/…`; the reason of an aborted signal.
 */
export async function exportSite(site: Site, folder: string, options: ExportOptions = {}): Promise<Exported> {
  await checkOwnFolder(folder);
  const target = await NewFolder.create(folder);
  try {
    const written = await writeSite(site, target, options);
    options.signal?.throwIfAborted();
    await checkOwnFolder(folder);
    await target.commit();
    const bytes = written.reduce((sum, file) => sum + file.bytes, 0);
    return { folder: resolve(folder), files: written.length, bytes };
  } finally {
    await target.discard();
  }
}
