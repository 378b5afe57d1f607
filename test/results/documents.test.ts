import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { DOCUMENTS } from "../../src/results/documents.ts";
import { SCHEMA_NAMES, SCHEMAS, schemaErrors } from "../support/json-schema.ts";

const folder = mkdtempSync(join(tmpdir(), "medical-x-schemas-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("docs/schemas is what scripts/make-schemas.mjs makes", () => {
  const script = fileURLToPath(new URL("../../scripts/make-schemas.mjs", import.meta.url));
  execFileSync(process.execPath, [script, folder]);
  expect(readdirSync(folder).sort()).toEqual(readdirSync(SCHEMAS).sort());
  for (const file of readdirSync(folder)) {
    expect(readFileSync(join(SCHEMAS, file), "utf8"), file).toBe(readFileSync(join(folder, file), "utf8"));
  }
});

test("there is a file for each kind of document, with an id, a title and a description", () => {
  expect(SCHEMA_NAMES).toEqual(DOCUMENTS.map(({ name }) => name).sort());
  for (const { name, version } of DOCUMENTS) {
    const schema = JSON.parse(readFileSync(join(SCHEMAS, `${name}.json`), "utf8"));
    expect(schema.$id).toBe(`urn:medical-x:${name}:${version}`);
    expect(schema.title).toContain(`medical-x/${name}@${version}`);
    expect(schema.description).toMatch(/^[A-Z].*\.$/);
  }
});

test("docs/formats.md links each of them", () => {
  const page = readFileSync(new URL("../../docs/formats.md", import.meta.url), "utf8");
  expect(SCHEMA_NAMES.filter((name) => !page.includes(`(schemas/${name}.json)`))).toEqual([]);
});

test("a value that is not as a schema says is found out", () => {
  const failed = { schema: "medical-x/prediction@1", image: "x.png", error: { code: "a/b", message: "m" } };
  expect(schemaErrors("prediction", failed)).toEqual([]);
  expect(schemaErrors("prediction", { ...failed, error: {} })).not.toEqual([]);
  expect(schemaErrors("prediction", { ...failed, more: 1 })).not.toEqual([]);
  expect(schemaErrors("prediction", { ...failed, more: 1 }, "open")).toEqual([]);
  expect(schemaErrors("card", { operatingPoints: { Mass: 2 } })).toEqual([
    expect.stringContaining("/operatingPoints/Mass must be <= 1"),
  ]);
});
