/** `medical-x data summary`: what is in a data folder. */

import type { Command } from "commander";

/** Add the command to its group. */
export function addDataSummary(data: Command): void {
  data.command("summary");
}
