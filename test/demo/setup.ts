/** Draws the phantoms that no model of the package has seen, once for all files of the suite. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { drawPhantoms } from "./judge.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The folder in which they are. */
    readonly phantoms: string;
  }
}

/** Vitest calls this once; what comes back, at the end. */
export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "medical-x-unseen-"));
  drawPhantoms(folder);
  project.provide("phantoms", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
