/**
 * The page and everything that it fetches.
 *
 * Knows: the site's list of files, each of which has a route of its own, so that no other file can be asked for.
 */

import { statSync } from "node:fs";
import { basename, dirname } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { XrayError } from "../../errors.ts";
import { PAGE_EXAMPLES } from "../../results/page.ts";
import { jsonSchemaOf } from "../../schema/json-schema.ts";
import type { Service } from "../service/service.ts";
import { isLoopback } from "../service/settings.ts";
import { Compressed, isCompressible } from "../site/compressed.ts";
import { urlOf } from "../site/site.ts";
import type { SiteFile } from "../site/site-files.ts";

const YEAR_MS = 365 * 24 * 3600 * 1000;

/** What the file system said of a file when the server started. */
type Stamp = string;

function stampOf(source: string): Stamp {
  const found = statSync(source, { throwIfNoEntry: false });
  return found === undefined ? "" : `${found.size.toString(16)}-${Math.trunc(found.mtimeMs).toString(16)}`;
}

/** A file under a URL that names its content must still have this content. */
function checkUnchanged({ source }: SiteFile, stamp: Stamp): void {
  if (stampOf(source) === stamp) return;
  const message = "the model's file has changed since the server was started; start the server again";
  throw new XrayError("server/model-changed", message, { file: source });
}

/** Whether the bytes leave this machine for a browser that reads Brotli. */
function wantsCompressed({ headers, socket }: FastifyRequest): boolean {
  const address = (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  return !isLoopback(address) && /(?:^|[,\s])br(?:$|[,;\s])/.test(String(headers["accept-encoding"] ?? ""));
}

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
};

async function sendCompressed(
  compressed: Compressed,
  { source }: SiteFile,
  stamp: Stamp,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const etag = `W/"${stamp}-br"`;
  reply.header("ETag", etag);
  if (String(request.headers["if-none-match"] ?? "").includes(etag)) return reply.code(304).send();
  reply.header("Content-Encoding", "br");
  reply.type(TYPES[source.split(".").at(-1)!]!);
  return reply.send(await compressed.of(source));
}

/** Add the route of one file. */
function addFile(app: FastifyInstance, compressed: Compressed, file: SiteFile): void {
  const { path, source, keeping, policy } = file;
  const stamp = stampOf(source);
  const forever = keeping === "forever";
  const options = { cacheControl: forever, maxAge: YEAR_MS, immutable: true, dotfiles: "allow" } as const;
  const send = async (request: FastifyRequest, reply: FastifyReply) => {
    if (path.startsWith("model/")) checkUnchanged(file, stamp);
    reply.header("Content-Security-Policy", policy);
    if (forever) reply.removeHeader("Cache-Control");
    else reply.header("Cache-Control", "no-cache");
    if (!isCompressible(path)) return reply.sendFile(basename(source), dirname(source), options);
    reply.header("Vary", "Accept-Encoding");
    if (!wantsCompressed(request)) return reply.sendFile(basename(source), dirname(source), options);
    if (forever) reply.header("Cache-Control", "public, max-age=31536000, immutable");
    return sendCompressed(compressed, file, stamp, request, reply);
  };
  app.get(`/${urlOf(path)}`, { schema: { hide: true } }, send);
  if (path === "index.html") app.get("/", { schema: { hide: true }, prefixTrailingSlash: "slash" }, send);
}

/** The page at the base path, its files below it, and `GET api/examples`. */
export function siteRoutes({ site, settings }: Service) {
  return async (app: FastifyInstance): Promise<void> => {
    await app.register(fastifyStatic, { serve: false });
    const compressed = new Compressed();
    for (const file of site.files) addFile(app, compressed, file);
    // The page's URLs are relative, so it must be asked for with the slash.
    if (settings.basePath !== "/") {
      const options = { schema: { hide: true }, prefixTrailingSlash: "no-slash" } as const;
      app.get("/", options, async (_, reply) => reply.redirect(settings.basePath, 308));
    }
    app.get("/page.json", { schema: { hide: true } }, async (_, reply) => {
      reply.header("Cache-Control", "no-cache");
      return site.page;
    });
    const response = { 200: jsonSchemaOf(PAGE_EXAMPLES) };
    const summary = "The example images; `file` is relative to the page";
    app.get("/api/examples", { schema: { summary, response } }, async () => site.page.examples);
  };
}
