/**
 * A server of the demo model on a free port of loopback, in this process: as it was built, because its threads are.
 */

import { limitsFor, type ServerSettings } from "../../src/server/service/settings.ts";
import type { RunningServer } from "../../src/server/start.ts";

/** The server as it was built. */
export const builtServer = (): Promise<typeof import("../../src/server/start.ts")> =>
  import(new URL("../../dist/server/start.js", import.meta.url).href);

/** Those of the command without options, but on a free port. */
export const SETTINGS: ServerSettings = {
  host: "127.0.0.1",
  port: 0,
  basePath: "/",
  corsOrigins: [],
  allowedHosts: [],
  token: undefined,
  pageCompute: "browser",
  browserOnly: false,
  force: false,
  limits: limitsFor(),
};

/** Start a server. */
export async function serveDemo(
  settings: Partial<ServerSettings> = {},
  model = "demo",
): Promise<RunningServer> {
  const { startServer } = await builtServer();
  return startServer({
    model,
    session: { device: "cpu" },
    settings: { ...SETTINGS, ...settings },
    log: { write: () => true },
  });
}
