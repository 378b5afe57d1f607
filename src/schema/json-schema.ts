/**
 * Schemas as JSON Schema (draft 7), for docs/schemas/ and for the description of the HTTP API.
 *
 * Knows: schemas. Conditions that JSON Schema cannot express (unique labels, ascending breakpoints) are checked by the
 *        program alone.
 */

import { toJsonSchema } from "@valibot/to-json-schema";
import type { Schema } from "./schema.ts";

/** Conditions that only the program checks. Numbers in JSON are always finite. */
const UNSAID = ["check", "raw_check", "finite"] as const;

/** Metadata about command-line options. */
const OF_OPTIONS = ["value", "without"];

/** JSON Schema as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Remove what is not part of JSON Schema, and bounds that stand for none. */
function plain(schema: unknown): unknown {
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

/**
 * A schema as JSON Schema.
 *
 * @param parts  Parts that occur several times, by name; they become definitions.
 */
export function jsonSchemaOf(schema: Schema, parts: Readonly<Record<string, Schema>> = {}): JsonSchema {
  const made = toJsonSchema(schema as never, {
    ignoreActions: [...UNSAID],
    definitions: { ...parts } as never,
  });
  return plain(made) as JsonSchema;
}
