/**
 * Exports the page with a model.
 *
 * Knows: the order of things. Not the command line.
 */

import { defaultModel } from "../app/models/locate-model.ts";
import { loadFile, readModelFile } from "../app/models/open-model.ts";
import { type Exported, type ExportOptions, exportSite } from "./export/export-site.ts";
import { checkOwnFolder } from "./export/own-folder.ts";
import { openSite } from "./open-site.ts";

/**
 * Write the page as a static site.
 *
 * @param folder  A new or an empty folder, or an earlier export, which is replaced.
 * @param model   A file or a name; `defaultModel()` by default. It must be a model that the page can run.
 * @throws        XrayError `export/…`, `model/…`, `checkpoint/…`, `card/…`, `file/…`; the reason of an aborted signal.
 */
export async function exportPage(
  folder: string,
  model: string | undefined,
  options: ExportOptions,
): Promise<Exported> {
  await checkOwnFolder(folder);
  const file = await readModelFile(model ?? defaultModel());
  loadFile(file);
  return exportSite(await openSite(file, "browser"), folder, options);
}
