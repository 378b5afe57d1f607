/**
 * `medical-x pacs …`: commands that read images from an archive and put results into it.
 *
 * Knows: the group. Each command has its own file.
 */

import type { Command } from "commander";
import { addPacsListen } from "./pacs-listen.ts";
import { addPacsStatus } from "./pacs-status.ts";
import { addPacsStudy } from "./pacs-study.ts";
import { addPacsWatch } from "./pacs-watch.ts";

/** Add the commands to the program. */
export function addPacs(program: Command, finish: (code: number) => void): void {
  const pacs = program
    .command("pacs")
    .description("predict findings in an archive's X-rays and store the results there as DICOM objects");
  addPacsStudy(pacs, finish);
  addPacsWatch(pacs, finish);
  addPacsStatus(pacs, finish);
  addPacsListen(pacs, finish);
}
