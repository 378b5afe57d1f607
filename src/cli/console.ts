/**
 * Writes to the terminal: results to stdout, everything else to stderr.
 *
 * Knows: streams. Not what is written.
 */

import { XrayError } from "../errors.ts";
import { fileError } from "../node/files.ts";
import { messageWithHint } from "./hints.ts";

/** Write a result. Resolves when the stream can take more. If the reader has gone away, the program ends quietly. */
export async function printResult(text: string): Promise<void> {
  if (process.stdout.write(text)) return;
  await new Promise<void>((resolve) => process.stdout.once("drain", resolve));
}

/** Write a line for people. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Report an error as `medical-x: message (hint)`, with its code and stack if `verbose`. */
export function sayError(error: unknown, verbose: boolean): void {
  const isKnown = error instanceof XrayError && error.code !== "internal/unexpected";
  const message = error instanceof Error ? error.message : String(error);
  say(`medical-x: ${isKnown ? messageWithHint(error) : `unexpected error: ${message}`}`);
  if (!verbose) return;
  if (error instanceof XrayError) say(`code: ${error.code} (${error.category})`);
  if (error instanceof Error) say(error.stack ?? "");
}

/**
 * End the program when stdout fails. If a reader such as `head` has closed the pipe, that is no error, and the program
 * ends quietly; otherwise, as with a full disk, it reports the error in one line.
 */
export function endWhereStdoutEnds(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
    sayError(fileError("standard output", error), false);
    process.exit(1);
  });
}
