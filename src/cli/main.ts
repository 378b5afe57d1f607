#!/usr/bin/env node
/**
 * The `medical-x` command: finds the subcommand, and turns what happens into an exit code.
 *
 * Exit codes: 0 done; 1 something failed (named on stderr); 2 wrong usage; 130 interrupted.
 */

import { Command, CommanderError } from "commander";
import { endQuietlyOnClosedPipe, sayError } from "./console.ts";
import { VERSION } from "./version.ts";

const USAGE_ERROR = 2;

async function build(program: Command, name: string | undefined): Promise<void> {
  // Only the subcommand that is wanted is loaded; help needs all of them.
  const isHelp = name === undefined || !["predict", "models"].includes(name);
  if (isHelp || name === "predict") {
    const { addPredict } = await import("./predict.ts");
    addPredict(program, (code) => {
      process.exitCode = code;
    });
  }
  if (isHelp || name === "models") {
    const { addModels } = await import("./models.ts");
    addModels(program);
  }
}

async function main(args: readonly string[]): Promise<void> {
  endQuietlyOnClosedPipe();
  const program = new Command("medical-x")
    .description(
      "14 thoracic findings in frontal chest X-rays, and where the model looked.\nFor research and education only; not for diagnosis.",
    )
    .version(VERSION)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  await build(program, args[0]);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : USAGE_ERROR;
      return;
    }
    sayError(error, args.includes("--verbose"));
    process.exitCode = 1;
  }
}

await main(process.argv.slice(2));
