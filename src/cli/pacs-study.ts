/**
 * The options of `medical-x pacs study`.
 *
 * Knows: the command line. `pacs-study-run.ts` runs the command.
 */

import { type Command, Option } from "commander";
import { addArchiveOptions, addReaderOptions } from "./pacs-options.ts";
import type { StudyFlags } from "./pacs-study-run.ts";

/** Add the command to its group. */
export function addPacsStudy(pacs: Command, finish: (code: number) => void): void {
  const study = pacs
    .command("study")
    .description("read the X-rays of one study over DICOMweb, and store the results in it")
    // These are checked where the command runs: a message of commander's would repeat them.
    .addOption(
      new Option(
        "--dicomweb <root>",
        "address of the archive's DICOMweb, without a user or a password",
      ).makeOptionMandatory(),
    )
    .addOption(new Option("--study <uid>", "Study Instance UID").makeOptionMandatory())
    .option("--dry-run", "do everything but store the results", false);
  addArchiveOptions(addReaderOptions(study)).action(async (flags: StudyFlags) => {
    const { runPacsStudy } = await import("./pacs-study-run.ts");
    finish(await runPacsStudy(flags));
  });
}
