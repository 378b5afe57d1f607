import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { pullModel } from "../../src/app/models/pull.ts";
import { CATALOGUE } from "../../src/models/catalogue.ts";
import { digestFile } from "../../src/node/digest.ts";
import { startProxy } from "./proxy.ts";
import { file, madeBody, serve, status } from "./server.ts";
import { failureOf, sha256, temporaryFolder } from "./try-download.ts";

const first = { body: madeBody(60_000, 1), etag: '"one"' };
const second = { body: madeBody(60_000, 2), etag: '"two"' };

let models = "";
beforeEach(() => {
  const cache = temporaryFolder();
  models = join(cache, "models");
  process.env["MEDICAL_X_CACHE"] = cache;
  onTestFinished(() => {
    delete process.env["MEDICAL_X_CACHE"];
  });
});

const stored = (name: string): string => sha256(readFileSync(join(models, name)));
const listing = (): string[] => (existsSync(models) ? readdirSync(models).sort() : []);

test("an unknown name is refused with the names of the catalogue", async () => {
  const error = await failureOf(pullModel("no-such-model"));
  expect(error.code).toBe("pull/unknown-model");
  for (const { name } of CATALOGUE) expect(error.message).toContain(name);
});

test("digests are those of sha256sum and git hash-object", async () => {
  const path = join(temporaryFolder(), "hello");
  writeFileSync(path, "hello\n");
  expect(await digestFile(path)).toEqual({
    sha256: "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
    gitBlob: "ce013625030ba8dba906f756967f9e9ca394464a",
    size: 6,
  });
});

test.each([
  ["arnoweng-chexnet", "git blob id", "14922ae7de18767793f6ac85cf51df950327d96c"],
  ["zoogzog-chexnet", "git blob id", "003f3dc833b89d4f0b4e2b7307d93e1761785fb7"],
  ["jrzech-chexnet", "git blob id", "637c09c2e4295febb266679b18036db052c40f79"],
  ["jrzech-chexnet-old", "git blob id", "0fb3335f92897149d3a52ce69eb84c03be8dbc82"],
  ["imagenet", "SHA-256", "a639ec97"],
])("another file than the published %s is refused by its %s and not kept", async (name, kind, expected) => {
  const server = await serve(file(first));
  const error = await failureOf(pullModel(name, { url: server.url }));
  expect(error.code).toBe("pull/wrong-hash");
  expect(error.message).toContain(kind);
  expect(error.message).toContain(expected);
  expect(error.details).toMatchObject({ name, expected });
  expect(server.seen).toHaveLength(1);
  expect(listing()).toEqual([]);
});

test("the first download of a model without a published hash is recorded, in any case of its name", async () => {
  const server = await serve(file(first));
  const pulled = await pullModel("XRV-All", { url: server.url });
  expect(pulled).toMatchObject({
    path: join(models, "xrv-all.pt"),
    sha256: sha256(first.body),
    size: first.body.length,
    wasHere: false,
    isFirst: true,
    name: "xrv-all",
    licence: "Apache-2.0",
  });
  expect(stored("xrv-all.pt")).toBe(sha256(first.body));
  expect(listing()).toEqual(["xrv-all.pt", "xrv-all.pt.sha256"]);
  expect(readFileSync(join(models, "xrv-all.pt.sha256"), "utf8")).toBe(`${sha256(first.body)}\n`);
});

test("a model that is here is verified again and not fetched", async () => {
  const server = await serve(file(first));
  await pullModel("xrv-nih", { url: server.url });
  const again = await pullModel("xrv-nih", { url: server.url });
  expect(again).toMatchObject({ wasHere: true, isFirst: false, sha256: sha256(first.body) });
  expect(server.seen).toHaveLength(1);
});

test("a model that was damaged on this machine is fetched again, and must equal its first download", async () => {
  const server = await serve(file(first));
  const { path } = await pullModel("xrv-nih", { url: server.url });
  writeFileSync(path, second.body);
  const again = await pullModel("xrv-nih", { url: server.url });
  expect(again).toMatchObject({ wasHere: false, isFirst: false });
  expect(stored("xrv-nih.pt")).toBe(sha256(first.body));
  expect(server.seen).toHaveLength(2);
});

test("a later download that differs from the first is refused, and the record stays", async () => {
  const server = await serve(file(first), file(second), file(first));
  const { path } = await pullModel("xrv-pc", { url: server.url });
  writeFileSync(path, madeBody(10));
  const error = await failureOf(pullModel("xrv-pc", { url: server.url }));
  expect(error).toMatchObject({
    code: "pull/wrong-hash",
    details: { expected: expect.stringContaining(sha256(first.body)) },
  });
  expect(error.message).toContain(sha256(second.body));
  expect(listing().filter((name) => name.includes(".part"))).toEqual([]);
  const good = await pullModel("xrv-pc", { url: server.url });
  expect(good.sha256).toBe(sha256(first.body));
});

test("models are recorded apart: pulling one leaves the record of another", async () => {
  const server = await serve(file(first), file(second), file(first));
  const { path } = await pullModel("xrv-chex", { url: server.url });
  await pullModel("xrv-rsna", { url: server.url });
  writeFileSync(path, madeBody(10));
  expect(await pullModel("xrv-chex", { url: server.url })).toMatchObject({ isFirst: false });
  expect(stored("xrv-chex.pt")).toBe(sha256(first.body));
  expect(stored("xrv-rsna.pt")).toBe(sha256(second.body));
});

test("two models pulled at the same time are both recorded", async () => {
  const server = await serve(file(first));
  const names = ["xrv-nih", "xrv-pc", "xrv-chex", "xrv-rsna"];
  await Promise.all(names.map((name) => pullModel(name, { url: server.url })));
  const again = await Promise.all(names.map((name) => pullModel(name, { url: server.url })));
  expect(again.map(({ isFirst }) => isFirst)).toEqual([false, false, false, false]);
});

test.each(["{ torn", "null", "[]", '"text"'])(
  "a record that reads %s is an error that says how to begin anew",
  async (text) => {
    const server = await serve(file(first));
    mkdirSync(models, { recursive: true });
    writeFileSync(join(models, "xrv-all.pt.sha256"), text);
    const error = await failureOf(pullModel("xrv-all", { url: server.url }));
    expect(error.code).toBe("pull/bad-record");
    expect(error.message).toContain(join(models, "xrv-all.pt.sha256"));
  },
);

test("a model is fetched from its publisher's host unless another is given", async () => {
  const server = await serve(status(404));
  const proxy = await startProxy(server.port);
  process.env["HTTPS_PROXY"] = proxy.url;
  onTestFinished(() => {
    delete process.env["HTTPS_PROXY"];
  });
  // The proxy's tunnel ends on this machine, where nothing speaks TLS.
  const error = await failureOf(pullModel("xrv-all", { pauseMs: 1, stallMs: 2000 }));
  expect(new Set(proxy.requests)).toEqual(new Set(["CONNECT github.com:443"]));
  expect(error.code).toMatch(/^download\//);
  expect(error.message).toContain("https://github.com/mlmed/torchxrayvision/releases/download/v1/");
});

test("an interrupted pull keeps its part and places nothing; the next one asks for the rest", async () => {
  const server = await serve(file(first, { cutAfter: 20_000 }), file(first));
  const stop = new AbortController();
  const onProgress = ({ received }: { received: number }) => {
    if (received === 20_000) stop.abort();
  };
  await failureOf(pullModel("xrv-all", { url: server.url, signal: stop.signal, onProgress }));
  expect(listing()).toEqual(["xrv-all.pt.part", "xrv-all.pt.part.json"]);
  await pullModel("xrv-all", { url: server.url });
  expect(server.seen[1]).toMatchObject({ range: "bytes=20000-", sent: 40_000 });
  expect(stored("xrv-all.pt")).toBe(sha256(first.body));
});

test("of two first downloads at once that differ, one is kept and recorded, and the other refused", async () => {
  const one = await serve(file(first));
  const other = await serve(file(second));
  const ends = await Promise.allSettled(
    [one, other].map(({ url }) => pullModel("xrv-pc", { url, pauseMs: 1 })),
  );
  expect(ends.map(({ status: end }) => end).sort()).toEqual(["fulfilled", "rejected"]);
  const [failed] = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
  expect(failed).toMatchObject({ code: "pull/wrong-hash" });
  const kept = stored("xrv-pc.pt");
  expect(readFileSync(join(models, "xrv-pc.pt.sha256"), "utf8")).toBe(`${kept}\n`);
  expect(listing()).toEqual(["xrv-pc.pt", "xrv-pc.pt.sha256"]);
});
