/** A server of images that is often busy or cuts an answer off, and an S3-compatible one that checks signatures. */

import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The secret key that requests must be signed with. */
export const S3 = {
  id: "AKIDEXAMPLE",
  secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  region: "eu-central-1",
};

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/**
 * The signature of a request without a body, from the steps of AWS's "Signature Version 4" for S3, written without the
 * library that signs.
 */
function signatureOf({ method, url = "", headers }: IncomingMessage): string {
  const [, date, region, signed] =
    /Credential=[^/]+\/(\d{8})\/([\w-]+)\/s3\/aws4_request, ?SignedHeaders=([\w;-]+)/.exec(
      headers.authorization ?? "",
    ) ?? [];
  if (date === undefined || region === undefined || signed === undefined) return "unsigned";
  const canonicalHeaders = signed.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const [path, query = ""] = url.split("?");
  const canonical = [
    method,
    path,
    query,
    canonicalHeaders.join(""),
    signed,
    headers["x-amz-content-sha256"],
  ].join("\n");
  const scope = `${date}/${region}/s3/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const key = ["s3", "aws4_request"].reduce<Buffer>(
    (before, part) => hmac(before, part),
    hmac(hmac(`AWS4${S3.secret}`, date), region),
  );
  return createHmac("sha256", key).update(toSign).digest("hex");
}

const isSigned = (request: IncomingMessage): boolean =>
  request.headers.authorization?.includes(`Credential=${S3.id}/`) === true &&
  request.headers.authorization.endsWith(`Signature=${signatureOf(request)}`);

/** What a server did. */
export interface Counts {
  busy: number;
  cut: number;
  served: number;
  refused: number;
}

export class ImageServer {
  readonly counts: Counts = { busy: 0, cut: 0, served: 0, refused: 0 };
  readonly #files: ReadonlyMap<string, Buffer>;
  readonly #isS3: boolean;
  readonly #asked = new Map<string, number>();
  readonly #server: Server;
  /** Whether every request is answered with 503. */
  isDown = false;
  /** Part of the ETags. */
  version = 1;

  private constructor(files: ReadonlyMap<string, Buffer>, isS3: boolean) {
    this.#files = files;
    this.#isS3 = isS3;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  /** @param files  By path, such as `/bucket/a.png`. */
  static async start(files: ReadonlyMap<string, Buffer>, { isS3 = false } = {}): Promise<ImageServer> {
    const server = new ImageServer(files, isS3);
    await new Promise<void>((resolve) => {
      server.#server.listen(0, "127.0.0.1", resolve);
    });
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const [path] = (request.url ?? "").split("?") as [string];
    if (this.#isS3 && !isSigned(request)) {
      this.counts.refused += 1;
      response.writeHead(403).end("<Error><Code>SignatureDoesNotMatch</Code></Error>");
      return;
    }
    if (path.endsWith("elsewhere.png")) {
      response.writeHead(302, { location: "ftp://127.0.0.1/a.png" }).end();
      return;
    }
    const bytes = this.#files.get(decodeURIComponent(path));
    if (bytes === undefined) {
      response.writeHead(404).end();
      return;
    }
    const key = `${request.method} ${path}`;
    const before = this.#asked.get(key) ?? 0;
    this.#asked.set(key, before + 1);
    const number = [...this.#files.keys()].indexOf(decodeURIComponent(path));
    if (this.isDown || (number % 3 === 0 && before === 0)) {
      this.counts.busy += 1;
      response.writeHead(503, { "retry-after": "0" }).end();
      return;
    }
    const etag = `"${createHash("md5").update(bytes).digest("hex")}-${this.version}"`;
    response.writeHead(200, { "content-length": bytes.length, etag });
    if (request.method === "HEAD") {
      response.end();
    } else if (number % 5 === 1 && before === 0) {
      this.counts.cut += 1;
      response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
    } else {
      this.counts.served += 1;
      response.end(bytes);
    }
  }
}
