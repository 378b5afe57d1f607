/**
 * A project that somebody started with `npm install medical-x`: the packed tarball in an empty folder, with what its
 * examples speak of: X-rays, a checkpoint and a data set, drawn and written by the installed command.
 */

import { rmSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { writeExamples } from "./example-files.ts";
import { install } from "./install.ts";
import { prepareFiles } from "./prepare-files.ts";

declare module "vitest" {
  export interface ProvidedContext {
    readonly folder: string;
  }
}

/** Vitest calls this once; what comes back, at the end. */
export async function setup(project: TestProject): Promise<() => void> {
  const folder = install();
  await prepareFiles(folder);
  writeExamples(folder);
  project.provide("folder", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
