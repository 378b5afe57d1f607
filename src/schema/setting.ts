/**
 * Settings: fields with a default and with the help that a list of options prints.
 *
 * Knows: schemas. Not what the settings control.
 */

import * as v from "valibot";
import { object, type Schema } from "./schema.ts";

/** What belongs to a setting besides its schema. */
export interface SettingFacts<T> {
  readonly default: T;
  /** The placeholder for its value: `n`, `file`. A switch without one is turned on or off by its name alone. */
  readonly value?: string;
  /** For a switch that is on by default: what turning it off means. */
  readonly without?: string;
}

/** An optional field with a default. @param description  A phrase, as in a list of options. */
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

/** A setting as a program needs it in order to ask for its value. */
export interface SettingOutline {
  readonly description: string;
  readonly default: unknown;
  readonly value?: string;
  readonly without?: string;
  readonly type: "number" | "text" | "list" | "choice" | "switch";
  /** The values of a choice; empty for other types. */
  readonly choices: readonly string[];
}

const TYPES: Readonly<Record<string, SettingOutline["type"]>> = {
  number: "number",
  string: "text",
  array: "list",
  picklist: "choice",
  boolean: "switch",
};

/** The outline of a schema that `setting` made. */
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

/** The same settings, all optional and without defaults, as they are read back from a file. */
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
