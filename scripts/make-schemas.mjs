/**
 * Writes docs/schemas/*.json, in JSON Schema draft 7, from the schemas of src/ (built: dist/results/documents.js).
 *
 * node scripts/make-schemas.mjs [folder]
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DOCUMENTS } from "../dist/results/documents.js";
import { jsonSchemaOf } from "../dist/schema/json-schema.js";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

function jsonSchema({ name, version, title, description, schema, parts }) {
  const { $schema, ...rest } = jsonSchemaOf(schema, parts);
  return {
    $schema,
    $id: `urn:medical-x:${name}:${version}`,
    title: `${title} (medical-x/${name}@${version})`,
    description,
    ...rest,
  };
}

const folder = process.argv[2] ?? join(ROOT, "docs", "schemas");
mkdirSync(folder, { recursive: true });
for (const document of DOCUMENTS) {
  const text = `${JSON.stringify(jsonSchema(document), null, 2)}\n`;
  writeFileSync(join(folder, `${document.name}.json`), text);
}
