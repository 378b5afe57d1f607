/**
 * Who may ask: keeps web pages of other origins from using a server that only this machine should reach.
 *
 * A page can point a name of its own at 127.0.0.1 (DNS rebinding), so without a token only known names of this machine are
 * answered. A page can also send a form to any address, so requests that change or compute something are refused if a browser
 * sends them for another origin.
 *
 * Knows: headers. Reference: Fetch Metadata Request Headers, W3C.
 */

import type { FastifyInstance, FastifyRequest } from "fastify";
import { quote, XrayError } from "../../errors.ts";
import type { ServerSettings } from "../service/settings.ts";

/** A host without its port: `[::1]:8080` → `[::1]`. */
const nameOf = (host: string): string => host.replace(/:\d+$/, "").toLowerCase();

const bracketed = (host: string): string =>
  host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;

/** Throws XrayError `server/wrong-host`. */
function checkHost(request: FastifyRequest, { host, allowedHosts, token }: ServerSettings): void {
  if (token !== undefined) return;
  const known = ["localhost", "127.0.0.1", "[::1]", bracketed(host), ...allowedHosts];
  const asked = nameOf(request.headers.host ?? "");
  if (known.some((name) => name.toLowerCase() === asked)) return;
  const message = `this server does not answer for the host ${quote(asked)}; use the address that it printed`;
  throw new XrayError("server/wrong-host", message, { host: asked });
}

const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];

/** Whether a browser sends this request for a page of another origin. */
function isForeign({ headers }: FastifyRequest, allowed: readonly string[]): boolean {
  const { origin } = headers;
  if (origin !== undefined && allowed.includes(origin)) return false;
  const site = headers["sec-fetch-site"];
  // Browsers set it themselves, and it holds behind a reverse proxy that changes the host.
  if (site !== undefined) return site !== "same-origin" && site !== "none";
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== headers.host;
}

/** Throws XrayError `server/forbidden-origin`. */
function checkOrigin(request: FastifyRequest, { corsOrigins }: ServerSettings): void {
  if (SAFE_METHODS.includes(request.method) || !isForeign(request, corsOrigins)) return;
  const { origin = "another origin" } = request.headers;
  const message = `pages of ${quote(origin)} may not use this server; allow this origin when the server is started`;
  throw new XrayError("server/forbidden-origin", message, {});
}

/** Refuse requests that name a foreign host or come from a foreign page. */
export function addOriginChecks(app: FastifyInstance, settings: ServerSettings): void {
  app.addHook("onRequest", async (request) => {
    checkHost(request, settings);
    checkOrigin(request, settings);
  });
}
