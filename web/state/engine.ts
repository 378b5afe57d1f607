/**
 * What the page asks of an engine.
 *
 * Knows: types only.
 */

import type { PageEngine } from "../engine/page-engine.ts";

/** The engine's calls; see `PageEngine`. */
export type Engine = Pick<PageEngine, "facts" | "sha256" | "read" | "look" | "finer" | "erase" | "release">;
