/**
 * Example images that come with the page.
 *
 * Knows: where they are.
 */

import { XrayError } from "../../src/errors.ts";
import type { DroppedFile } from "../state/item.ts";
import type { PageExample } from "../storage/page-facts.ts";

/** Fetch an example as if it had been dropped. Throws XrayError `file/not-accessible`. */
export async function fetchExample({ file, name }: PageExample): Promise<DroppedFile> {
  const response = await fetch(`./${file}`).catch(() => undefined);
  if (response?.ok !== true) {
    const message = `the example "${name}" could not be fetched; try again when the server can be reached`;
    throw new XrayError("file/not-accessible", message, { file, status: response?.status });
  }
  return { name: file.split("/").at(-1)!, file: await response.blob() };
}
