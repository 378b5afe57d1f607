/** TLS with a private authority and client certificates, made by openssl. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { failureKind } from "../../src/app/pacs/passing.ts";
import { messageWithHint } from "../../src/cli/hints.ts";
import type { ArchiveOptions } from "../../src/node/archive/http.ts";
import { readTls } from "../../src/node/archive/tls.ts";
import { answering, failureOf, never, open, status } from "../node/archive/answering.ts";
import { startProxy } from "../pull/proxy.ts";
import { freePort } from "../support/free-ports.ts";
import { type Certificates, makeCertificates } from "./support/certificates.ts";
import { Program } from "./support/programs.ts";

const folder = mkdtempSync(join(tmpdir(), "medical-x-tls-"));
const other = mkdtempSync(join(tmpdir(), "medical-x-tls-"));
let ours: Certificates;
let theirs: Certificates;
beforeAll(() => {
  ours = makeCertificates(folder);
  theirs = makeCertificates(other);
  const locked = ["-v2", "aes256", "-passout", "pass:open sesame", "-out", join(folder, "locked.key")];
  execFileSync("openssl", ["pkcs8", "-topk8", "-in", ours.clientKey, ...locked], { stdio: "pipe" });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(other, { recursive: true });
});

const PASSPHRASE = "MEDICAL_X_CLIENT_KEY_PASSPHRASE";

/** A server with our authority's certificate. */
async function serve(more: object = {}): Promise<string> {
  const [cert, key, ca] = [ours.server, ours.serverKey, ours.ca].map((file) => readFileSync(file));
  const server = createServer({ cert, key, ca, ...more }, (request, response) => {
    response.end(JSON.stringify({ authorization: request.headers.authorization ?? null }));
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

const ask = async (url: string, options: ArchiveOptions = {}) =>
  (await open(url, options)).ask({ path: "system", what: "what it is", limit: 1000, signal: never });

const MUTUAL = { requestCert: true, rejectUnauthorized: true };

test("an archive whose certificate a private authority signed is trusted with that authority's", async () => {
  const answer = await ask(await serve(), { ca: ours.ca });
  expect(answer.status).toBe(200);
});

test.each<[string, () => ArchiveOptions]>([
  ["no authority", () => ({})],
  ["another authority", () => ({ ca: theirs.ca })],
])("with %s named, it is not trusted, and no password is sent", async (_, options) => {
  const env = { MEDICAL_X_DICOMWEB_TOKEN: "s3cret" };
  const error = await failureOf(ask(await serve(), { ...options(), env }));
  expect(error.code).toBe("pacs/tls");
  expect(messageWithHint(error, "pacs")).toMatch(
    /not signed by an authority that is trusted here; name the file .* \(--ca\)$/,
  );
  expect(error.message).not.toContain("s3cret");
  expect(failureKind(error)).toBe("archive");
});

test("a certificate for another host is told as such", async () => {
  const elsewhere = "subjectAltName=DNS:pacs.example.org";
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "e.key"];
  const self = ["-x509", "-subj", "/CN=pacs.example.org", "-addext", elsewhere, "-out", "e.pem"];
  execFileSync("openssl", ["req", ...key, ...self], { cwd: folder, stdio: "pipe" });
  const [cert, serverKey] = ["e.pem", "e.key"].map((name) => readFileSync(join(folder, name)));
  const url = await serve({ cert, key: serverKey });
  const error = await failureOf(ask(url, { ca: join(folder, "e.pem") }));
  expect(error.code).toBe("pacs/tls");
  expect(messageWithHint(error, "pacs")).toMatch(
    /its certificate is for another host; use the name .* address$/,
  );
});

test("through a proxy, the archive's certificate is checked all the same, and the proxy sees no token", async () => {
  const named = ["-subj", "/CN=pacs.example.org", "-addext", "subjectAltName=DNS:pacs.example.org"];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "p.key"];
  execFileSync("openssl", ["req", ...key, "-x509", ...named, "-out", "p.pem"], {
    cwd: folder,
    stdio: "pipe",
  });
  const [cert, serverKey] = ["p.pem", "p.key"].map((name) => readFileSync(join(folder, name)));
  const proxy = await startProxy(Number(new URL(await serve({ cert, key: serverKey })).port));
  const before = process.env["HTTPS_PROXY"];
  process.env["HTTPS_PROXY"] = proxy.url;
  onTestFinished(() => {
    if (before === undefined) delete process.env["HTTPS_PROXY"];
    else process.env["HTTPS_PROXY"] = before;
  });
  const env = { MEDICAL_X_DICOMWEB_TOKEN: "s3cret" };
  const answer = await ask("https://pacs.example.org/x", { ca: join(folder, "p.pem"), env });
  expect(Buffer.from(answer.bytes).toString()).toContain("Bearer s3cret");
  expect(proxy.requests).toEqual(["CONNECT pacs.example.org:443"]);
  expect((await failureOf(ask("https://pacs.example.org/x", { ca: ours.ca, env }))).code).toBe("pacs/tls");
});

test("an archive that wants a client certificate gets it", async () => {
  const { ca, client: clientCert, clientKey } = ours;
  expect((await ask(await serve(MUTUAL), { ca, clientCert, clientKey })).status).toBe(200);
});

test("an encrypted key is opened by the passphrase in the environment", async () => {
  const clientKey = join(folder, "locked.key");
  const { ca, client: clientCert } = ours;
  const env = { [PASSPHRASE]: "open sesame" };
  expect((await ask(await serve(MUTUAL), { ca, clientCert, clientKey, env })).status).toBe(200);
});

test("certificate and key may be in one file", async () => {
  const clientCert = join(folder, "both.pem");
  writeFileSync(clientCert, readFileSync(ours.client, "utf8") + readFileSync(ours.clientKey, "utf8"));
  expect((await ask(await serve(MUTUAL), { ca: ours.ca, clientCert })).status).toBe(200);
});

const STRANGERS: readonly [string, () => ArchiveOptions][] = [
  ["no client certificate", () => ({ ca: ours.ca })],
  [
    "another authority's client certificate",
    () => ({ ca: ours.ca, clientCert: theirs.client, clientKey: theirs.clientKey }),
  ],
];

/** A server of openssl's, which says why it refuses a client. */
async function serveByOpenssl(version: "tls1_2" | "tls1_3"): Promise<string> {
  const port = await freePort();
  const own = ["-cert", ours.server, "-key", ours.serverKey, "-CAfile", ours.ca];
  const args = ["-Verify", "1", "-verify_return_error", "-www", `-${version}`, ...own];
  const server = new Program("openssl", ["s_server", "-accept", `127.0.0.1:${port}`, ...args]);
  onTestFinished(() => server.end("SIGKILL"));
  await server.until(async () => server.said.includes("ACCEPT"));
  return `https://localhost:${port}`;
}

test.each(STRANGERS)(
  "a server that refuses a client with %s: the message says what to name",
  async (_, options) => {
    const error = await failureOf(ask(await serveByOpenssl("tls1_2"), options()));
    expect(error.code).toBe("pacs/tls");
    expect(messageWithHint(error, "pacs")).toMatch(
      /accepts no connection with this client certificate, or without one; .* \(--client-cert, --client-key\)$/,
    );
    // In TLS 1.3 the client takes the connection for open before the server has looked at its certificate.
    const later = await failureOf(ask(await serveByOpenssl("tls1_3"), options()));
    expect(later.message).toMatch(/client certificate/);
  },
);

test.each(STRANGERS)("a server that cuts off a client with %s", async (_, options) => {
  const error = await failureOf(ask(await serve(MUTUAL), options()));
  expect(error.code).toBe("pacs/no-connection");
  expect(error.message).toMatch(/log, which may want another client certificate, or one at all$/);
});

test("https at a port for http is told as such", async () => {
  const { url } = await answering(status(200));
  const error = await failureOf(ask(url.replace("http:", "https:")));
  expect(error.code).toBe("pacs/tls");
  expect(error.message).toMatch(/does not speak TLS at this port; use http, or the port for https$/);
});

test("http at a port for https is told, too", async () => {
  const error = await failureOf(ask((await serve()).replace("https:", "http:")));
  expect(error.code).toMatch(/^pacs\//);
});

const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

test.each<[string, () => Promise<unknown>, RegExp]>([
  [
    "no certificate",
    () => readTls({ ca: put("empty.pem", "hello") }),
    /empty\.pem: there is no certificate in PEM/,
  ],
  [
    "a damaged certificate",
    () => readTls({ ca: put("bad.pem", readFileSync(ours.ca, "latin1").replace(/\n.{20}/, "\nAAAA")) }),
    /bad\.pem: a certificate in it is damaged$/,
  ],
  [
    "a key without its certificate",
    () => readTls({ clientKey: ours.clientKey }),
    /of no use without its certificate/,
  ],
  [
    "no key",
    () => readTls({ clientCert: ours.client }),
    /client\.pem: there is no private key in PEM; name the key's file$/,
  ],
  [
    "the key of another certificate",
    () => readTls({ clientCert: ours.client, clientKey: theirs.clientKey }),
    /does not belong to the certificate in .*client\.pem$/,
  ],
  [
    "a locked key without a passphrase",
    () => readTls({ clientCert: ours.client, clientKey: join(folder, "locked.key") }, {}),
    /locked\.key: the private key is encrypted; set MEDICAL_X_CLIENT_KEY_PASSPHRASE to its passphrase$/,
  ],
  [
    "a locked key with another passphrase",
    () =>
      readTls({ clientCert: ours.client, clientKey: join(folder, "locked.key") }, { [PASSPHRASE]: "s3cret" }),
    /the passphrase in MEDICAL_X_CLIENT_KEY_PASSPHRASE does not open the private key$/,
  ],
  [
    "a damaged key",
    () =>
      readTls({
        clientCert: ours.client,
        clientKey: put("bad.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
      }),
    /bad\.key: the private key is damaged$/,
  ],
  [
    "a certificate that has expired",
    () => readTls({ clientCert: ours.client, clientKey: ours.clientKey }, {}, Date.now() + 30 * 86_400_000),
    /the certificate expired on .*; get a new one$/,
  ],
  [
    "a certificate that is not valid yet",
    () => readTls({ clientCert: ours.client, clientKey: ours.clientKey }, {}, Date.now() - 30 * 86_400_000),
    /is not valid before .*; check this machine's clock$/,
  ],
])("%s is refused before anything is asked", async (_, work, words) => {
  const error = await failureOf(work());
  expect(error.code).toBe("pacs/bad-certificate");
  expect(error.message).toMatch(words);
  expect(error.message).not.toMatch(/s3cret|sesame|BEGIN/);
});

test("a file that is not there is named", async () => {
  const error = await failureOf(readTls({ ca: join(folder, "nothing.pem") }));
  expect(error.code).toBe("file/not-found");
});
