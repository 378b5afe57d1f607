/**
 * How a server is set up.
 *
 * Knows: plain values. Not the command line.
 */

import type { PageCompute } from "../../results/page.ts";

/** Bounds that keep one client from holding up the others. Times are in milliseconds. */
export interface Limits {
  /** Images that may wait. */
  readonly queue: number;
  /** Bytes of one image, and of all images of one request. */
  readonly upload: number;
  /** Bytes of all requests together that are in memory and have not been answered. */
  readonly held: number;
  /** Open connections. */
  readonly connections: number;
  /** Until a request's header is there. */
  readonly headerMs: number;
  /** Until a request's body is there. */
  readonly bodyMs: number;
  /** Without a byte of a body. */
  readonly stallMs: number;
  /** From the last byte of a request until it is answered. */
  readonly answerMs: number;
  /** From the signal to end until connections that still send are cut. */
  readonly drainMs: number;
}

/** Bytes of an upload unless another bound is set. */
export const DEFAULT_UPLOAD = 64_000_000;

/** Images that may wait unless another bound is set. */
export const DEFAULT_QUEUE = 64;

/** The limits of a server for uploads of this many bytes. */
export const limitsFor = ({ queue = DEFAULT_QUEUE, upload = DEFAULT_UPLOAD } = {}): Limits => ({
  queue,
  upload,
  held: Math.max(4 * upload, 256_000_000),
  connections: 2048,
  headerMs: 15_000,
  bodyMs: 120_000,
  stallMs: 15_000,
  answerMs: 60_000,
  drainMs: 25_000,
});

/** How a server is set up. */
export interface ServerSettings {
  /** A name or an address of this machine. */
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  /** The path below which everything is served. Begins and ends with a slash. */
  readonly basePath: string;
  /** Origins whose pages may use the API, such as `https://example.org`. */
  readonly corsOrigins: readonly string[];
  /** Names by which a reverse proxy calls this server, beside those of this machine. */
  readonly allowedHosts: readonly string[];
  /** What `Authorization: Bearer …` must carry; undefined if nothing is asked for. */
  readonly token: string | undefined;
  readonly pageCompute: PageCompute;
  /** Whether the server only serves the page and computes nothing. */
  readonly browserOnly: boolean;
  /** Whether to predict images that a check refuses. */
  readonly force: boolean;
  readonly limits: Limits;
}

/** Addresses that only this machine reaches. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);
