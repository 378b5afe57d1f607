/**
 * The options of `medical-x serve`.
 *
 * Knows: the command line. `serve-run.ts` runs the command.
 */

import { type Command, InvalidArgumentError, Option } from "commander";
import { MAX_IMAGE_BYTES } from "../engine/limits.ts";
import { DEFAULT_QUEUE } from "../server/service/settings.ts";
import {
  deviceOption,
  forceOption,
  modelOption,
  numberBetween,
  pathName,
  pathOption,
  threadsOption,
  verboseOption,
  wholeNumber,
} from "./options.ts";
import { type ExportFlags, writeExport } from "./serve-export.ts";
import { type ServeFlags, serve } from "./serve-run.ts";

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/** `64MB` → bytes. */
function byteCount(text: string): number {
  const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const bytes = Math.round(Number(digits) * (UNITS[unit.toLowerCase()] ?? Number.NaN));
  if (digits !== "" && bytes >= 1 && bytes <= MAX_IMAGE_BYTES) return bytes;
  throw new InvalidArgumentError("It must be a size such as 64MB, of at most 256MiB.");
}

/** `reader` → `/reader/`. */
function basePath(text: string): string {
  const path = `/${text}/`.replaceAll(/\/+/g, "/");
  if (/^\/(?:[\w.~-]+\/)*$/.test(path) && !/\/\.{1,2}\//.test(path)) return path;
  throw new InvalidArgumentError("It must be a path such as /reader, of letters, digits and -._~.");
}

/** Collect origins. */
function collectOrigins(text: string, before: readonly string[]): readonly string[] {
  const origin = URL.canParse(text) ? new URL(text).origin : "null";
  if (/^https?:/.test(origin) && text.replace(/\/$/, "") === origin) return [...before, origin];
  throw new InvalidArgumentError("It must be an origin such as https://example.org, without a path.");
}

const collectHosts = (text: string, before: readonly string[]): readonly string[] => [
  ...before,
  pathName(text),
];

/** Add the command to the program. */
export function addServe(program: Command, finish: (code: number) => void): void {
  program
    .command("serve")
    .description("serve a page that reads X-rays in the browser, and an HTTP API")
    .addOption(modelOption())
    .option(
      "--host <address>",
      "address to listen at; others than loopback need a token",
      pathName,
      "127.0.0.1",
    )
    .option("--port <n>", "port to listen at; 0 for a free one", numberBetween(0, 65_535, "integer"), 8080)
    .option("--base-path <path>", "path below which everything is served", basePath, "/")
    .option(
      "--cors-origin <origin>",
      "origin whose pages may use the API; may be repeated",
      collectOrigins,
      [],
    )
    .option(
      "--allow-host <name>",
      "name by which a reverse proxy calls the server; may be repeated",
      collectHosts,
      [],
    )
    .addOption(pathOption("--token-file <file>", "file with the token that every request must carry"))
    .option("--queue <n>", "number of images that may wait", wholeNumber(100_000), DEFAULT_QUEUE)
    .addOption(
      new Option("--max-upload <size>", "most bytes of one request's images")
        .argParser(byteCount)
        .default(64_000_000, "64MB"),
    )
    .addOption(
      new Option("--page-compute <where>", "where the page computes; `both` lets its user choose the server")
        .choices(["browser", "both"])
        .default("browser"),
    )
    .addOption(
      pathOption("--export <folder>", "write the page as a static site into a folder, and serve nothing"),
    )
    .option("--browser-only", "serve the page alone, without predictions on the server", false)
    .addOption(forceOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(verboseOption())
    .action(async ({ export: folder, ...flags }: ServeFlags & ExportFlags) =>
      finish(await (folder === undefined ? serve(flags) : writeExport(folder, flags))),
    );
}
