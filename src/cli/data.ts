/**
 * `medical-x data …`: folders of images and labels: what is in them, and drawn ones.
 *
 * Knows: the group. Each command has a file of its own.
 */

import type { Command } from "commander";
import { addDataPhantom } from "./data-phantom.ts";
import { addDataSummary } from "./data-summary.ts";

/** Add the commands to the program. */
export function addData(program: Command): void {
  const data = program.command("data").description("summarise data folders and draw synthetic ones");
  addDataSummary(data);
  addDataPhantom(data);
}
