/**
 * Settings: fields with a default, and with what a list of options says of them.
 *
 * Knows: schemas. Not what the settings are of.
 */

import * as v from "valibot";
import { object, type Schema } from "./schema.ts";

/** What a setting is beside its schema. */
export interface SettingFacts<T> {
  readonly default: T;
  /** What its value is called in a call: `n`, `file`. A switch that has none is on or off by its name alone. */
  readonly value?: string;
  /** For a switch that is on by default: what leaving it off means. */
  readonly without?: string;
}

/** A field with a default, which may be left out. @param description  A phrase, as in a list of options. */
// @__NO_SIDE_EFFECTS__
export function setting<const S extends Schema>(
  description: string,
  schema: S,
  facts: SettingFacts<v.InferOutput<S>>,
) {
  const { default: standard, ...rest } = facts;
  const told = v.pipe(schema, v.description(description), v.metadata(rest));
  return v.optional(told, () => standard);
}

/** A setting as one who asks for its value needs it. */
export interface SettingOutline {
  readonly description: string;
  readonly default: unknown;
  readonly value?: string;
  readonly without?: string;
  readonly type: "number" | "text" | "list" | "choice" | "switch";
  /** Of a choice. */
  readonly choices: readonly string[];
}

const TYPES: Readonly<Record<string, SettingOutline["type"]>> = {
  number: "number",
  string: "text",
  array: "list",
  picklist: "choice",
  boolean: "switch",
};

/** What a `setting` was written with. */
export function outlineOf(schema: v.OptionalSchema<Schema, unknown>): SettingOutline {
  const told = schema.wrapped;
  let inner: Schema & { readonly wrapped?: Schema; readonly options?: readonly string[] } = told;
  while (inner.wrapped !== undefined) inner = inner.wrapped;
  const type = TYPES[inner.type];
  if (type === undefined) throw new TypeError(`a setting cannot be of the type ${inner.type}`);
  return {
    ...(v.getMetadata(told) as Pick<SettingFacts<unknown>, "value" | "without">),
    description: v.getDescription(told) ?? "",
    default: v.getDefault(schema),
    type,
    choices: inner.options ?? [],
  };
}

/** Settings that need not all be there, and have no defaults: as a file brings them back. */
// @__NO_SIDE_EFFECTS__
export function asWritten<const E extends Readonly<Record<string, v.OptionalSchema<Schema, unknown>>>>(
  entries: E,
) {
  const fields = Object.entries(entries).map(([name, { wrapped }]) => [name, v.exactOptional(wrapped)]);
  return object(
    Object.fromEntries(fields) as {
      readonly [K in keyof E]: v.ExactOptionalSchema<E[K]["wrapped"], undefined>;
    },
  );
}
