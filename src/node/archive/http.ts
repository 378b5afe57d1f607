/**
 * Asks an archive over HTTP: one origin, with our credentials and certificates, and with limits on time and size.
 *
 * Credentials go to the address that was given and nowhere else: a redirect to another origin is not followed. Proxies are
 * those of HTTP_PROXY, HTTPS_PROXY and NO_PROXY, but none for this machine itself.
 *
 * Knows:      HTTP, by undici. Not DICOM. Messages name the archive's address and nothing of a path or an answer.
 * Reference:  RFC 9110.
 */

import { Readable } from "node:stream";
import { Agent, type Dispatcher, EnvHttpProxyAgent, request as send } from "undici";
import { XrayError } from "../../errors.ts";
import { VERSION } from "../../version.ts";
import { type ArchiveAddress, archiveAddress, isLoopback } from "./address.ts";
import { headerOf, readBounded, TimeLimit } from "./bounded.ts";
import { type Authorization, authorizationFor, type CredentialOptions } from "./credentials.ts";
import { type Asked, codeOf, connectionFailure, lasting, noInterface, statusFailure } from "./failures.ts";
import { readTls, type TlsFiles } from "./tls.ts";

const MOST_REDIRECTS = 5;
/** As undici says it of a part of an answer. */
const TOO_LONG = Object.assign(new Error("too long"), { code: "UND_ERR_HEADERS_TIMEOUT" });
/** Connections that are open at once. */
const CONNECTIONS = 8;
/** What is read of an answer that is an error, so that its connection can be used again. It is not shown. */
const ERROR_BYTES = 64 * 1024;
/**
 * An archive says for how long it keeps a connection that nothing is asked by, Orthanc one second. Ours is given up this many
 * milliseconds earlier; undici's own margin of two seconds would mean a new connection for each request.
 */
const KEPT_MARGIN = 300;
/** A connection that was cut off before an answer came. */
const CUT_OFF = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);

/** How long to wait, in milliseconds. */
export interface Patience {
  readonly connect: number;
  /** For the beginning of an answer; archives store before they answer. */
  readonly answer: number;
  /** For the next byte of an answer. */
  readonly silence: number;
  /** For all of it. */
  readonly whole: number;
}

const PATIENCE: Patience = { connect: 10_000, answer: 120_000, silence: 30_000, whole: 600_000 };

/** How an archive is reached. */
export interface ArchiveOptions extends TlsFiles, CredentialOptions {
  readonly patience?: Partial<Patience>;
}

/** A request. */
export interface ArchiveRequest {
  readonly method?: "GET" | "POST";
  /** Below the archive's root; without a slash at its beginning. */
  readonly path: string;
  /** What it asks for, for messages: "its list of studies". */
  readonly what: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Pieces that are sent one after the other. */
  readonly body?: readonly Uint8Array[];
  /** Of the answer, in bytes. */
  readonly limit: number;
  /** Statuses that are no failure, beside those from 200 to 299. */
  readonly accepted?: readonly number[];
  /** Whether each archive of this kind has it, so that an answer of 404 is about the address. */
  readonly isInterface?: boolean;
  readonly signal: AbortSignal;
}

/** An answer, whole. */
export interface ArchiveAnswer {
  readonly status: number;
  /** A header's value; empty if there is none. */
  readonly header: (name: string) => string;
  readonly bytes: Uint8Array;
  /** What was asked for, for messages about the answer. */
  readonly asked: Asked;
}

async function dispatcherFor(
  { root }: ArchiveAddress,
  { connect, answer, silence }: Patience,
  tls: TlsFiles & CredentialOptions,
): Promise<Dispatcher> {
  const material = await readTls(tls, tls.env);
  const options = {
    connections: CONNECTIONS,
    keepAliveTimeoutThreshold: KEPT_MARGIN,
    headersTimeout: answer,
    bodyTimeout: silence,
    connect: { ...material, timeout: connect },
    requestTls: { ...material, timeout: connect },
  };
  return isLoopback(root) ? new Agent(options) : new EnvHttpProxyAgent(options);
}

/**
 * Send a request, and once more if the connection was cut off before an answer came: the archive may have closed a kept
 * connection at that very moment. Nothing that is asked of an archive here does harm if it comes twice.
 */
async function sendAgain(
  url: URL,
  options: () => NonNullable<Parameters<typeof send<null>>[1]>,
): Promise<Dispatcher.ResponseData> {
  try {
    return await send(url, options());
  } catch (error) {
    if (!CUT_OFF.has(codeOf(error))) throw error;
    return await send(url, options());
  }
}

/** An archive's HTTP interface. The caller must close it. */
export class ArchiveHttp {
  /** The archive's address as it is shown in messages. */
  readonly shown: string;
  readonly #root: URL;
  readonly #authorization: Authorization;
  readonly #dispatcher: Dispatcher;
  readonly #patience: Patience;

  private constructor(
    { root, shown }: ArchiveAddress,
    authorization: Authorization,
    dispatcher: Dispatcher,
    patience: Patience,
  ) {
    this.shown = shown;
    this.#root = root;
    this.#authorization = authorization;
    this.#dispatcher = dispatcher;
    this.#patience = patience;
  }

  /**
   * Read what is needed to ask an archive. Nothing is asked yet.
   *
   * @param address  As a user gave it.
   * @throws         XrayError `pacs/bad-address`, `pacs/bad-credentials`, `pacs/plain-password`, `pacs/bad-certificate`,
   *                 `file/…`.
   */
  static async open(address: string, options: ArchiveOptions = {}): Promise<ArchiveHttp> {
    const known = archiveAddress(address);
    const patience = { ...PATIENCE, ...options.patience };
    const authorization = authorizationFor(known, options);
    await authorization();
    return new ArchiveHttp(known, authorization, await dispatcherFor(known, patience, options), patience);
  }

  /**
   * Ask, and read the whole answer.
   *
   * @throws  XrayError `pacs/no-connection`, `pacs/tls`, `pacs/redirected`, `pacs/too-large`, `pacs/interrupted`; by status
   *          `pacs/unauthorised`, `pacs/forbidden`, `pacs/busy`, `pacs/server-error`, `pacs/not-found`, `pacs/no-interface`,
   *          `pacs/refused`; those of credentials.
   */
  async ask(request: ArchiveRequest): Promise<ArchiveAnswer> {
    const asked = { archive: this.shown, what: request.what };
    const limited = new TimeLimit(request.signal, this.#patience.whole);
    const { signal } = limited;
    try {
      const response = await this.#send(request, asked, signal);
      const { statusCode: status } = response;
      const isGood = (status >= 200 && status < 300) || request.accepted?.includes(status) === true;
      if (!isGood) {
        await response.body.dump({ limit: ERROR_BYTES, signal }).catch(() => undefined);
        if (status === 404 && request.isInterface === true) throw noInterface(asked);
        throw statusFailure(asked, status, headerOf(response)("retry-after"));
      }
      const bytes = await readBounded(response, request.limit, asked);
      return { status, header: headerOf(response), bytes, asked };
    } catch (error) {
      if (error instanceof XrayError) throw error;
      if (request.signal.aborted)
        throw new XrayError("pacs/interrupted", `${this.shown}: ${request.what}: interrupted`, {
          archive: this.shown,
        });
      throw connectionFailure(this.shown, limited.isOver ? TOO_LONG : error);
    } finally {
      limited.end();
    }
  }

  /** Close all connections. */
  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  async #send(
    { method = "GET", path, query = {}, headers = {}, body }: ArchiveRequest,
    asked: Asked,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const authorization = await this.#authorization();
    const length = body?.reduce((sum, { length }) => sum + length, 0);
    let url = new URL(path, this.#root);
    for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value);
    for (let redirects = 0; ; redirects++) {
      const response = await sendAgain(url, () => ({
        method,
        headers: {
          ...headers,
          "accept-encoding": "identity",
          "user-agent": `medical-x/${VERSION}`,
          ...(authorization === undefined ? {} : { authorization }),
          ...(length === undefined ? {} : { "content-length": String(length) }),
        },
        ...(body === undefined ? {} : { body: body.length === 1 ? body[0]! : Readable.from(body) }),
        dispatcher: this.#dispatcher,
        signal,
      }));
      const { statusCode } = response;
      if (statusCode < 300 || statusCode >= 400 || statusCode === 304) return response;
      await response.body.dump({ limit: ERROR_BYTES, signal }).catch(() => undefined);
      url = this.#redirected(url, response, asked, method === "GET" && redirects < MOST_REDIRECTS);
    }
  }

  /** The address of the same origin that an answer names instead. */
  #redirected(from: URL, response: Dispatcher.ResponseData, asked: Asked, mayFollow: boolean): URL {
    const location = headerOf(response)("location");
    const to = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
    if (mayFollow && to?.origin === from.origin) return to;
    const where =
      to === undefined || to.origin === from.origin ? "another address" : `another server (${to.origin})`;
    throw lasting(
      "pacs/redirected",
      asked,
      `the archive names ${where} instead (${response.statusCode}), which was not asked, since credentials are for this one; if it is the archive's own, give that address`,
      { status: response.statusCode },
    );
  }
}
