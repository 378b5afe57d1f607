/**
 * What the place that serves the page says about it: its model, its examples, and where images may be computed.
 *
 * Knows: the file `page.json` beside the page.
 */

import { XrayError } from "../../src/errors.ts";
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

/** A failure to fetch a file of the page. */
const notAccessible = (file: string, why: string, cause?: unknown): XrayError =>
  new XrayError("file/not-accessible", `${file}: ${why}`, { file }, cause);

/**
 * Fetch `page.json`. With the server out of reach, the service worker gives the last one that was fetched.
 *
 * @throws  XrayError `file/not-accessible`.
 */
export async function fetchPageFacts(): Promise<PageFacts> {
  const file = "page.json";
  const hint = "check the connection, and load the page again";
  let response: Response;
  try {
    response = await fetch(new URL(file, document.baseURI), { cache: "no-cache" });
  } catch (error) {
    throw notAccessible(file, `it cannot be fetched; ${hint}`, error);
  }
  if (!response.ok) throw notAccessible(file, `the server answered ${response.status}; ${hint}`);
  const facts = (await response.json().catch(() => undefined)) as PageFacts | undefined;
  if (facts?.schema === "medical-x/page@1") return facts;
  throw notAccessible(
    file,
    "it is none of this version of the page; load the page again, or tell whoever runs it",
  );
}
