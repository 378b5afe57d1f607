/**
 * `medical-x pacs status`: what a watcher or a listener has done. The only command that shows UIDs.
 *
 * Knows: the command line and stdout.
 */

import type { Command } from "commander";
import { formatOption, verboseOption } from "./options.ts";
import { stateOption } from "./pacs-watch.ts";

interface StatusFlags {
  readonly state: string;
  readonly all: boolean;
  readonly format: "text" | "json";
}

async function runPacsStatus({ state, all, format }: StatusFlags): Promise<number> {
  const { pacsStatus } = await import("../app/pacs/state/status.ts");
  const { pacsStatusText } = await import("../report/pacs/status-text.ts");
  const { printResult } = await import("./console.ts");
  const status = pacsStatus(state, all);
  await printResult(format === "json" ? `${JSON.stringify(status, null, 2)}\n` : pacsStatusText(status));
  return 0;
}

/** Add the command to its group. */
export function addPacsStatus(pacs: Command, finish: (code: number) => void): void {
  pacs
    .command("status")
    .description("show what a watcher or a listener has done, is waiting for and has set aside, with UIDs")
    .addOption(stateOption())
    .option("--all", "list all studies, not only the last ones that are done", false)
    .addOption(formatOption())
    .addOption(verboseOption())
    .action(async (flags: StatusFlags) => finish(await runPacsStatus(flags)));
}
