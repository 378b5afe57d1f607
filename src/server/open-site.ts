/**
 * The page with a model's file.
 *
 * Knows: models' files. Not how the page is sent or copied.
 */

import { resolve } from "node:path";
import type { ModelFile } from "../app/models/open-model.ts";
import { sha256Of } from "../models/published.ts";
import type { PageCompute } from "../results/page.ts";
import { type Site, siteOf } from "./site/site.ts";

/**
 * Put the page together.
 *
 * @param compute  Where the page may compute.
 * @throws         XrayError `file/not-found` if the installation is incomplete.
 */
export async function openSite(
  { name, path, bytes, card = {} }: ModelFile,
  compute: PageCompute,
): Promise<Site> {
  const sha256 = await sha256Of(bytes);
  return siteOf({ name, path: resolve(path), sha256, bytes: bytes.length, card }, compute);
}
