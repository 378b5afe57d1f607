import { getEventListeners } from "node:events";
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { askedWait, failureKind, isPassing } from "../../../src/app/pacs/passing.ts";
import type { ArchiveHttp } from "../../../src/node/archive/http.ts";
import { answering, failureOf, never, open, status } from "./answering.ts";

const UID = "1.2.826.0.1.3680043.9.9999.77";
const SECRETS = {
  MEDICAL_X_DICOMWEB_USER: "reader",
  MEDICAL_X_DICOMWEB_PASSWORD: "s3cret-word",
};

const ask = (http: ArchiveHttp, more: object = {}) =>
  http.ask({ path: `studies/${UID}`, what: "an image", limit: 1000, signal: never, ...more });

/** What a failure says anywhere that could reach a log. */
const everything = (error: Error) => JSON.stringify([error.message, error.stack, error.cause ?? null, error]);

test.each<[number, string, string, RegExp]>([
  [400, "pacs/refused", "final", /refused it \(400\)/],
  [401, "pacs/unauthorised", "archive", /user, password or token \(401\); check the credentials$/],
  [403, "pacs/forbidden", "archive", /does not allow it \(403\); give this program's user the right/],
  [404, "pacs/not-found", "final", /no such thing \(404\); check the address/],
  [407, "pacs/no-connection", "archive", /the proxy wants a login \(407\)/],
  [408, "pacs/server-error", "passing", /failed \(408\)/],
  [409, "pacs/refused", "final", /refused it \(409\)/],
  [413, "pacs/too-large", "final", /no objects of this size \(413\)/],
  [415, "pacs/refused", "final", /refused it \(415\)/],
  [429, "pacs/busy", "archive", /is busy \(429\)/],
  [500, "pacs/server-error", "passing", /failed \(500\); look at its log$/],
  [503, "pacs/server-error", "passing", /failed \(503\)/],
])("an answer of %i is %s", async (code, expected, kind, words) => {
  const patient = `<h1>No access to DOE^JANE ${UID}</h1>`;
  const { url, seen } = await answering(status(code, { "content-type": "text/html" }, patient));
  const error = await failureOf(ask(await open(url, { env: SECRETS })));
  expect(error.code).toBe(expected);
  expect(error.message).toMatch(words);
  expect(error.message.startsWith(`${url}: an image: `)).toBe(true);
  expect(error.details).toMatchObject({ archive: url, status: code });
  expect([failureKind(error), isPassing(error)]).toEqual([kind, kind !== "final"]);
  expect(seen[0]!.headers.authorization).toMatch(/^Basic /);
  expect(everything(error)).not.toMatch(new RegExp(`s3cret|${UID}|DOE|${seen[0]!.headers.authorization}`));
});

test("Retry-After is passed on, as seconds or as a date", async () => {
  const busy = await answering(status(429, { "retry-after": "7" }));
  expect(askedWait(await failureOf(ask(await open(busy.url))))).toBe(7000);
  const later = new Date(Date.now() + 60_000).toUTCString();
  const down = await answering(status(503, { "retry-after": later }));
  const error = await failureOf(ask(await open(down.url)));
  expect(error.code).toBe("pacs/busy");
  expect(askedWait(error)).toBeGreaterThan(50_000);
  expect(askedWait(error)).toBeLessThanOrEqual(60_000);
});

test("an archive that asks to be left alone for ever is asked again after an hour", async () => {
  const { url } = await answering(status(429, { "retry-after": "9".repeat(400) }));
  expect(askedWait(await failureOf(ask(await open(url))))).toBe(3_600_000);
});

test("nothing that listens is a failure of the archive", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const error = await failureOf(ask(await open(`http://127.0.0.1:${port}`)));
  expect(error.code).toBe("pacs/no-connection");
  expect(error.message).toBe(
    `http://127.0.0.1:${port}: nothing listens at this address; check that the archive is running, and the port`,
  );
  expect(failureKind(error)).toBe("archive");
});

test("a host that does not exist", async () => {
  const error = await failureOf(ask(await open("http://nowhere.invalid")));
  expect(error.code).toBe("pacs/no-connection");
  expect(error.message).toMatch(
    /not known; check the address and the DNS|could not be looked up; check the DNS/,
  );
});

test("an answer that does not begin in time", async () => {
  const { url } = await answering(() => undefined);
  const error = await failureOf(ask(await open(url, { patience: { whole: 200 } })));
  expect(error.code).toBe("pacs/no-connection");
  expect(error.message).toMatch(/took too long to answer; look at its load$/);
});

test("an answer that trickles for ever ends at the limit for all of it", async () => {
  const { url } = await answering((response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write("x"), 20);
    response.on("close", () => clearInterval(drip));
  });
  const http = await open(url, { patience: { whole: 300 } });
  const error = await failureOf(ask(http, { limit: 1e9 }));
  expect(error.message).toMatch(/took too long to answer/);
});

test.each<[string, Record<string, string>]>([
  ["with its length announced", { "content-length": "1000" }],
  ["in chunks", {}],
])("an answer that is cut off, %s", async (_, headers) => {
  const { url } = await answering((response) => {
    response.writeHead(200, headers);
    response.write("half of it", () => response.destroy());
  });
  const error = await failureOf(ask(await open(url)));
  expect(error.code).toBe("pacs/no-connection");
  expect(error.message).toMatch(/the connection was cut off; look at the archive's log$/);
});

test("requests that follow each other share connections, even if the archive keeps it for one second", async () => {
  const ports = new Set<number | undefined>();
  const { url } = await answering((response) => {
    ports.add(response.socket?.remotePort);
    response.writeHead(200, { connection: "keep-alive", "keep-alive": "timeout=1" }).end("yes");
  });
  const http = await open(url);
  for (let i = 0; i < 10; i++) await ask(http);
  // A request that comes in the moment in which the answer before it ends opens a second one.
  expect(ports.size).toBeLessThanOrEqual(2);
});

test.each(["GET", "POST"] as const)(
  "%s on a kept connection that the archive closes comes again",
  async (method) => {
    const bodies: string[] = [];
    const { url } = await answering((response, { body }) => {
      bodies.push(body.toString());
      if (bodies.length === 2) response.destroy();
      else response.end("yes");
    });
    const http = await open(url);
    const body = [Buffer.from("one "), Buffer.from("object")];
    const post = method === "POST" ? { method, body } : { method };
    await ask(http, post);
    expect(Buffer.from((await ask(http, post)).bytes).toString()).toBe("yes");
    const sent = method === "POST" ? "one object" : "";
    expect(bodies).toEqual([sent, sent, sent]);
  },
);

test("an archive that always cuts off is asked twice, and no more", async () => {
  const { url, seen } = await answering((response) => response.destroy());
  const error = await failureOf(ask(await open(url)));
  expect(error.message).toMatch(/the connection was cut off/);
  expect(seen).toHaveLength(2);
});

test("an answer that announces too much is refused before it is read", async () => {
  const { url } = await answering((response) => {
    response.writeHead(200, { "content-length": String(5e12) });
    response.write("x");
  });
  const error = await failureOf(ask(await open(url)));
  expect(error).toMatchObject({ code: "pacs/too-large", details: { limit: 1000 } });
  expect(failureKind(error)).toBe("final");
});

test("an answer without an end is read up to the limit", async () => {
  let sent = 0;
  const { url } = await answering((response) => {
    response.writeHead(200);
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536;
    };
    response.on("drain", more);
    more();
  });
  const error = await failureOf(ask(await open(url), { limit: 1_000_000 }));
  expect(error.code).toBe("pacs/too-large");
  expect(error.message).toMatch(/more than 1.* MB/);
  expect(sent).toBeLessThan(50_000_000);
});

test("a compressed answer, which nobody asked for, is not expanded", async () => {
  const { url, seen } = await answering((response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(500))),
  );
  const error = await failureOf(ask(await open(url)));
  expect(error.code).toBe("pacs/bad-answer");
  expect(error.message).toMatch(/compressed/);
  expect(seen[0]!.headers["accept-encoding"]).toBe("identity");
});

test("a redirect on the same origin is followed, with credentials", async () => {
  const { url, seen } = await answering((response, { path }) =>
    path === "/here"
      ? response.end("found")
      : response.writeHead(308, { location: "/here" }).end("see elsewhere"),
  );
  const answer = await ask(await open(url, { env: SECRETS }));
  expect(Buffer.from(answer.bytes).toString()).toBe("found");
  expect(seen[1]!.headers.authorization).toBe(seen[0]!.headers.authorization);
});

test.each([301, 302, 303, 307, 308])(
  "a redirect by %i to another origin is not followed, and no credentials go there",
  async (code) => {
    const other = await answering(status(200));
    const { url } = await answering(status(code, { location: `${other.url}/studies/${UID}?x=DOE` }));
    const error = await failureOf(ask(await open(url, { env: SECRETS })));
    expect(error.code).toBe("pacs/redirected");
    expect(error.message).toContain(`another server (${other.url})`);
    expect(everything(error)).not.toMatch(new RegExp(`s3cret|${UID}|DOE`));
    expect(other.seen).toEqual([]);
    expect(failureKind(error)).toBe("archive");
  },
);

test("a loop of redirects ends, and so does one that names nothing", async () => {
  const loop = await answering(status(302, { location: "/again" }));
  expect((await failureOf(ask(await open(loop.url)))).code).toBe("pacs/redirected");
  expect(loop.seen.length).toBeLessThan(10);
  const empty = await answering(status(302));
  expect((await failureOf(ask(await open(empty.url)))).code).toBe("pacs/redirected");
});

test("what is stored is not sent to another address of a redirect", async () => {
  const { url, seen } = await answering(status(307, { location: "/elsewhere" }));
  const error = await failureOf(ask(await open(url), { method: "POST", body: [Buffer.from("bytes")] }));
  expect(error.code).toBe("pacs/redirected");
  expect(seen.map(({ path }) => path)).toEqual([`/studies/${UID}`]);
});

test("an interrupt ends a request", async () => {
  const { url } = await answering(() => undefined);
  const http = await open(url);
  const stop = new AbortController();
  const outcome = failureOf(ask(http, { signal: stop.signal }));
  stop.abort();
  expect((await outcome).code).toBe("pacs/interrupted");
});

test("pieces of a body are sent with their length", async () => {
  const { url, seen } = await answering(status(200));
  await ask(await open(url), { method: "POST", body: [Buffer.from("ab"), Buffer.from("cd")] });
  expect(seen[0]!.body.toString()).toBe("abcd");
  expect(seen[0]!.headers["content-length"]).toBe("4");
  expect(seen[0]!.headers["transfer-encoding"]).toBeUndefined();
});

test("no proxy is asked about this machine", async () => {
  const proxy = await answering(status(500));
  const before = process.env["HTTP_PROXY"];
  process.env["HTTP_PROXY"] = proxy.url;
  onTestFinished(() => {
    if (before === undefined) delete process.env["HTTP_PROXY"];
    else process.env["HTTP_PROXY"] = before;
  });
  const { url } = await answering(status(200));
  await ask(await open(url, { env: SECRETS }));
  expect(proxy.seen).toEqual([]);
});

test("a proxy that makes no connection is told as such", async () => {
  const proxy = createHttpServer();
  proxy.on("connect", (_, socket) => {
    socket.on("error", () => undefined);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const before = process.env["HTTPS_PROXY"];
  process.env["HTTPS_PROXY"] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  onTestFinished(() => {
    if (before === undefined) delete process.env["HTTPS_PROXY"];
    else process.env["HTTPS_PROXY"] = before;
    proxy.close();
  });
  const error = await failureOf(ask(await open("https://pacs.example.org", { env: SECRETS })));
  expect(error.code).toBe("pacs/no-connection");
  expect(error.message).toMatch(
    /the proxy did not connect to this host; check the proxy, or name the host in NO_PROXY$/,
  );
});

test("many requests leave nothing on a signal that lives on", async () => {
  const { url } = await answering(status(200));
  const http = await open(url);
  const lasting = new AbortController();
  for (let i = 0; i < 50; i++) await ask(http, { signal: lasting.signal });
  expect(getEventListeners(lasting.signal, "abort")).toEqual([]);
});

test("a request on a signal that has come already is not made", async () => {
  const { url, seen } = await answering(status(200));
  const error = await failureOf(ask(await open(url), { signal: AbortSignal.abort() }));
  expect(error.code).toBe("pacs/interrupted");
  expect(seen).toEqual([]);
});

test("a connection that speaks no HTTP", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.end("220 mail.example.org ESMTP\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
  });
  const error = await failureOf(
    ask(await open(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
  );
  expect(error.code).toBe("pacs/no-connection");
});
