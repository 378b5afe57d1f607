/**
 * The options of `medical-x pacs listen`.
 *
 * Knows: the command line. `pacs-listen-run.ts` runs the command.
 */

import { type Command, InvalidArgumentError, Option } from "commander";
import type { Entity } from "../app/pacs/listen/listen.ts";
import { isAeTitle } from "../node/dimse/ae-title.ts";
import { numberBetween, pathName } from "./options.ts";
import type { ListenFlags } from "./pacs-listen-run.ts";
import { addReaderOptions, addTlsOptions } from "./pacs-options.ts";
import { quietOption, reprocessOption, stateOption } from "./pacs-watch.ts";

const MOST_PORT = 65_535;

/** An AE title. */
function aeTitle(text: string): string {
  if (isAeTitle(text)) return text;
  throw new InvalidArgumentError("An AE title has 1 to 16 characters of ASCII, none of them a backslash.");
}

const collectTitles = (text: string, before: readonly string[]): readonly string[] => [
  ...before,
  aeTitle(text),
];

/** `ARCHIVE@10.0.0.7:104`, `ARCHIVE@[::1]:104`. */
function destination(text: string): Entity {
  const [, aet = "", inBrackets, plain, digits] =
    /^(.+)@(?:\[([^\]]+)\]|([^:@\s]+)):(\d{1,5})$/.exec(text) ?? [];
  const [host, port] = [inBrackets ?? plain, Number(digits)];
  if (host === undefined || !(port >= 1 && port <= MOST_PORT))
    throw new InvalidArgumentError("It must be like ARCHIVE@10.0.0.7:104: an AE title, a host and a port.");
  return { aet: aeTitle(aet), host, port };
}

/** Add the command to its group. */
export function addPacsListen(pacs: Command, finish: (code: number) => void): void {
  const listen = pacs
    .command("listen")
    .description("read each X-ray that is sent here by C-STORE once, and send the results on by C-STORE")
    .option("--aet <title>", "AE title to be called by", aeTitle, "MEDICALX")
    .option(
      "--port <n>",
      "port to listen at; 0 for a free one",
      numberBetween(0, MOST_PORT, "integer"),
      11_112,
    )
    .option(
      "--host <address>",
      "address to listen at; others than loopback need --allow-aet",
      pathName,
      "127.0.0.1",
    )
    .addOption(
      new Option("--allow-aet <title...>", "AE titles that may send")
        .argParser(collectTitles)
        .default([], "any, on loopback"),
    )
    .addOption(
      new Option("--send-to <AET@host:port>", "where results are sent")
        .argParser(destination)
        .makeOptionMandatory(),
    )
    .addOption(stateOption())
    .addOption(quietOption("say that a study is done once nothing new has come of it for so long"))
    .addOption(reprocessOption())
    .option("--retry", "put back the images that were set aside", false)
    .addOption(
      new Option(
        "--tls <sides>",
        "use TLS to `receive`, to `send`, or for `both`; with --ca, senders must show a certificate, too",
      )
        .choices(["none", "receive", "send", "both"])
        .default("none"),
    );
  addTlsOptions(addReaderOptions(listen)).action(async (flags: ListenFlags) => {
    const { runPacsListen } = await import("./pacs-listen-run.ts");
    finish(await runPacsListen(flags));
  });
}
