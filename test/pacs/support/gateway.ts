/**
 * What stands before an archive in a hospital: TLS with a private authority, client certificates, bearer tokens, and faults.
 * Requests go on to the archive as they are.
 */

import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Certificates } from "./certificates.ts";

/**
 * What goes wrong with a request: an answer of the gateway's own, the connection cut before the request is passed on
 * (`cut`) or after the archive has done its work (`cut-after`), or a wait in milliseconds before it is passed on.
 */
export type Fault =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | { readonly wait: number }
  | "cut"
  | "cut-after"
  | undefined;

export interface GatewayOptions {
  /** HTTPS with these; HTTP without. */
  readonly tls?: Certificates;
  /** Clients must show a certificate of the same authority. */
  readonly needsClientCertificate?: boolean;
  /** The bearer token that requests must carry. It is not passed on. */
  readonly token?: string;
}

export class Gateway {
  /** Decides what goes wrong with a request; may be replaced at any time. */
  fault: (asked: string, headers: IncomingMessage["headers"]) => Fault = () => undefined;
  /** `GET /system` and so on, in the order in which they came. */
  readonly asked: string[] = [];
  readonly #archive: URL;
  readonly #options: GatewayOptions;
  readonly #server: Server;

  private constructor(archive: string, options: GatewayOptions) {
    this.#archive = new URL(archive);
    this.#options = options;
    const { tls, needsClientCertificate: needed = false } = options;
    const answer = (from: IncomingMessage, to: ServerResponse): void => void this.#answer(from, to);
    if (tls === undefined) this.#server = createServer(answer);
    else {
      const [cert, key, ca] = [tls.server, tls.serverKey, tls.ca].map((file) => readFileSync(file));
      this.#server = createSecureServer(
        { cert, key, ca, requestCert: needed, rejectUnauthorized: needed },
        answer,
      );
    }
  }

  /** @param archive  Such as `http://127.0.0.1:8042`. */
  static async start(archive: string, options: GatewayOptions = {}): Promise<Gateway> {
    const gateway = new Gateway(archive, options);
    await new Promise<void>((resolve) => gateway.#server.listen(0, "127.0.0.1", resolve));
    return gateway;
  }

  /** Without a slash at the end. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return this.#options.tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
  }

  /** The root of the DICOMweb services behind it. */
  get dicomWeb(): string {
    return `${this.url}/dicom-web`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const asked = `${from.method} ${from.url}`;
    this.asked.push(asked);
    const { token } = this.#options;
    if (token !== undefined && from.headers.authorization !== `Bearer ${token}`) {
      to.writeHead(401, { "www-authenticate": "Bearer" }).end();
      return;
    }
    const fault = this.fault(asked, from.headers);
    if (fault === "cut") {
      from.socket.destroy();
      return;
    }
    if (typeof fault === "object" && "status" in fault) {
      to.writeHead(fault.status, fault.headers).end(fault.body ?? "");
      return;
    }
    if (typeof fault === "object") await sleep(fault.wait);
    this.#passOn(from, to, fault === "cut-after");
  }

  #passOn(from: IncomingMessage, to: ServerResponse, isCut: boolean): void {
    const { hostname, port } = this.#archive;
    const headers = { ...from.headers };
    if (this.#options.token !== undefined) delete headers.authorization;
    const behind = request({ hostname, port, method: from.method, path: from.url, headers }, (answer) => {
      if (isCut) {
        answer.resume().once("end", () => from.socket.destroy());
        return;
      }
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
    });
    behind.once("error", () => (to.headersSent ? to.destroy() : to.writeHead(502).end()));
    to.once("close", () => behind.destroy());
    from.pipe(behind);
  }
}
