/**
 * What the place that serves the page says about it: its model, its examples, and where images may be computed.
 *
 * Knows: the file `page.json` beside the page.
 */

import { XrayError } from "../../src/errors.ts";
import type { PageJson } from "../../src/results/page.ts";

/** The content of `page.json`. */
export type PageFacts = PageJson;

/** The model that comes with the page. Its `file` is relative to the page. */
export type PageModel = PageFacts["model"];

/** An example image. Its `file` is relative to the page. */
export type PageExample = PageFacts["examples"][number];

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
