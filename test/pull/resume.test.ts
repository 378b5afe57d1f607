import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { identityText, ownIdentity } from "../../src/node/process-identity.ts";
import { type FileServer, file, madeBody, serve, status } from "./server.ts";
import { failureOf, Place, sha256 } from "./try-download.ts";

const SIZE = 300_000;
const CUT = 120_000;
const version = { body: madeBody(SIZE), etag: '"one"', lastModified: "Mon, 01 Jan 2024 00:00:00 GMT" };
const changed = { body: madeBody(SIZE, 2), etag: '"two"', lastModified: "Tue, 02 Jan 2024 00:00:00 GMT" };

/** The server ends the connection once the client has all that was sent. */
const cutAt = (server: FileServer, bytes: number) => ({
  onProgress: ({ received }: { received: number }) => {
    if (received === bytes) server.cut();
  },
});

test("a whole file arrives in one request and nothing else is left beside it", async () => {
  const server = await serve(file(version));
  const place = new Place();
  const digests = await place.fetch(server.url);
  expect(place.sha256).toBe(sha256(version.body));
  expect(digests).toMatchObject({ sha256: sha256(version.body), size: SIZE });
  expect(place.hasParts).toBe(false);
  expect(server.seen).toMatchObject([{ range: undefined, ifRange: undefined, sent: SIZE }]);
});

test("after a cut only the missing bytes are asked for and sent", async () => {
  const server = await serve(file(version, { cutAfter: CUT }), file(version));
  const place = new Place();
  await place.fetch(server.url, cutAt(server, CUT));
  expect(place.sha256).toBe(sha256(version.body));
  expect(server.seen).toMatchObject([
    { range: undefined, sent: CUT },
    { range: `bytes=${CUT}-`, ifRange: '"one"', status: 206, sent: SIZE - CUT },
  ]);
  expect(place.hasParts).toBe(false);
});

test("a download that failed for good goes on in a later call where it stopped", async () => {
  const server = await serve(
    file(version, { cutAfter: CUT }),
    status(503),
    status(503),
    status(503),
    file(version),
  );
  const place = new Place();
  const error = await failureOf(place.fetch(server.url, cutAt(server, CUT)));
  expect(error.code).toBe("download/server-error");
  expect(place.partSha256).toBe(sha256(version.body.subarray(0, CUT)));
  expect(place.sha256).toBeUndefined();
  await place.fetch(server.url);
  expect(server.seen[4]).toMatchObject({ range: `bytes=${CUT}-`, sent: SIZE - CUT });
  expect(place.sha256).toBe(sha256(version.body));
  expect(place.hasParts).toBe(false);
});

test("progress begins where the attempt begins, never falls within it and ends at the file's size", async () => {
  const server = await serve(file(version, { cutAfter: CUT }), file(version));
  const place = new Place();
  await place.fetch(server.url, cutAt(server, CUT));
  const received = place.progress.map((progress) => progress.received);
  expect(received[0]).toBe(0);
  const second = received.indexOf(CUT, received.indexOf(CUT) + 1);
  expect(second).toBeGreaterThan(0);
  expect(received.slice(0, second)).toEqual(received.slice(0, second).toSorted((a, b) => a - b));
  expect(received.slice(second)).toEqual(received.slice(second).toSorted((a, b) => a - b));
  expect(received.at(-1)).toBe(SIZE);
  expect(place.progress.every(({ total }) => total === SIZE)).toBe(true);
});

test("a server that cuts every answer is given up after four attempts, each of which got further", async () => {
  const server = await serve(file(version, { cutAfter: 1000 }));
  const place = new Place();
  const onProgress = ({ received }: { received: number }) => {
    if (received > 0 && received === 1000 * server.seen.length) server.cut();
  };
  const error = await failureOf(place.fetch(server.url, { onProgress }));
  expect(error.code).toMatch(/^download\/(incomplete|no-connection)$/);
  expect(error.message).toContain(server.url);
  expect(server.seen.map(({ range }) => range)).toEqual([
    undefined,
    "bytes=1000-",
    "bytes=2000-",
    "bytes=3000-",
  ]);
  expect(place.partSha256).toBe(sha256(version.body.subarray(0, 4000)));
});

test.each([
  ["an honest server sends the new file whole", {}],
  ["a server that ignores If-Range sends the rest of the new file", { ignoresIfRange: true }],
  ["a server that ignores Range sends the new file whole", { ignoresRange: true }],
])("a file that changed between two attempts is never mixed with the old one: %s", async (_, manners) => {
  const server = await serve(file(version, { cutAfter: CUT }), file(changed, manners));
  const place = new Place();
  await place.fetch(server.url, cutAt(server, CUT));
  expect(place.sha256).toBe(sha256(changed.body));
});

test("a file that changed its size between two attempts is never mixed, whatever validators the server forgets", async () => {
  const shorter = { body: madeBody(SIZE - 1000, 3) };
  const server = await serve(file(version, { cutAfter: CUT }), file(shorter, { ignoresIfRange: true }));
  const place = new Place();
  await place.fetch(server.url, cutAt(server, CUT));
  expect(place.sha256).toBe(sha256(shorter.body));
});

test.each([
  ["without a validator", { body: version.body }],
  ["with a weak ETag alone", { body: version.body, etag: 'W/"one"' }],
])("a part of a file %s is not gone on from", async (_, unsure) => {
  const server = await serve(file(unsure, { cutAfter: CUT }), file(unsure));
  const place = new Place();
  await place.fetch(server.url, cutAt(server, CUT));
  expect(server.seen[1]).toMatchObject({ range: undefined, sent: SIZE });
  expect(place.sha256).toBe(sha256(version.body));
});

test("the time of the last change serves as validator where there is no strong ETag", async () => {
  const dated = { body: version.body, etag: 'W/"one"', lastModified: version.lastModified };
  const server = await serve(file(dated, { cutAfter: CUT }), file(dated));
  const place = new Place();
  await place.fetch(server.url, cutAt(server, CUT));
  expect(server.seen[1]).toMatchObject({
    range: `bytes=${CUT}-`,
    ifRange: version.lastModified,
    status: 206,
  });
  expect(place.sha256).toBe(sha256(version.body));
});

test("a whole answer to a request for the rest replaces the part", async () => {
  const server = await serve(file(version, { cutAfter: CUT }), file(version, { ignoresRange: true }));
  const place = new Place();
  await place.fetch(server.url, cutAt(server, CUT));
  expect(server.seen[1]).toMatchObject({ range: `bytes=${CUT}-`, status: 200, sent: SIZE });
  expect(place.sha256).toBe(sha256(version.body));
});

test("a part that is already the whole file is put in place on a 416", async () => {
  const server = await serve(file(version));
  const place = new Place();
  mkdirSync(dirname(place.target));
  place.put(place.part, version.body);
  place.put(place.info, JSON.stringify({ url: server.url, validator: '"one"', total: SIZE }));
  await place.fetch(server.url);
  expect(server.seen).toMatchObject([{ range: `bytes=${SIZE}-`, status: 416 }]);
  expect(place.sha256).toBe(sha256(version.body));
  expect(place.hasParts).toBe(false);
});

const INFO = { validator: '"one"', total: SIZE };
test.each([
  ["longer than the file", SIZE + 10, (url: string) => JSON.stringify({ ...INFO, url })],
  ["of another URL", CUT, (url: string) => JSON.stringify({ ...INFO, url: `${url}?other` })],
  ["without a note of its origin", CUT, () => undefined],
  ["with a torn note", CUT, (url: string) => JSON.stringify({ ...INFO, url }).slice(0, -5)],
  ["with a note that is no object", CUT, () => "null"],
  ["with a note of other types", CUT, (url: string) => JSON.stringify({ ...INFO, url, validator: 7 })],
])("a part %s is thrown away", async (_, size, note) => {
  const server = await serve(file(version));
  const place = new Place();
  mkdirSync(dirname(place.target));
  place.put(place.part, new Uint8Array(size).fill(0xee));
  const text = note(server.url);
  if (text !== undefined) place.put(place.info, text);
  await place.fetch(server.url);
  expect(place.sha256).toBe(sha256(version.body));
  expect(place.hasParts).toBe(false);
});

test("an interrupted download keeps its part, and a later call goes on from it", async () => {
  const server = await serve(file(version, { cutAfter: CUT }), file(version));
  const place = new Place();
  const stop = new AbortController();
  const onProgress = ({ received }: { received: number }) => {
    if (received === CUT) stop.abort();
  };
  await failureOf(place.fetch(server.url, { onProgress, signal: stop.signal }));
  expect(server.seen).toHaveLength(1);
  expect(place.partSha256).toBe(sha256(version.body.subarray(0, CUT)));
  expect(JSON.parse(readFileSync(place.info, "utf8"))).toMatchObject({ url: server.url, total: SIZE });
  expect(existsSync(place.target)).toBe(false);
  await place.fetch(server.url);
  expect(server.seen[1]).toMatchObject({ range: `bytes=${CUT}-`, sent: SIZE - CUT });
  expect(place.sha256).toBe(sha256(version.body));
});

test("two downloads of one file at once do not mix: each has a part of its own, and the file is whole", async () => {
  const server = await serve(file(version));
  const place = new Place();
  const [first, second] = [place.fetch(server.url), place.fetch(server.url)];
  expect(await Promise.all([first, second])).toMatchObject([{ size: SIZE }, { size: SIZE }]);
  expect(place.sha256).toBe(sha256(version.body));
  expect(readdirSync(dirname(place.target))).toEqual(["model.pt"]);
});

test("a download beside one on another host leaves that one's part alone", async () => {
  const server = await serve(file(version));
  const place = new Place();
  mkdirSync(dirname(place.target), { recursive: true });
  const lock = `${place.part}.lock`;
  const text = `0123456789abcdef\n${identityText({ ...ownIdentity(), system: "another-boot pid:[1]" })}`;
  place.put(lock, text);
  place.put(place.part, changed.body.subarray(0, CUT));
  place.put(place.info, "{}");
  await place.fetch(server.url);
  expect(place.sha256).toBe(sha256(version.body));
  expect(place.partSha256).toBe(sha256(changed.body.subarray(0, CUT)));
  expect(readFileSync(lock, "utf8")).toBe(text);
  expect(readdirSync(dirname(place.target)).sort()).toEqual(
    ["model.pt", "model.pt.part", "model.pt.part.json", "model.pt.part.lock"].sort(),
  );
});

test("a part of one's own goes when its download fails, and what a kill left goes after a day", async () => {
  const server = await serve(status(404));
  const place = new Place();
  const folder = dirname(place.target);
  mkdirSync(folder, { recursive: true });
  place.put(`${place.part}.lock`, `0\n${identityText({ ...ownIdentity(), system: null })}`);
  const old = new Date(Date.now() - 25 * 3600 * 1000);
  for (const name of [".model.pt.0123456789ab.part", ".model.pt.0123456789ab.part.json"]) {
    place.put(join(folder, name), "half");
    utimesSync(join(folder, name), old, old);
  }
  place.put(join(folder, ".model.pt.ba9876543210.part"), "under way");
  await failureOf(place.fetch(server.url));
  expect(readdirSync(folder).sort()).toEqual([".model.pt.ba9876543210.part", "model.pt.part.lock"]);
});
