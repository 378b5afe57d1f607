/**
 * Opens everything that a server needs, listens, and shuts it all down again.
 *
 * Knows: the order of things. Not the command line.
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Writable } from "node:stream";
import { defaultModel } from "../app/models/locate-model.ts";
import { loadFile, readModelFile } from "../app/models/open-model.ts";
import { XrayError } from "../errors.ts";
import type { SessionOptions } from "../graph/session.ts";
import { systemCode } from "../node/files.ts";
import { openInference } from "./inference/open-inference.ts";
import { openSite } from "./open-site.ts";
import { createServer } from "./server.ts";
import { HeldBytes } from "./service/held-bytes.ts";
import { Metrics } from "./service/metrics.ts";
import type { Service } from "./service/service.ts";
import { isLoopback, type ServerSettings } from "./service/settings.ts";

/** What to serve. */
export interface ServerRequest {
  /** A file or a name; `defaultModel()` by default. */
  readonly model?: string | undefined;
  readonly session: SessionOptions;
  readonly settings: ServerSettings;
  /** Where the log goes. */
  readonly log: Pick<Writable, "write">;
}

/** A server that listens. */
export interface RunningServer {
  /** Where it is: `http://127.0.0.1:8080/`. */
  readonly url: string;
  readonly service: Service;
  /** Take no new work, answer what was taken, and end. */
  close(): Promise<void>;
}

function checkHost({ host, token }: ServerSettings): void {
  if (isLoopback(host) || token !== undefined) return;
  const message = `other machines can reach ${host}, so the server needs a token; name a file that holds one`;
  throw new XrayError("server/needs-token", message, { host });
}

function listenError({ host, port }: ServerSettings, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  const reason = code === "EADDRINUSE" ? "another program listens there" : `the system answered ${code}`;
  const message = `the server cannot listen at ${host}, port ${port}: ${reason}; choose another port`;
  return new XrayError("server/no-port", message, { host, port, system: code }, error);
}

async function openService({ model: name, session, settings }: ServerRequest): Promise<Service> {
  const file = await readModelFile(name ?? defaultModel());
  const model = loadFile(file);
  const metrics = new Metrics(model.name);
  const inference = settings.browserOnly
    ? undefined
    : await openInference(model, session, {
        capacity: settings.limits.queue,
        force: settings.force,
        observer: metrics,
      });
  metrics.watch({ queued: () => inference?.queued ?? 0, running: () => inference?.running ?? 0 });
  return {
    model,
    site: await openSite(file, settings.browserOnly ? "browser" : settings.pageCompute),
    inference,
    held: new HeldBytes(settings.limits.held),
    metrics,
    settings,
    startedAt: new Date(),
    isClosing: false,
  };
}

/** How often connections that have fallen idle are closed at the end. */
const SWEEP_MS = 50;

/**
 * Start a server.
 *
 * @throws  XrayError `server/needs-token`, `server/no-port`, `model/…`, `checkpoint/…`, `file/…`, `runtime/…`.
 */
export async function startServer(request: ServerRequest): Promise<RunningServer> {
  const { settings, log } = request;
  checkHost(settings);
  const service = await openService(request);
  const app = await createServer(service, log);
  const unanswered = new Set<IncomingMessage>();
  app.server.on("request", (asked: IncomingMessage, answer: ServerResponse) => {
    unanswered.add(asked);
    answer.once("close", () => unanswered.delete(asked));
  });
  const cutSending = () => {
    for (const { complete, socket } of unanswered) if (!complete) socket.destroy();
  };
  const close = async (): Promise<void> => {
    service.isClosing = true;
    // A connection may fall idle after Fastify has closed those that were, and would keep it waiting.
    const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
    const cut = setTimeout(cutSending, settings.limits.drainMs);
    try {
      await app.close();
      await service.inference?.close();
    } finally {
      clearInterval(sweep);
      clearTimeout(cut);
    }
  };
  try {
    await app.listen({ host: settings.host, port: settings.port });
  } catch (error) {
    await close();
    throw listenError(settings, error);
  }
  const { port } = app.server.address() as AddressInfo;
  const host = settings.host.includes(":") ? `[${settings.host}]` : settings.host;
  return { url: `http://${host}:${port}${settings.basePath}`, service, close };
}
