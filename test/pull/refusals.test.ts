import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { type Answer, file, madeBody, raw, serve, stall, status } from "./server.ts";
import { failureOf, Place, sha256 } from "./try-download.ts";

const OLD = madeBody(500, 9);
const version = { body: madeBody(100_000), etag: '"one"' };

/** A place that contains the file of an earlier download. */
function occupied(): Place {
  const place = new Place();
  mkdirSync(dirname(place.target));
  place.put(place.target, OLD);
  return place;
}

test("a file that fails its check is not kept, and what was there stays", async () => {
  const server = await serve(file(version));
  const place = occupied();
  const verify = ({ sha256: found }: { sha256: string }) => {
    throw new Error(`refused ${found}`);
  };
  await expect(place.fetch(server.url, { verify })).rejects.toThrow(`refused ${sha256(version.body)}`);
  expect(place.sha256).toBe(sha256(OLD));
  expect(place.hasParts).toBe(false);
  expect(server.seen).toHaveLength(1);
});

test("a file that passes its check replaces what was there", async () => {
  const server = await serve(file(version));
  const place = occupied();
  await place.fetch(server.url);
  expect(place.sha256).toBe(sha256(version.body));
});

const PAGE = "<!DOCTYPE html>\n<html><body>Sign in</body></html>";
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 28000000\n`;
test.each<[string, Answer, string]>([
  ["a web page", status(200, PAGE, { "Content-Type": "text/html" }), "web page"],
  ["a git-lfs pointer", status(200, POINTER), "git-lfs"],
  ["an empty body", status(200), "empty"],
  ["no content", status(204), "empty"],
])("%s in place of the model is refused at once and named", async (_, answer, word) => {
  const server = await serve(answer);
  const place = occupied();
  const error = await failureOf(place.fetch(server.url));
  expect(error.code).toBe("download/wrong-content");
  expect(error.message).toContain(server.url);
  expect(error.message).toContain(word);
  expect(server.seen).toHaveLength(1);
  expect(place.sha256).toBe(sha256(OLD));
  expect(place.hasParts).toBe(false);
});

test.each([401, 403, 404, 410])("an answer of %i is final: one request", async (code) => {
  const server = await serve(status(code));
  const error = await failureOf(occupied().fetch(server.url));
  expect(error.code).toBe("download/refused");
  expect(error.message).toContain(`${server.url}: the server answered ${code}`);
  expect(error.details).toMatchObject({ status: code });
  expect(server.seen).toHaveLength(1);
});

test("a file whose announced size is over the limit is refused before its body is read", async () => {
  const server = await serve(file(version));
  const place = occupied();
  const error = await failureOf(place.fetch(server.url, { limit: version.body.length - 1 }));
  expect(error.code).toBe("download/too-large");
  expect(place.progress).toEqual([]);
  expect(server.seen).toHaveLength(1);
  expect(place.sha256).toBe(sha256(OLD));
  expect(place.hasParts).toBe(false);
});

test("a file of exactly the limit is taken", async () => {
  const server = await serve(file(version));
  const place = new Place();
  await place.fetch(server.url, { limit: version.body.length });
  expect(place.sha256).toBe(sha256(version.body));
});

test("a file that does not say its size is cut off at the limit and not kept", async () => {
  const endless: Answer = (response, seen) => {
    response.writeHead(200);
    const piece = madeBody(100_000);
    const more = () => {
      if (response.destroyed || seen.sent >= 200_000_000) return response.end();
      seen.sent += piece.length;
      response.write(piece, more);
    };
    more();
  };
  const server = await serve(endless);
  const place = occupied();
  const error = await failureOf(place.fetch(server.url, { limit: 1_000_000 }));
  expect(error.code).toBe("download/too-large");
  expect(server.seen).toHaveLength(1);
  expect(server.seen[0]!.sent).toBeLessThan(100_000_000);
  expect(place.sha256).toBe(sha256(OLD));
  expect(place.hasParts).toBe(false);
});

test("a stalled server is given up on every attempt, and what arrived is kept", async () => {
  const server = await serve(stall(version, 2000));
  const place = occupied();
  const error = await failureOf(place.fetch(server.url, { stallMs: 150 }));
  expect(error.code).toBe("download/stalled");
  expect(error.message).toContain(server.url);
  expect(server.seen).toHaveLength(4);
  expect(place.partSha256).toBe(sha256(version.body.subarray(0, 2000)));
  expect(place.sha256).toBe(sha256(OLD));
});

test("a server that never answers is given up", async () => {
  const server = await serve(stall());
  const error = await failureOf(new Place().fetch(server.url, { stallMs: 60 }));
  expect(error.code).toBe("download/stalled");
  expect(server.seen).toHaveLength(4);
});

test("an abort while waiting for the next attempt ends the wait", async () => {
  const server = await serve(status(503));
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 200);
  const start = Date.now();
  await failureOf(new Place().fetch(server.url, { pauseMs: 5000, signal: stop.signal }));
  expect(Date.now() - start).toBeLessThan(3000);
  expect(server.seen).toHaveLength(1);
});

test("a server that does not run is named with the cause", async () => {
  const server = await serve(raw(""));
  const url = server.url.replace(String(server.port), "1");
  const error = await failureOf(new Place().fetch(url));
  expect(error.code).toBe("download/no-connection");
  expect(error.message).toContain(`${url}: `);
  expect(error.message).toMatch(/ECONNREFUSED|bad port/);
});

test.each(["not a url", "/just/a/path", "file:///etc/hostname", "ftp://127.0.0.1/model.pt"])(
  "%s is refused at once: it is no http address",
  async (url) => {
    const start = Date.now();
    const error = await failureOf(new Place().fetch(url, { pauseMs: 400 }));
    expect(error.code).toBe("download/bad-url");
    expect(error.message).toContain(url);
    expect(Date.now() - start).toBeLessThan(400);
  },
);

test("a place that cannot be written is an error that names the file, not the URL", async () => {
  const server = await serve(file(version));
  const place = new Place();
  mkdirSync(place.part, { recursive: true });
  const error = await failureOf(place.fetch(server.url));
  expect(error.code).toBe("file/not-accessible");
  expect(error.message).toContain(place.part.replace(/\.part$/, ""));
  expect(error.message).not.toContain(server.url);
});

test("a folder that is a file is an error that names it, and nothing is asked for", async () => {
  const server = await serve(file(version));
  const place = new Place();
  const blocker = dirname(place.target);
  place.put(blocker, "a file");
  const error = await failureOf(place.fetch(server.url));
  expect(error.code).toMatch(/^file\//);
  expect(error.message).toContain(blocker);
  expect(server.seen).toEqual([]);
});

test("a folder where the file belongs is an error that names it", async () => {
  const server = await serve(file(version));
  const place = new Place();
  mkdirSync(place.target, { recursive: true });
  const error = await failureOf(place.fetch(server.url));
  expect(error.code).toBe("file/not-accessible");
  expect(error.message).toContain(place.target);
});

test("a server that sends less than it promises is given up, and what arrived is kept", async () => {
  // Each answer is whole by its own length, and ends before the file does.
  const answer: Answer = (response, { range }) => {
    const start = Number(/(\d+)-/.exec(range ?? "bytes=0-")![1]);
    const body = version.body.subarray(start, start + 100);
    const part = `bytes ${start}-${start + 99}/${version.body.length}`;
    response.writeHead(206, { "Content-Length": 100, "Content-Range": part, ETag: version.etag }).end(body);
  };
  const server = await serve(answer);
  const place = new Place();
  const error = await failureOf(place.fetch(server.url));
  expect(error.code).toBe("download/incomplete");
  expect(error.message).toMatch(
    /the connection ended after 400 bytes of 100 kB; try again to fetch the rest$/,
  );
  expect(server.seen).toHaveLength(4);
  expect(place.partSha256).toBe(sha256(version.body.subarray(0, 400)));
});
