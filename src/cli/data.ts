/**
 * `medical-x data …`: commands for data folders.
 *
 * Knows: the group. Each command has its own file.
 */

import type { Command } from "commander";
import { addDataImage } from "./data-image.ts";
import { addDataPhantom } from "./data-phantom.ts";
import { addDataSummary } from "./data-summary.ts";

/** Add the commands to the program. */
export function addData(program: Command): void {
  const data = program
    .command("data")
    .description("summarise data folders, draw synthetic ones, and save X-rays as PNG");
  addDataSummary(data);
  addDataPhantom(data);
  addDataImage(data);
}
