/**
 * Schemas: what a piece of JSON holds, written once. Types, checks of what is read back, and the files in docs/schemas/
 * are all derived from it.
 *
 * A schema's messages say what a value must be ("must be a number from 0 to 1"); `check` puts the path of the field
 * before it and the value that was found after it. Fields that a schema does not name are dropped from the result.
 *
 * Knows: valibot, which nothing else imports but `setting.ts` beside it. Not what the schemas describe.
 */

import * as v from "valibot";
import { quote } from "../errors.ts";
import { jsonFault } from "./json-fault.ts";
import { type Problem, pathOf, type Refusal, refused, sentence } from "./refusal.ts";

export type Schema = v.GenericSchema;

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

/** The type of the values that a schema accepts, read-only at every depth. */
export type Of<S extends Schema> = Frozen<v.InferOutput<S>>;

/**
 * A schema of which only the type of its values is known. The declared type of a whole document nests so many schemas that
 * a compiler gives up on it; parts of this type keep it shallow.
 */
export type SchemaOf<T> = v.GenericSchema<T>;

/** Refuse lists, which valibot accepts as objects that lack the fields it looks for. */
// @__NO_SIDE_EFFECTS__
function noList<S extends Schema>(schema: S): S {
  return {
    ...schema,
    "~run": (dataset: v.UnknownDataset, config: v.Config<v.BaseIssue<unknown>>) => {
      const { value } = dataset;
      if (!Array.isArray(value)) return schema["~run"](dataset, config);
      const refused = schema["~run"]({ value: null }, config);
      return { ...refused, issues: refused.issues?.map((issue) => ({ ...issue, input: value })) };
    },
  };
}

/** The message of an object's own issue: it is no object, or it lacks a field, whose schema says what it must be. */
function objectMessage(entries: v.ObjectEntries): (issue: v.BaseIssue<unknown>) => string {
  return ({ path }) => {
    const key = path?.[0]?.key;
    if (typeof key === "string") return v.safeParse(entries[key]!, undefined).issues![0].message;
    return "must be a JSON object";
  };
}

/** An object with these fields; any others are ignored. */
// @__NO_SIDE_EFFECTS__
export function object<const E extends v.ObjectEntries>(entries: E) {
  return noList(v.object(entries, objectMessage(entries)));
}

/** An object with any field names, whose values all have one schema. */
// @__NO_SIDE_EFFECTS__
export function byName<const S extends Schema>(value: S) {
  return noList(v.record(v.string(), value, "must be a JSON object"));
}

/** One of several objects, told apart by a field. */
// @__NO_SIDE_EFFECTS__
export function oneKind<const K extends string, const O extends v.VariantOptions<K>>(
  key: K,
  options: O,
  kinds: readonly string[],
) {
  const message = ({ path }: v.BaseIssue<unknown>) =>
    path === undefined ? "must be a JSON object" : `must be one of ${kinds.join(", ")}`;
  return noList(v.variant(key, options, message));
}

// @__NO_SIDE_EFFECTS__
export function list<const S extends Schema>(item: S, message = "must be a list") {
  return v.array(item, message);
}

/** A list of one or more items. */
// @__NO_SIDE_EFFECTS__
export function some<const S extends Schema>(item: S, message = "must be a list of one or more") {
  return v.pipe(v.array(item, message), v.minLength(1, message));
}

/** A list of so many numbers. */
// @__NO_SIDE_EFFECTS__
export function numbers(count: number) {
  const message = `must be a list of ${count} numbers`;
  return v.pipe(v.array(number(), message), v.length(count, message));
}

/** A list of two values. @param what  What they are: `score and probability`. */
// @__NO_SIDE_EFFECTS__
export function pair<const A extends Schema, const B extends Schema>(first: A, second: B, what: string) {
  const message = ({ path }: v.BaseIssue<unknown>) =>
    path === undefined ? `must be a pair of ${what}` : `is one value too many in a pair of ${what}`;
  return v.strictTuple([first, second], message);
}

/**
 * A list whose items must each fit the one before.
 *
 * @param misfit  What is wrong with `item` as the successor of `before`, if anything.
 */
// @__NO_SIDE_EFFECTS__
export function inOrder<T>(
  schema: v.GenericSchema<unknown, T[]>,
  misfit: (item: T, before: T) => string | undefined,
) {
  return v.pipe(
    schema,
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const { value: input } = dataset;
      for (let key = 1; key < input.length; key++) {
        const message = misfit(input[key]!, input[key - 1]!);
        if (message === undefined) continue;
        addIssue({ message, path: [{ type: "array", origin: "value", input, key, value: input[key] }] });
        return;
      }
    }),
  );
}

/** A schema with a condition that its parts cannot express. */
// @__NO_SIDE_EFFECTS__
export function where<const S extends Schema>(
  schema: S,
  isGood: (value: v.InferOutput<S>) => boolean,
  message: string,
) {
  return v.pipe(schema, v.check(isGood, message));
}

// @__NO_SIDE_EFFECTS__
export function text() {
  return v.string("must be text");
}

/** A field of text that affects nothing. A missing field, or a value of another type, is read as empty text. */
// @__NO_SIDE_EFFECTS__
export function anyWords() {
  return v.optional(v.fallback(text(), ""), "");
}

/** The path of a file or folder. It must not be empty, which would mean the working directory. */
// @__NO_SIDE_EFFECTS__
export function path() {
  return v.pipe(text(), v.regex(/\S/, "must not be empty"));
}

/** Bytes as base64 text. */
// @__NO_SIDE_EFFECTS__
export function base64() {
  return v.pipe(text(), v.regex(/^[A-Za-z0-9+/]*={0,2}$/, "is no base64"));
}

// @__NO_SIDE_EFFECTS__
export function yesOrNo() {
  return v.boolean("must be true or false");
}

// @__NO_SIDE_EFFECTS__
export function just<const T extends string | number | boolean>(value: T) {
  return v.literal(value, `must be ${quote(value)}`);
}

// @__NO_SIDE_EFFECTS__
export function oneOf<const T extends readonly (string | number)[]>(values: T) {
  return v.picklist(values, `must be one of ${values.join(", ")}`);
}

/** A finite number. */
// @__NO_SIDE_EFFECTS__
export function number() {
  const message = "must be a number";
  return v.pipe(v.number(message), v.finite(message));
}

/** A number from `low` to `high`, both included. */
// @__NO_SIDE_EFFECTS__
export function between(low: number, high: number) {
  const message = `must be a number from ${low} to ${high}`;
  return v.pipe(v.number(message), v.minValue(low, message), v.maxValue(high, message));
}

/** A number from `low`, included, to `high`, excluded. */
// @__NO_SIDE_EFFECTS__
export function below(low: number, high: number) {
  const message = `must be a number from ${low} to below ${high}`;
  return v.pipe(v.number(message), v.minValue(low, message), v.ltValue(high, message));
}

/** A finite number above `low`, and at most `high` if it is given. */
// @__NO_SIDE_EFFECTS__
export function above(low: number, high = Number.MAX_VALUE) {
  const message = `must be a number above ${low}${high === Number.MAX_VALUE ? "" : ` and at most ${high}`}`;
  return v.pipe(v.number(message), v.gtValue(low, message), v.maxValue(high, message));
}

/** A whole number of at least `low`, and at most `high` if it is given. */
// @__NO_SIDE_EFFECTS__
export function whole(low: number, high = Number.MAX_SAFE_INTEGER) {
  const range = high === Number.MAX_SAFE_INTEGER ? `, ${low} or more` : ` from ${low} to ${high}`;
  const message = `must be a whole number${range}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(low, message), v.maxValue(high, message));
}

/** Seeds are numbers of 32 bits. */
export const MAX_SEED = 2 ** 32 - 1;

/** A random seed. */
// @__NO_SIDE_EFFECTS__
export function seed() {
  return whole(0, MAX_SEED);
}

/** One of two schemas that no single field tells apart. */
// @__NO_SIDE_EFFECTS__
export function either<const A extends Schema, const B extends Schema>(first: A, second: B, message: string) {
  return v.union([first, second], message);
}

// @__NO_SIDE_EFFECTS__
export function orNull<const S extends Schema>(schema: S) {
  return v.nullable(schema);
}

/** An optional field. */
// @__NO_SIDE_EFFECTS__
export function maybe<const S extends Schema>(schema: S) {
  return v.exactOptional(schema);
}

/**
 * An optional field that is ignored if its value does not fit, and then read as `undefined`. Use it for fields that
 * affect nothing.
 */
// @__NO_SIDE_EFFECTS__
export function passedOver<const S extends Schema>(schema: S) {
  return v.exactOptional(v.fallback(schema, undefined as never));
}

/** A schema with a sentence or a phrase that says what its values are. */
// @__NO_SIDE_EFFECTS__
export function about<const S extends Schema>(description: string, schema: S) {
  return v.pipe(schema, v.description(description));
}

const problemOf = (issue: v.BaseIssue<unknown>): Problem => ({
  field: pathOf(issue.path),
  needs: issue.message,
  found: issue.input,
});

/** The first thing that is wrong with a value, or undefined. */
export function problemIn(schema: Schema, value: unknown): Problem | undefined {
  const [issue] = v.safeParse(schema, value, { abortEarly: true }).issues ?? [];
  return issue && problemOf(issue);
}

/**
 * Check a value that came from outside.
 *
 * @param value  Parsed JSON, or whatever a caller passed. Not modified.
 * @returns      A copy that has only the schema's fields.
 * @throws       XrayError with the refusal's code; it says the field's path, what it must be, and what was found.
 */
export function check<const S extends Schema>(schema: S, value: unknown, refusal: Refusal): Of<S> {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return parsed.output as Of<S>;
  const problem = problemOf(parsed.issues[0]);
  const inner = problem.field;
  const joint = refusal.field === undefined || inner === "" || inner.startsWith("[") ? "" : ".";
  const field = `${refusal.field ?? ""}${joint}${inner}`;
  throw refused(refusal, sentence({ ...problem, field }), field);
}

/** Parse JSON text, whose length the caller must bound, and check it. Throws as `check` does, also for invalid JSON. */
export function checkText<const S extends Schema>(schema: S, text: string, refusal: Refusal): Of<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refused(refusal, jsonFault(text, error));
  }
  return check(schema, value, refusal);
}
