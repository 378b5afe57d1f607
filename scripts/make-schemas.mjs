/**
 * Writes docs/schemas/*.json, in JSON Schema draft 7, from the schemas of src/ (built: dist/results/documents.js).
 *
 * node scripts/make-schemas.mjs [folder]
 *
 * Conditions that JSON Schema cannot express (unique labels, ascending breakpoints) are checked by the program alone.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { toJsonSchema } from "@valibot/to-json-schema";
import { DOCUMENTS } from "../dist/results/documents.js";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Conditions that only the program checks. Numbers in JSON are always finite. */
const UNSAID = ["check", "raw_check", "finite"];

/** Metadata about command-line options. */
const OF_OPTIONS = ["value", "without"];

/** Remove what is not part of JSON Schema, and bounds that stand for none. */
function plain(schema) {
  if (Array.isArray(schema)) return schema.map(plain);
  if (typeof schema !== "object" || schema === null) return schema;
  const isSchema = ["type", "anyOf", "enum", "const"].some((key) => Object.hasOwn(schema, key));
  const entries = Object.entries(schema).filter(
    ([key, value]) =>
      !(isSchema && OF_OPTIONS.includes(key) && typeof value === "string") &&
      !(key === "maximum" && value >= Number.MAX_SAFE_INTEGER),
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, plain(value)]));
}

function jsonSchema({ name, version, title, description, schema, parts = {} }) {
  const { $schema, ...rest } = toJsonSchema(schema, { ignoreActions: UNSAID, definitions: parts });
  return {
    $schema,
    $id: `urn:medical-x:${name}:${version}`,
    title: `${title} (medical-x/${name}@${version})`,
    description,
    ...plain(rest),
  };
}

const folder = process.argv[2] ?? join(ROOT, "docs", "schemas");
mkdirSync(folder, { recursive: true });
for (const document of DOCUMENTS) {
  const text = `${JSON.stringify(jsonSchema(document), null, 2)}\n`;
  writeFileSync(join(folder, `${document.name}.json`), text);
}
