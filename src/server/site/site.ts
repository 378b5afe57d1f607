/**
 * The page with all that it fetches: what a server answers at its paths, and what an export writes.
 *
 * Pipeline:   package, model → **files by path, page.json** → server, export
 * Knows:      the files of the package and the model's file. Not how they are sent or copied.
 */

import { basename } from "node:path";
import type { ModelCard } from "../../models/card.ts";
import type { PageCompute, PageJson } from "../../results/page.ts";
import { VERSION } from "../../version.ts";
import { EXAMPLES } from "./examples.ts";
import { PAGE_POLICY } from "./headers.ts";
import { packagedFiles, type SiteFile } from "./site-files.ts";

/** The model that the page comes with. */
export interface SiteModel {
  /** Its name in results: the file's name, or `demo`. */
  readonly name: string;
  /** Its file on this machine. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** What a sidecar or the catalogue says about it. */
  readonly card: ModelCard;
}

export interface Site {
  readonly page: PageJson;
  /** Every file but `page.json`. */
  readonly files: readonly SiteFile[];
}

/** A path as a URL that stays relative: `model/12ab/my model.pth` → `model/12ab/my%20model.pth`. */
export const urlOf = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

/**
 * Put the site together.
 *
 * @throws  XrayError `file/not-found` if the installation is incomplete.
 */
export function siteOf(model: SiteModel, compute: PageCompute): Site {
  const { name, path, sha256, bytes, card } = model;
  const place = `model/${sha256}/${basename(path)}`;
  const file: SiteFile = { path: place, source: path, keeping: "forever", policy: PAGE_POLICY };
  return {
    files: [...packagedFiles(), file],
    page: {
      schema: "medical-x/page@1",
      version: VERSION,
      model: { name, file: urlOf(place), sha256, bytes, ...(Object.keys(card).length > 0 && { card }) },
      examples: EXAMPLES,
      compute,
    },
  };
}
