/**
 * A server of the demo model on a free port of loopback, in this process.
 */

import { limitsFor, type ServerSettings } from "../../src/server/service/settings.ts";
import { type RunningServer, startServer } from "../../src/server/start.ts";

const SETTINGS: ServerSettings = {
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
export const serveDemo = (settings: Partial<ServerSettings> = {}, model = "demo"): Promise<RunningServer> =>
  startServer({
    model,
    session: { device: "cpu" },
    settings: { ...SETTINGS, ...settings },
    log: { write: () => true },
  });
