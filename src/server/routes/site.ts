/**
 * The page and everything that it fetches.
 *
 * Knows: the site's list of files, each of which has a route of its own, so that no other file can be asked for.
 */

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
import { stampOf } from "../site/stamp.ts";
import { typeOf } from "../site/types.ts";

const HIDDEN = { hide: true };
const FOREVER = "public, max-age=31536000, immutable";

/** Whether the bytes leave this machine for a browser that reads Brotli. */
function wantsCompressed({ headers, socket }: FastifyRequest): boolean {
  const address = (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  return !isLoopback(address) && /(?:^|[,\s])br(?:$|[,;\s])/.test(String(headers["accept-encoding"] ?? ""));
}

async function sendCompressed(
  { source }: SiteFile,
  compressed: Compressed,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const etag = `W/"${stampOf(source)}-br"`;
  reply.header("ETag", etag);
  if (String(request.headers["if-none-match"] ?? "").includes(etag)) return reply.code(304).send();
  reply.header("Content-Encoding", "br");
  return reply.send(await compressed.of(source));
}

/** A handler that sends a file. */
function sender(file: SiteFile, compressed: Compressed) {
  const { path, source, keeping, policy } = file;
  const options = { cacheControl: false, contentType: false, dotfiles: "allow" } as const;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    reply.headers({
      "content-security-policy": policy,
      "cache-control": keeping === "forever" ? FOREVER : "no-cache",
      "content-type": typeOf(path),
    });
    if (isCompressible(path)) {
      const vary = String(reply.getHeader("vary") ?? "");
      reply.header("vary", vary === "" ? "Accept-Encoding" : `${vary}, Accept-Encoding`);
      if (wantsCompressed(request)) return sendCompressed(file, compressed, request, reply);
    }
    return reply.sendFile(basename(source), dirname(source), options);
  };
}

/** The model's file, as long as it is what its URL says. */
function addModel(app: FastifyInstance, file: SiteFile, compressed: Compressed): void {
  const stamp = stampOf(file.source);
  const send = sender(file, compressed);
  // A pattern, so that the file's name is neither in the log nor in the metrics.
  app.get("/model/:sha256/:name", { schema: HIDDEN }, async (request, reply) => {
    const { sha256, name } = request.params as { readonly sha256: string; readonly name: string };
    if (`model/${sha256}/${name}` !== file.path) return reply.callNotFound();
    if (stampOf(file.source) === stamp) return send(request, reply);
    const message = "the model's file has changed since the server was started; start the server again";
    throw new XrayError("server/model-changed", message, {});
  });
}

/** The page at the base path, its files below it, and `GET api/examples`. */
export function siteRoutes({ site, settings }: Service) {
  return async (app: FastifyInstance): Promise<void> => {
    await app.register(fastifyStatic, { serve: false });
    const compressed = new Compressed();
    for (const file of site.files) {
      if (file.path.startsWith("model/")) addModel(app, file, compressed);
      else app.get(`/${urlOf(file.path)}`, { schema: HIDDEN }, sender(file, compressed));
      if (file.path === "index.html")
        app.get("/", { schema: HIDDEN, prefixTrailingSlash: "slash" }, sender(file, compressed));
    }
    // The page's URLs are relative, so it must be asked for with the slash.
    if (settings.basePath !== "/") {
      const options = { schema: HIDDEN, prefixTrailingSlash: "no-slash" } as const;
      app.get("/", options, async (_, reply) => reply.redirect(settings.basePath, 308));
    }
    app.get("/page.json", { schema: HIDDEN }, async (_, reply) => {
      reply.header("cache-control", "no-cache");
      return site.page;
    });
    const response = { 200: jsonSchemaOf(PAGE_EXAMPLES) };
    const summary = "The example images; `file` is relative to the page";
    app.get("/api/examples", { schema: { summary, response } }, async () => site.page.examples);
  };
}
