import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageFile } from "../../src/node/package-file.ts";
import { apiPage } from "../../src/server/docs/api-page.ts";
import { shellExamples } from "../../src/server/docs/shell-examples.ts";
import type { RunningServer } from "../../src/server/start.ts";
import { serveDemo } from "./serve-demo.ts";

const folder = mkdtempSync(join(tmpdir(), "medical-x-docs-"));
let server: RunningServer;
beforeAll(async () => {
  for (const name of ["xray.png", "first.png", "second.dcm"])
    copyFileSync(packageFile("examples/images/00000004_000.png"), join(folder, name));
  server = await serveDemo({ basePath: "/reader/" });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

interface Document {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly summary?: string }>>>>;
}
const document = async (): Promise<Document> =>
  (await fetch(new URL("api/openapi.json", server.url))).json() as Promise<Document>;

const asData = (found: unknown) => structuredClone(found) as Record<string, unknown>;

test("the document is valid OpenAPI 3.1", async () => {
  const found = await document();
  expect(found.openapi).toBe("3.1.0");
  expect(found.servers).toEqual([{ url: "/reader" }]);
  const { valid, errors } = await new Validator().validate(asData(found));
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  const broken = { ...found, paths: { ...found.paths, "no-slash": {} } };
  expect((await new Validator().validate(asData(broken))).valid).toBe(false);
});

test("it has every path of the API, each with a summary", async () => {
  const { paths } = await document();
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(all).toEqual(
    expect.arrayContaining([
      ...["post /api/predict", "get /api/model", "get /api/examples", "get /api/openapi.json"],
      ...[
        "get /healthz",
        "get /readyz",
        "get /metrics",
        "get /v2",
        "get /v2/health/live",
        "get /v2/health/ready",
      ],
      ...["get /v2/models/{model}", "get /v2/models/{model}/ready", "post /v2/models/{model}/infer"],
      ...["post /v2/models/{model}/versions/{version}/infer"],
    ]),
  );
  const silent = Object.entries(paths).flatMap(([path, methods]) =>
    Object.values(methods).flatMap(({ summary }) => (summary === undefined ? [path] : [])),
  );
  expect(silent).toEqual([]);
  expect(all.filter((path) => path.includes("engine"))).toEqual([]);
});

test("the page shows every path, and needs no script and no other origin", async () => {
  const answer = await fetch(new URL("api/docs", server.url));
  expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
  const html = await answer.text();
  for (const path of Object.keys((await document()).paths)) expect(html).toContain(` ${path}</code>`);
  expect(html).not.toMatch(/<script|style=|onclick|(?:src|href)="https?:/);
  expect(html).toContain(`SERVER=${server.url}`);
  const style = await fetch(new URL("api/docs.css", server.url));
  expect(style.headers.get("content-type")).toBe("text/css; charset=utf-8");
  await style.text();
});

test("words of a document cannot become tags", () => {
  const name = "<script>alert(1)</script>";
  const html = apiPage(
    { info: { title: name, version: name, description: name } },
    {},
    `http://x/"${name}`,
    true,
  );
  expect(html).not.toContain("<script>");
});

test("each example belongs to a path", async () => {
  const { paths } = await document();
  for (const key of Object.keys(shellExamples("demo"))) {
    const [method = "", path = ""] = key.split(" ");
    expect(Object.keys(paths[path] ?? {}), key).toContain(method);
  }
});

const hasCurl = await promisify(execFile)("curl", ["--version"]).then(
  () => true,
  () => false,
);

test.skipIf(!hasCurl)("the examples work as they are (needs curl)", async () => {
  for (const [key, commands] of Object.entries(shellExamples("demo"))) {
    const env = { ...process.env, SERVER: server.url, no_proxy: "*" };
    const script = `set -e\n${commands.replaceAll("curl ", "curl --silent --show-error --fail ")}`;
    const { stdout } = await promisify(execFile)("sh", ["-c", script], { cwd: folder, env });
    expect(stdout.length, key).toBeGreaterThan(20);
    if (key.startsWith("post")) expect(stdout, key).toContain("probabilities");
  }
});

/** The commands of a page that send something to a server of this machine, as they stand there. */
const curlBlocks = (page: string): string[] =>
  [...readFileSync(packageFile(page), "utf8").matchAll(/^```sh\n([\s\S]*?)^```/gm)]
    .map(([, block]) => block!)
    .filter((block) => block.includes("curl") && !block.includes("token"));

test.skipIf(!hasCurl)(
  "the commands of README.md and docs/server.md work as they are (needs curl)",
  async () => {
    copyFileSync(join(folder, "first.png"), join(folder, "one.png"));
    copyFileSync(join(folder, "second.dcm"), join(folder, "two.dcm"));
    const blocks = ["README.md", "docs/server.md"].map(curlBlocks);
    expect(blocks.map(({ length }) => length)).toEqual([1, 2]);
    for (const block of blocks.flat()) {
      const commands = block
        .replaceAll("http://127.0.0.1:8080/", server.url)
        .replaceAll("curl ", "curl --silent --show-error --fail ");
      const { stdout } = await promisify(execFile)("sh", ["-c", `set -e\n${commands}`], { cwd: folder });
      expect(stdout, block).toContain("probabilities");
    }
  },
);
