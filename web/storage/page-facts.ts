/**
 * What the place that serves the page says about it: its model, its examples, and where images may be computed.
 *
 * Knows: the file `page.json` beside the page.
 */

import type { ModelCard } from "../../src/models/card.ts";

/** The model that comes with the page. */
export interface PageModel {
  readonly name: string;
  /** Relative to the page. */
  readonly file: string;
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
  /** What would be in `<file>.json` beside the model, if there is such a file. */
  readonly card?: ModelCard;
}

/** An example image. */
export interface PageExample {
  readonly name: string;
  /** Relative to the page. */
  readonly file: string;
  readonly note: string;
}

/** The content of `page.json`. */
export interface PageFacts {
  readonly schema: "medical-x/page@1";
  readonly version: string;
  readonly model: PageModel;
  readonly examples: readonly PageExample[];
  /** `both` if the user may also choose to have images computed on the server. */
  readonly compute: "browser" | "both";
}

/**
 * Fetch `page.json`. With the server out of reach, the service worker gives the last one that was fetched.
 *
 * @throws  XrayError `file/not-accessible`, `file/not-found`.
 */
export async function fetchPageFacts(): Promise<PageFacts> {
  throw new Error("not written yet");
}
