import { expect, test } from "vitest";
import { type Answer, type FileServer, file, madeBody, raw, serve, stall, status } from "./server.ts";
import { failureOf, Place, sha256 } from "./try-download.ts";

const SIZE = 200_000;
const CUT = 80_000;
const version = { body: madeBody(SIZE), etag: '"one"' };

const cutAt = (server: FileServer, bytes: number) => ({
  onProgress: ({ received }: { received: number }) => {
    if (received === bytes) server.cut();
  },
});

/** To the same server, under another path. */
const redirect =
  (code: number, path: string): Answer =>
  (response, seen, server) =>
    status(code, "", { Location: `http://127.0.0.1:${server.port}${path}` })(response, seen, server);

test.each([301, 302, 303, 307, 308])("a redirect by %i is followed", async (code) => {
  const server = await serve(redirect(code, "/elsewhere"), file(version));
  const place = new Place();
  await place.fetch(server.url);
  expect(server.seen.map(({ path }) => path)).toEqual(["/model.pt", "/elsewhere"]);
  expect(place.sha256).toBe(sha256(version.body));
});

test("a resumed download asks the redirect's target for the rest", async () => {
  const server = await serve(
    redirect(302, "/a"),
    file(version, { cutAfter: CUT }),
    redirect(302, "/b"),
    file(version),
  );
  const place = new Place();
  await place.fetch(server.url, cutAt(server, CUT));
  expect(server.seen[3]).toMatchObject({ path: "/b", range: `bytes=${CUT}-`, sent: SIZE - CUT });
  expect(place.sha256).toBe(sha256(version.body));
});

test("a loop of redirects ends in an error that says so", async () => {
  const server = await serve(redirect(302, "/model.pt"));
  const place = new Place();
  const error = await failureOf(place.fetch(server.url));
  expect(error.code).toMatch(/^download\//);
  expect(error.message).toContain(server.url);
  expect(error.message).toContain("redirect");
  expect(server.seen.length).toBeLessThan(100);
  expect(place.hasParts).toBe(false);
});

test.each([500, 502, 503, 408, 429])("an answer of %i is tried again", async (code) => {
  const server = await serve(status(code), file(version));
  const place = new Place();
  await place.fetch(server.url);
  expect(server.seen).toHaveLength(2);
  expect(place.sha256).toBe(sha256(version.body));
});

test("a server that fails four times is given up with its status", async () => {
  const server = await serve(status(500));
  const error = await failureOf(new Place().fetch(server.url));
  expect(error).toMatchObject({ code: "download/server-error", details: { status: 500 } });
  expect(server.seen).toHaveLength(4);
});

test("each pause is twice the one before", async () => {
  const times: number[] = [];
  const failing: Answer = (response, seen, server) => {
    times.push(Date.now());
    status(500)(response, seen, server);
  };
  const server = await serve(failing);
  await failureOf(new Place().fetch(server.url, { pauseMs: 100 }));
  const pauses = times.slice(1).map((time, i) => time - times[i]!);
  expect(pauses[0]).toBeGreaterThanOrEqual(95);
  expect(pauses[1]).toBeGreaterThanOrEqual(195);
  expect(pauses[2]).toBeGreaterThanOrEqual(395);
});

test("a server that says when to ask again is left alone until then", async () => {
  const times: number[] = [];
  const busy: Answer = (response, seen, server) => {
    times.push(Date.now());
    status(429, "", { "Retry-After": "1" })(response, seen, server);
  };
  const ready: Answer = (response, seen, server) => {
    times.push(Date.now());
    file(version)(response, seen, server);
  };
  const server = await serve(busy, ready);
  const place = new Place();
  await place.fetch(server.url);
  expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(995);
  expect(place.sha256).toBe(sha256(version.body));
});

test("a server that stalls once is asked for the rest", async () => {
  const server = await serve(stall(version, CUT), file(version));
  const place = new Place();
  await place.fetch(server.url, { stallMs: 200 });
  expect(server.seen[1]).toMatchObject({ range: `bytes=${CUT}-`, sent: SIZE - CUT });
  expect(place.sha256).toBe(sha256(version.body));
});

test("a slow server that never pauses for long is no stalled one", async () => {
  const pieces = 8;
  const slow: Answer = (response) => {
    response.writeHead(200, { "Content-Length": String(SIZE) });
    for (let i = 0; i < pieces; i++) {
      const piece = version.body.subarray((i * SIZE) / pieces, ((i + 1) * SIZE) / pieces);
      setTimeout(() => response.write(piece), i * 100);
    }
  };
  const server = await serve(slow);
  const place = new Place();
  await place.fetch(server.url, { stallMs: 500 });
  expect(server.seen).toHaveLength(1);
  expect(place.sha256).toBe(sha256(version.body));
});

test("an answer that promises more than it holds is gone on from", async () => {
  const lie = raw(
    `HTTP/1.1 200 OK\r\nETag: "one"\r\nContent-Length: ${SIZE}\r\n\r\n`,
    version.body.subarray(0, CUT),
  );
  const server = await serve(lie, file(version));
  const place = new Place();
  await place.fetch(server.url);
  expect(place.sha256).toBe(sha256(version.body));
  expect(server.seen).toHaveLength(2);
});

test("an answer that promises more than it holds each time is never put in place", async () => {
  const lie = raw(`HTTP/1.1 200 OK\r\nContent-Length: ${SIZE + 1}\r\n\r\n`, version.body);
  const server = await serve(lie);
  const place = new Place();
  const error = await failureOf(place.fetch(server.url));
  expect(error.code).toMatch(/^download\/(incomplete|no-connection)$/);
  expect(place.sha256).toBeUndefined();
});

test("an answer that holds more than it promises reaches the check as what was promised, or not at all", async () => {
  const lie = raw(`HTTP/1.1 200 OK\r\nContent-Length: ${CUT}\r\n\r\n`, version.body);
  const server = await serve(lie);
  const place = new Place();
  const sizes: number[] = [];
  const verify = ({ size }: { size: number }) => {
    sizes.push(size);
    throw new Error("refused");
  };
  await expect(place.fetch(server.url, { verify })).rejects.toThrow();
  expect([...new Set(sizes)].every((size) => size === CUT)).toBe(true);
  expect(place.sha256).toBeUndefined();
});

test("a chunked body that is cut off is not taken for the whole file", async () => {
  const chunk = `${CUT.toString(16)}\r\n`;
  const cut = raw(
    `HTTP/1.1 200 OK\r\nETag: "one"\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`,
    version.body.subarray(0, CUT),
  );
  const server = await serve(cut, file(version));
  const place = new Place();
  await place.fetch(server.url);
  expect(server.seen).toHaveLength(2);
  expect(place.sha256).toBe(sha256(version.body));
});

test("a file whose size is not announced is taken whole", async () => {
  const chunked: Answer = (response) => {
    response.writeHead(200, { ETag: '"one"' });
    response.write(version.body.subarray(0, CUT));
    response.end(version.body.subarray(CUT));
  };
  const server = await serve(chunked);
  const place = new Place();
  await place.fetch(server.url);
  expect(place.sha256).toBe(sha256(version.body));
  expect(place.progress.every(({ total }) => total === undefined)).toBe(true);
});

const part = (contentRange: string) => file(version, { headers: { "Content-Range": contentRange } });
test.each([
  ["begins elsewhere", part(`bytes 0-${SIZE - 1}/${SIZE}`)],
  ["has no numbers", part("bytes */*")],
  ["has another unit", part(`lines ${CUT}-${SIZE - 1}/${SIZE}`)],
  ["names another size", part(`bytes ${CUT}-${SIZE - 1}/${SIZE + 5}`)],
])("a part whose Content-Range %s does no harm: the next attempt makes it good", async (_, lie) => {
  const server = await serve(file(version, { cutAfter: CUT }), lie, file(version));
  const place = new Place();
  await place.fetch(server.url, cutAt(server, CUT));
  expect(place.sha256).toBe(sha256(version.body));
  expect(server.seen.length).toBeGreaterThan(2);
});

test("parts of the wrong place, each time, end in an error and never in a file", async () => {
  const first = file(version, { cutAfter: CUT });
  const lie = part(`bytes 0-${SIZE - 1}/${SIZE}`);
  // The attempt after a lie starts anew.
  const server = await serve(first, lie, first, lie);
  const place = new Place();
  const error = await failureOf(place.fetch(server.url, cutAt(server, CUT)));
  expect(error.code).toBe("download/bad-range");
  expect(error.message).toContain(server.url);
  expect(place.sha256).toBeUndefined();
  expect(server.seen.map(({ range }) => range)).toEqual([
    undefined,
    `bytes=${CUT}-`,
    undefined,
    `bytes=${CUT}-`,
  ]);
});

test("a 416 for a part that is not the whole file starts anew", async () => {
  const server = await serve(file(version, { cutAfter: CUT }), status(416), file(version));
  const place = new Place();
  await place.fetch(server.url, cutAt(server, CUT));
  expect(server.seen.map(({ range }) => range)).toEqual([undefined, `bytes=${CUT}-`, undefined]);
  expect(place.sha256).toBe(sha256(version.body));
});

test("a server that compresses unasked is understood", async () => {
  const { gzipSync } = await import("node:zlib");
  const packed = gzipSync(version.body);
  const server = await serve(
    file({ body: packed, etag: '"gz"' }, { headers: { "Content-Encoding": "gzip" } }),
  );
  const place = new Place();
  await place.fetch(server.url);
  expect(place.sha256).toBe(sha256(version.body));
});

test("a cut off answer of a server that compresses is made good by starting anew", async () => {
  const { gzipSync } = await import("node:zlib");
  const packed = { body: new Uint8Array(gzipSync(version.body)), etag: '"gz"' };
  const headers = { "Content-Encoding": "gzip" };
  const server = await serve(file(packed, { headers, cutAfter: CUT }), file(packed, { headers }));
  const place = new Place();
  const onProgress = ({ received }: { received: number }) => {
    if (received > 0) setTimeout(() => server.cut(), 50);
  };
  await place.fetch(server.url, { onProgress });
  expect(place.sha256).toBe(sha256(version.body));
});
