/** A web server on this machine that misbehaves as told: one answer per request, with the last one repeated. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** One version of the file that is served. */
export interface Version {
  readonly body: Uint8Array;
  readonly etag?: string;
  readonly lastModified?: string;
}

/** A request, as the server saw it. */
export interface Seen {
  readonly path: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  status: number;
  /** Bytes of the body that were handed to the connection. */
  sent: number;
}

export type Answer = (response: ServerResponse, seen: Seen, server: FileServer) => void;

export interface FileServer {
  readonly url: string;
  readonly port: number;
  readonly seen: Seen[];
  /** End the connection of an answer that was cut. */
  cut(): void;
  onCut(cut: () => void): void;
}

/** Serve until the test is over. */
export async function serve(...answers: readonly Answer[]): Promise<FileServer> {
  const seen: Seen[] = [];
  let cut = (): void => undefined;
  const http = createServer((request: IncomingMessage, response) => {
    const { range, "if-range": ifRange } = request.headers;
    const entry: Seen = { path: request.url ?? "", range, ifRange: ifRange?.toString(), status: 0, sent: 0 };
    seen.push(entry);
    answers[Math.min(seen.length, answers.length) - 1]!(response, entry, server);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  const server: FileServer = {
    url: `http://127.0.0.1:${port}/model.pt`,
    port,
    seen,
    cut: () => cut(),
    onCut: (how) => {
      cut = how;
    },
  };
  onTestFinished(async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });
  return server;
}

/** A body that is no web page, pointer or archive; another seed is another file. */
export function madeBody(size: number, seed = 1): Uint8Array {
  const body = new Uint8Array(size);
  let state = seed;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    body[i] = state >>> 24;
  }
  body.set([0x93, 0x4d]);
  return body;
}

function head({ etag, lastModified }: Version): Record<string, string> {
  return {
    ...(etag === undefined ? {} : { ETag: etag }),
    ...(lastModified === undefined ? {} : { "Last-Modified": lastModified }),
  };
}

export interface Manners {
  /** Answer 206 even though If-Range names another version. */
  readonly ignoresIfRange?: boolean;
  readonly ignoresRange?: boolean;
  /** End the connection after so many bytes of the body, when the test says `cut()`. */
  readonly cutAfter?: number;
  /** Overrides of headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The file, or the part that was requested, according to RFC 9110 unless told otherwise. */
export function file(version: Version, manners: Manners = {}): Answer {
  const { body } = version;
  return (response, seen, server) => {
    const { ifRange, range } = seen;
    const isCurrent =
      ifRange === undefined ||
      ifRange === version.etag ||
      ifRange === version.lastModified ||
      manners.ignoresIfRange;
    const from =
      isCurrent && !manners.ignoresRange ? Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0) : 0;
    if (from >= body.length) {
      seen.status = 416;
      response.writeHead(416, { "Content-Range": `bytes */${body.length}` }).end();
      return;
    }
    seen.status = from > 0 ? 206 : 200;
    const rest = body.subarray(from);
    response.writeHead(seen.status, {
      ...head(version),
      "Content-Length": String(rest.length),
      ...(from > 0 ? { "Content-Range": `bytes ${from}-${body.length - 1}/${body.length}` } : {}),
      ...manners.headers,
    });
    const piece = rest.subarray(0, manners.cutAfter);
    seen.sent = piece.length;
    server.onCut(() => response.socket?.end());
    response.write(piece, () => {
      if (manners.cutAfter === undefined) response.end();
    });
  };
}

/** A status and a short body. */
export function status(code: number, body = "", headers: Readonly<Record<string, string>> = {}): Answer {
  return (response, seen) => {
    seen.status = code;
    response.writeHead(code, headers).end(body);
  };
}

/** Send the rest of this file's answer in a hand-made form. */
export function raw(text: string, body: Uint8Array = new Uint8Array()): Answer {
  return (response, seen) => {
    seen.sent = body.length;
    response.socket?.end(Buffer.concat([Buffer.from(text), body]));
  };
}

/** Nothing at all, or the beginning of the file and then nothing. */
export function stall(version?: Version, sent = 0): Answer {
  return (response, seen) => {
    if (version === undefined) return;
    seen.status = 200;
    seen.sent = sent;
    response.writeHead(200, { ...head(version), "Content-Length": String(version.body.length) });
    response.write(version.body.subarray(0, sent));
  };
}
