/** Checks JSON against the files in docs/schemas/ with ajv, which is independent of how they were made. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv, type ErrorObject } from "ajv";

export const SCHEMAS = fileURLToPath(new URL("../../docs/schemas/", import.meta.url));

/** The same schema, but it allows no fields that it does not name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)]);
  const isObject = typeof (schema as { properties?: unknown }).properties === "object" && "type" in schema;
  return { ...Object.fromEntries(entries), ...(isObject ? { additionalProperties: false } : {}) };
}

const load = (name: string) => JSON.parse(readFileSync(join(SCHEMAS, `${name}.json`), "utf8"));

/** The names of the schemas. */
export const SCHEMA_NAMES: readonly string[] = readdirSync(SCHEMAS)
  .map((file) => file.replace(/\.json$/, ""))
  .sort();

/**
 * What is wrong with a value according to a schema in docs/schemas/; empty if it is valid.
 *
 * @param how  `open`: as the file has it. `closed`: fields that it does not name are wrong, too.
 */
export function schemaErrors(name: string, value: unknown, how: "open" | "closed" = "closed"): string[] {
  const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true });
  const validate = ajv.compile(how === "open" ? load(name) : (closed(load(name)) as object));
  if (validate(value)) return [];
  return validate.errors!.map(
    ({ instancePath, message, params }: ErrorObject) =>
      `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
