/**
 * The options of `medical-x pacs watch`.
 *
 * Knows: the command line. `pacs-watch-run.ts` runs the command.
 */

import { type Command, Option } from "commander";
import { nameList, numberBetween, requiredPath } from "./options.ts";
import { addArchiveOptions, addReaderOptions } from "./pacs-options.ts";
import type { WatchFlags } from "./pacs-watch-run.ts";

/** A day: a study that takes longer is not one study any more. */
const LONGEST_QUIET_S = 86_400;

/** `--state`: the folder in which a watcher or a listener keeps what it knows. */
export const stateOption = (): Option =>
  requiredPath(
    "--state <folder>",
    "folder that keeps what is done; it holds patient data while work is under way",
  );

/** `--quiet`: how long a study must have been quiet. */
export const quietOption = (
  description = "read a study once nothing new has come of it for so long",
): Option =>
  new Option("--quiet <seconds>", description).argParser(numberBetween(0, LONGEST_QUIET_S)).default(10);

/** `--reprocess`: what another model did. */
export const reprocessOption = (): Option =>
  new Option(
    "--reprocess",
    "also read again what another model, version or choice of options has read; the new reports name the old ones",
  ).default(false);

/** Add the command to its group. */
export function addPacsWatch(pacs: Command, finish: (code: number) => void): void {
  const watch = pacs
    .command("watch")
    .description("read each new X-ray of an archive once, and store the results in its study")
    .addOption(
      new Option("--orthanc <url>", "address of an Orthanc, without a user or a password").conflicts(
        "dicomweb",
      ),
    )
    .option("--dicomweb <root>", "address of another archive's DICOMweb, without a user or a password")
    .addOption(stateOption())
    .addOption(
      new Option(
        "--match <keyword=value,…>",
        "what to read: modalities, and attributes of studies such as StudyDate=20261127-",
      )
        .argParser(nameList)
        .default([], "Modality=CR,DX"),
    )
    .addOption(quietOption())
    .option("--once", "do what there is to do now, and end", false)
    .addOption(reprocessOption())
    .option("--retry", "put back the images that were set aside", false)
    .option("--moved", "the archive has another address than before; go on with its state folder", false);
  addArchiveOptions(addReaderOptions(watch)).action(async (flags: WatchFlags) => {
    const { runPacsWatch } = await import("./pacs-watch-run.ts");
    finish(await runPacsWatch(flags));
  });
}
