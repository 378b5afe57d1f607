/** An archive on this machine whose answers a test writes. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { XrayError } from "../../../src/errors.ts";
import { ArchiveHttp, type ArchiveOptions } from "../../../src/node/archive/http.ts";

/** A request as it came. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export type Answer = (response: ServerResponse, seen: Seen) => void;

export interface Answering {
  /** Without a slash at its end. */
  readonly url: string;
  readonly seen: Seen[];
}

/** Start one. It ends with the test. @param answer  Writes each answer; it may also destroy the connection. */
export async function answering(answer: Answer): Promise<Answering> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("error", () => undefined);
    request.on("end", () => {
      const url = new URL(request.url ?? "", "http://127.0.0.1");
      const one: Seen = {
        method: request.method ?? "",
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: request.headers,
        body: Buffer.concat(pieces),
      };
      seen.push(one);
      answer(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** An answer of JSON. */
export const json =
  (value: unknown, status = 200, type = "application/dicom+json"): Answer =>
  (response) =>
    response.writeHead(status, { "content-type": type }).end(JSON.stringify(value));

/** An answer without anything but a status. */
export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}, body = ""): Answer =>
  (response) =>
    response.writeHead(code, headers).end(body);

/** Without the machine's own credentials. */
export const NOBODY: ArchiveOptions = { env: {}, netrc: "/nonexistent/netrc" };

/** HTTP to an archive, closed with the test. */
export async function open(url: string, options: ArchiveOptions = {}): Promise<ArchiveHttp> {
  const http = await ArchiveHttp.open(url, { ...NOBODY, ...options });
  onTestFinished(() => http.close());
  return http;
}

/** The error that a promise ends with. */
export async function failureOf(work: Promise<unknown>): Promise<XrayError> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof XrayError) return outcome;
  throw new Error(`expected an XrayError, not ${String(outcome)}`);
}

/** A signal that never comes. */
export const never = new AbortController().signal;
