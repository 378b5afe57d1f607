/**
 * `medical-x data …`: what is in a data folder.
 *
 * Knows: the group. Each command has a file of its own.
 */

import type { Command } from "commander";
import { addDataSummary } from "./data-summary.ts";

/** Add the commands to the program. */
export function addData(program: Command): void {
  const data = program.command("data").description("data folders");
  addDataSummary(data);
}
