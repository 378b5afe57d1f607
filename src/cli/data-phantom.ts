/** `medical-x data phantom`: a data folder of drawn chest X-rays. */

import type { Command } from "commander";

/** Add the command to its group. */
export function addDataPhantom(data: Command): void {
  data.command("phantom");
}
