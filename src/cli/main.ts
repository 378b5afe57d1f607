#!/usr/bin/env node
/**
 * The `medical-x` command: finds the subcommand, and turns its outcome into an exit code.
 *
 * Exit codes: 0 done; 1 something failed (named on stderr); 2 wrong usage; 3 wrong plan of many images; 130 interrupted.
 * docs/formats.md lists them by command.
 */

import { Command, CommanderError } from "commander";
import { XrayError } from "../errors.ts";
import { VERSION } from "../version.ts";
import { endWhereStdoutEnds, sayError } from "./console.ts";

const FAILED = 1;
const USAGE_ERROR = 2;

/** The command groups, each loaded only when needed. Help needs all of them. */
const COMMANDS: Readonly<Record<string, (program: Command) => Promise<void>>> = {
  predict: async (program) =>
    (await import("./predict.ts")).addPredict(program, (code) => {
      process.exitCode = code;
    }),
  train: async (program) =>
    (await import("./train.ts")).addTrain(program, (code) => {
      process.exitCode = code;
    }),
  evaluate: async (program) =>
    (await import("./evaluate.ts")).addEvaluate(program, (code) => {
      process.exitCode = code;
    }),
  calibrate: async (program) =>
    (await import("./calibrate.ts")).addCalibrate(program, (code) => {
      process.exitCode = code;
    }),
  serve: async (program) =>
    (await import("./serve.ts")).addServe(program, (code) => {
      process.exitCode = code;
    }),
  models: async (program) =>
    (await import("./models.ts")).addModels(program, (code) => {
      process.exitCode = code;
    }),
  score: async (program) =>
    (await import("./score.ts")).addScore(program, (code) => {
      process.exitCode = code;
    }),
  merge: async (program) =>
    (await import("./score.ts")).addMerge(program, (code) => {
      process.exitCode = code;
    }),
  pacs: async (program) =>
    (await import("./pacs.ts")).addPacs(program, (code) => {
      process.exitCode = code;
    }),
  data: async (program) => (await import("./data.ts")).addData(program),
};

async function build(program: Command, name: string | undefined): Promise<void> {
  const wanted = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  for (const add of wanted === undefined ? Object.values(COMMANDS) : [wanted]) await add(program);
}

async function main(args: readonly string[]): Promise<void> {
  endWhereStdoutEnds();
  const program = new Command("medical-x")
    .description(
      "Find 14 thoracic findings in frontal chest X-rays and show where the model looked.\nFor research and education only; not for diagnosis.",
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
    process.exitCode = error instanceof XrayError && error.category === "usage" ? USAGE_ERROR : FAILED;
  }
}

await main(process.argv.slice(2));
