import { afterEach, expect, test } from "vitest";
import { startProxy } from "./proxy.ts";
import { file, madeBody, serve } from "./server.ts";
import { Place, sha256 } from "./try-download.ts";

const version = { body: madeBody(50_000), etag: '"one"' };

afterEach(() => {
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy"]) delete process.env[name];
});

test.each(["HTTP_PROXY", "http_proxy"])("%s is asked for a host that only it can reach", async (variable) => {
  const server = await serve(file(version));
  const proxy = await startProxy(server.port);
  process.env[variable] = proxy.url;
  const place = new Place();
  await place.fetch("http://models.invalid/a/model.pt");
  expect(proxy.requests).toHaveLength(1);
  expect(proxy.requests[0]).toMatch(
    /^(GET http:\/\/models\.invalid\/a\/model\.pt|CONNECT models\.invalid:80)$/,
  );
  expect(server.seen.map(({ path }) => path)).toEqual(["/a/model.pt"]);
  expect(place.sha256).toBe(sha256(version.body));
});

test("HTTPS_PROXY is asked for a tunnel to an https host, with the host's name", async () => {
  const server = await serve(file(version));
  const proxy = await startProxy(server.port);
  process.env["HTTPS_PROXY"] = proxy.url;
  // No TLS is spoken behind the tunnel: the download fails, but through the proxy.
  await expect(new Place().fetch("https://models.invalid/model.pt")).rejects.toThrow(
    "https://models.invalid/model.pt",
  );
  expect(new Set(proxy.requests)).toEqual(new Set(["CONNECT models.invalid:443"]));
});

test.each(["127.0.0.1", "localhost,127.0.0.1", "*"])(
  "hosts in NO_PROXY=%s are asked directly",
  async (hosts) => {
    const server = await serve(file(version));
    const proxy = await startProxy(server.port);
    process.env["HTTP_PROXY"] = proxy.url;
    process.env["NO_PROXY"] = hosts;
    const place = new Place();
    await place.fetch(server.url);
    expect(proxy.requests).toEqual([]);
    expect(server.seen).toHaveLength(1);
    expect(place.sha256).toBe(sha256(version.body));
  },
);

test("a proxy that does not run is named as the cause, not passed by", async () => {
  const server = await serve(file(version));
  process.env["HTTP_PROXY"] = "http://127.0.0.1:9";
  await expect(new Place().fetch(server.url)).rejects.toThrow(/ECONNREFUSED/);
  expect(server.seen).toEqual([]);
});
