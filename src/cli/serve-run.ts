/**
 * One run of `medical-x serve`: until a signal ends it.
 *
 * Knows: stdout, stderr and signals. The server is in `server/`.
 */

import { XrayError } from "../errors.ts";
import { readWhole } from "../node/files.ts";
import type { PageCompute } from "../results/page.ts";
import { limitsFor } from "../server/service/settings.ts";
import { startServer } from "../server/start.ts";
import { printResult } from "./console.ts";
import { onFirstSignal } from "./interrupt.ts";

/** What the command line says. */
export interface ServeFlags {
  readonly model?: string;
  readonly host: string;
  readonly port: number;
  readonly basePath: string;
  readonly corsOrigin: readonly string[];
  readonly allowHost: readonly string[];
  readonly tokenFile?: string;
  readonly queue: number;
  readonly maxUpload: number;
  readonly pageCompute: PageCompute;
  readonly browserOnly: boolean;
  readonly force: boolean;
  readonly device: string;
  readonly threads?: number;
  readonly verbose?: boolean;
}

const MAX_TOKEN_BYTES = 4096;

/** The token in a file. Throws XrayError `server/bad-token`, `file/…`. */
async function readToken(file: string): Promise<string> {
  const token = new TextDecoder().decode(await readWhole(file, MAX_TOKEN_BYTES)).trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  const message = `${file}: this is no token; write one line of printable characters without spaces into it`;
  throw new XrayError("server/bad-token", message, { file });
}

/** Run the command. Returns the exit code, 0, after a signal and when all that was taken has been answered. */
export async function serve(flags: ServeFlags): Promise<number> {
  const { model, tokenFile, device, threads } = flags;
  // Before anything is opened, so that a signal that comes early is not lost.
  const signal = new Promise<void>((resolve) => onFirstSignal(resolve));
  const server = await startServer({
    model,
    session: { device, ...(threads === undefined ? {} : { threads }) },
    settings: {
      host: flags.host,
      port: flags.port,
      basePath: flags.basePath,
      corsOrigins: flags.corsOrigin,
      allowedHosts: flags.allowHost,
      token: tokenFile === undefined ? undefined : await readToken(tokenFile),
      pageCompute: flags.pageCompute,
      browserOnly: flags.browserOnly,
      force: flags.force,
      limits: limitsFor({ queue: flags.queue, upload: flags.maxUpload }),
    },
    log: process.stderr,
  });
  await printResult(`Medical-X is at ${server.url}\n`);
  await signal;
  await server.close();
  return 0;
}
