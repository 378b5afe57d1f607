import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { writeExport } from "../../src/cli/serve-export.ts";
import { exportSite } from "../../src/server/export/export-site.ts";
import { hostFiles } from "../../src/server/export/host-files.ts";
import { PAGE_POLICY, WORKER_POLICY } from "../../src/server/site/headers.ts";
import type { Site } from "../../src/server/site/site.ts";
import type { SiteFile } from "../../src/server/site/site-files.ts";

const folder = mkdtempSync(join(tmpdir(), "medical-x-export-"));
afterAll(() => rmSync(folder, { recursive: true }));

const source = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const sha256 = (text: string | Uint8Array): string => createHash("sha256").update(text).digest("hex");

const MODEL = "weights";
const FILES: readonly SiteFile[] = [
  { path: "index.html", source: source("index.html", "<p>page"), keeping: "ask", policy: PAGE_POLICY },
  { path: "assets/w-1.js", source: source("w-1.js", "worker"), keeping: "forever", policy: WORKER_POLICY },
  {
    path: `model/${sha256(MODEL)}/m.pth`,
    source: source("m.pth", MODEL),
    keeping: "forever",
    policy: PAGE_POLICY,
  },
];
const SITE: Site = {
  page: {
    schema: "medical-x/page@1",
    version: "0.1.0",
    model: { name: "m.pth", file: `model/${sha256(MODEL)}/m.pth`, sha256: sha256(MODEL), bytes: 7 },
    examples: [],
    compute: "browser",
  },
  files: FILES,
};
const MADE = [".htaccess", ".nojekyll", "README.txt", "_headers", "files.json", "nginx.conf", "page.json"];

let round = 0;
let out = "";
beforeEach(() => {
  round += 1;
  out = join(folder, `round-${round}`, "site");
});
/** Everything beside and in the export. */
const everything = (): string[] =>
  readdirSync(join(folder, `round-${round}`), { recursive: true, encoding: "utf8" }).sort();
const filesIn = (): string[] =>
  everything()
    .map((path) => path.replace(/^site\/?/, ""))
    .filter((path) => path !== "" && statSync(join(out, path)).isFile());

test("an export holds the site's files, page.json, configurations and a list with sizes and hashes", async () => {
  const seen: number[] = [];
  const exported = await exportSite(SITE, out, { onProgress: (done, total) => seen.push(done, total) });
  expect(filesIn().sort()).toEqual([...FILES.map(({ path }) => path), ...MADE].sort());
  expect(JSON.parse(readFileSync(join(out, "page.json"), "utf8"))).toEqual(SITE.page);
  const { files } = JSON.parse(readFileSync(join(out, "files.json"), "utf8"));
  for (const { path, bytes, sha256: hash } of files) {
    const content = readFileSync(join(out, path));
    expect([bytes, hash], path).toEqual([content.length, sha256(content)]);
  }
  const sizes = filesIn().map((path) => statSync(join(out, path)).size);
  expect(exported).toEqual({ folder: out, files: 10, bytes: sizes.reduce((a, b) => a + b) });
  expect(seen).toEqual([7, 20, 13, 20, 20, 20]);
});

test("an earlier export is replaced as a whole, and nothing is left beside it", async () => {
  await exportSite(SITE, out);
  await exportSite({ ...SITE, files: FILES.filter(({ path }) => !path.startsWith("assets/")) }, out);
  expect(existsSync(join(out, "assets"))).toBe(false);
  expect(everything().filter((path) => !path.startsWith("site"))).toEqual([]);
});

test("an empty folder is taken", async () => {
  await mkdir(out, { recursive: true });
  await exportSite(SITE, out);
  expect(filesIn()).toContain("index.html");
});

test("a folder with anything else in it is refused and stays as it is", async () => {
  await exportSite(SITE, out);
  writeFileSync(join(out, "CNAME"), "xray.example.org");
  const before = everything();
  await expect(exportSite(SITE, out)).rejects.toMatchObject({
    code: "export/folder-taken",
    message: `${out}: it holds CNAME, which no export wrote; name a new or an empty folder`,
  });
  expect(everything()).toEqual(before);
});

test("a list that is not an export's own makes no folder ours", async () => {
  await mkdir(out, { recursive: true });
  writeFileSync(join(out, "files.json"), JSON.stringify({ files: [] }));
  await expect(exportSite(SITE, out)).rejects.toMatchObject({ code: "export/folder-taken" });
});

test("a file in place of the folder is refused", async () => {
  await mkdir(join(out, ".."), { recursive: true });
  writeFileSync(out, "");
  await expect(exportSite(SITE, out)).rejects.toMatchObject({ code: "file/not-regular" });
});

test("an interrupted export leaves what was there before, and nothing half-written", async () => {
  await exportSite(SITE, out);
  const before = everything();
  const stop = new AbortController();
  const reason = new Error("stopped");
  const onProgress = (done: number) => {
    if (done > 7) stop.abort(reason);
  };
  await expect(exportSite(SITE, out, { signal: stop.signal, onProgress })).rejects.toBe(reason);
  expect(everything()).toEqual(before);
  await expect(exportSite(SITE, `${out}-new`, { signal: stop.signal })).rejects.toBe(reason);
  expect(everything()).toEqual(before);
});

test("a model that is no longer what page.json says ends the export", async () => {
  const site: Site = {
    ...SITE,
    page: { ...SITE.page, model: { ...SITE.page.model, sha256: "0".repeat(64) } },
  };
  await expect(exportSite(site, out)).rejects.toMatchObject({ code: "export/model-changed" });
  expect(everything()).toEqual([]);
});

test("_headers sets each policy by one rule, so that no host joins two", () => {
  const rules = hostFiles(FILES)
    ["_headers"]!.split(/\n(?=\S)/)
    .map((rule) => rule.trim().split("\n"));
  const withPolicy = rules.filter((lines) => lines.some((line) => line.includes("Content-Security-Policy")));
  expect(withPolicy.map(([path]) => path)).toEqual([
    "/",
    "/index.html",
    "/service-worker.js",
    "/assets/w-1.js",
  ]);
  const everywhere = rules.find(([path]) => path === "/*")!;
  expect(everywhere).toContain("  Cross-Origin-Opener-Policy: same-origin");
  expect(everywhere).toContain("  Cross-Origin-Embedder-Policy: require-corp");
  expect(rules.find(([path]) => path === "/model/*")).toEqual([
    "/model/*",
    "  Cache-Control: public, max-age=31536000, immutable",
  ]);
});

test("Apache and nginx give the worker's own policy to the worker alone", () => {
  const { ".htaccess": apache, "nginx.conf": nginx } = hostFiles(FILES) as Record<string, string>;
  expect(apache).toContain(
    `<FilesMatch "^(w-1\\.js)$">\n  Header always set Content-Security-Policy "${WORKER_POLICY}"`,
  );
  expect(nginx).toContain(`"~/assets/w-1\\.js$" "${WORKER_POLICY}";`);
});

test("README.txt says what it is, and warns of a host that refuses its largest file", async () => {
  const large = { ...FILES[0]!, path: "engine/large.wasm", source: source("large.wasm", "") };
  writeFileSync(large.source, new Uint8Array(27_000_000));
  await exportSite(SITE, out);
  const small = readFileSync(join(out, "README.txt"), "utf8");
  expect(small).toContain("For research and education only.");
  expect(small).toContain("cross-origin-embedder-policy: require-corp");
  expect(small).not.toContain("25 MiB");
  await exportSite({ ...SITE, files: [...FILES, large] }, out);
  expect(readFileSync(join(out, "README.txt"), "utf8")).toContain("The largest file here has 27 MB");
});

test("the command refuses a choice that an exported page cannot offer", async () => {
  const flags = { pageCompute: "both", model: "demo" } as const;
  await expect(writeExport(out, flags)).rejects.toMatchObject({
    code: "export/no-server",
    category: "usage",
  });
});
