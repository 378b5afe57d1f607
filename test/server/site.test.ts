import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageFile } from "../../src/node/package-file.ts";
import { DRAWN, EXAMPLES } from "../../src/server/site/examples.ts";
import { PAGE_POLICY, SECURITY_HEADERS, WORKER_POLICY } from "../../src/server/site/headers.ts";
import { siteOf } from "../../src/server/site/site.ts";
import { ENGINE_FILES } from "../../src/server/site/site-files.ts";
import { schemaErrors } from "../support/json-schema.ts";

const ROOT = join(import.meta.dirname, "../..");
const MODEL = {
  name: "my model.pth",
  path: "/models/my model.pth",
  sha256: "0".repeat(64),
  bytes: 3,
  card: { trainedOn: "phantoms" },
} as const;

test("what was drawn in the examples is what their label file says", () => {
  const rows = readFileSync(join(ROOT, "examples/Data_Entry_2017.csv"), "utf8").split("\n").slice(1);
  const labels = new Map(rows.map((row) => row.split(",").slice(0, 2) as [string, string]));
  for (const { file, findings } of DRAWN) {
    const expected = labels.get(file) === "No Finding" ? [] : labels.get(file)?.split("|");
    expect(findings.toSorted(), file).toEqual(expected?.toSorted());
  }
});

test("notes of the examples are sentences that name what was drawn", () => {
  expect(EXAMPLES.map(({ note }) => note)).toContain(
    "Drawn by a program, not an image of a patient. Drawn findings: effusion and mass.",
  );
  expect(EXAMPLES.at(-1)!.note).toBe("Drawn by a program, not an image of a patient. No finding was drawn.");
});

test("the package ships the examples, and together they have less than 1.5 MB", () => {
  const { files } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const shipped = DRAWN.map(({ file }) => `examples/images/${file}`);
  expect(files.filter((file: string) => file.startsWith("examples/")).sort()).toEqual(shipped.toSorted());
  const bytes = shipped.reduce((sum, file) => sum + statSync(join(ROOT, file)).size, 0);
  expect(bytes).toBeLessThan(1_500_000);
});

test("the engine's files are the WebAssembly of dist/browser, the scripts that start it, and the licences", () => {
  const fetched = readdirSync(packageFile("dist/browser")).filter((name) =>
    /\.(?:wasm|mjs)$|^vips-es6\.js$|^LICENSES\.txt$/.test(name),
  );
  expect([...ENGINE_FILES].sort()).toEqual(fetched.sort());
});

test("page.json is as its schema says, and names files by URLs relative to the page", () => {
  const { page, files } = siteOf(MODEL, "both");
  expect(schemaErrors("page", page)).toEqual([]);
  expect(page.model).toEqual({
    name: "my model.pth",
    file: `model/${"0".repeat(64)}/my%20model.pth`,
    sha256: "0".repeat(64),
    bytes: 3,
    card: { trainedOn: "phantoms" },
  });
  expect(page.compute).toBe("both");
  const paths = files.map(({ path }) => path);
  expect(paths).toContain(`model/${"0".repeat(64)}/my model.pth`);
  expect(paths).toContain("index.html");
  expect(paths).toEqual(expect.arrayContaining(page.examples.map(({ file }) => file)));
  expect(new Set(paths).size).toBe(paths.length);
});

test("files whose names say what is in them are kept for good, others are asked for", () => {
  const keeping = new Map(siteOf(MODEL, "browser").files.map((file) => [file.path, file.keeping]));
  expect(keeping.get("index.html")).toBe("ask");
  expect(keeping.get("engine/vips.wasm")).toBe("ask");
  expect(keeping.get(`model/${"0".repeat(64)}/my model.pth`)).toBe("forever");
  const assets = [...keeping].filter(([path]) => path.startsWith("assets/"));
  expect(assets.length).toBeGreaterThan(0);
  for (const [path, kept] of assets) {
    expect(path).toMatch(/-[\w-]{8}\.\w+$/);
    expect(kept).toBe("forever");
  }
});

test("only the worker that decodes may evaluate strings, and nobody has inline scripts or another origin", () => {
  const withEval = siteOf(MODEL, "browser").files.filter(({ policy }) => policy.includes("'unsafe-eval'"));
  const paths = withEval.map(({ path }) => path.replace(/-[\w-]{8}\.js$/, ".js"));
  expect(paths.sort()).toEqual(["assets/page-worker.js", "engine/vips-es6.js"]);
  expect(SECURITY_HEADERS["content-security-policy"]).toBe(PAGE_POLICY);
  for (const policy of [PAGE_POLICY, WORKER_POLICY]) expect(policy).not.toMatch(/inline|https?:|\*/);
});
