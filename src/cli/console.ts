/**
 * What reaches the terminal: results on stdout, everything else on stderr.
 *
 * Knows: streams. Not what is written.
 */

import { XrayError } from "../errors.ts";
import { fileError } from "../node/files.ts";
import { messageWithHint } from "./hints.ts";

/** Write a result. Resolves when the stream can take more; a reader that went away ends the program quietly. */
export async function printResult(text: string): Promise<void> {
  if (process.stdout.write(text)) return;
  await new Promise<void>((resolve) => process.stdout.once("drain", resolve));
}

/** Write a line for people. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** `medical-x: message (hint)`, with the stack where `verbose`. */
export function sayError(error: unknown, verbose: boolean): void {
  const isKnown = error instanceof XrayError && error.code !== "internal/unexpected";
  const message = error instanceof Error ? error.message : String(error);
  say(`medical-x: ${isKnown ? messageWithHint(error) : `unexpected error: ${message}`}`);
  if (verbose && error instanceof Error) say(error.stack ?? "");
}

/**
 * End where stdout takes nothing more: quietly where a reader such as `head` closed the pipe, which is no error; else with
 * one line, as of a full disk.
 */
export function endWhereStdoutEnds(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
    sayError(fileError("standard output", error), false);
    process.exit(1);
  });
}
