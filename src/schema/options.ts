/**
 * Options of a caller: fields that may be undefined, and no others.
 *
 * Knows: object schemas. Not what the options are for.
 */

import { type Refusal, refused } from "./refusal.ts";
import { check, type Of, type Schema } from "./schema.ts";

/** A schema of an object, with its fields. */
type Fields = Schema & { readonly entries: Readonly<Record<string, unknown>> };

/**
 * Check options. One that is undefined counts as not given; one that is unknown is refused, because a misspelt option would
 * otherwise change a result unnoticed.
 *
 * @param options  Not modified.
 * @param others   Names of further options, which are checked elsewhere.
 * @returns        A copy with the schema's fields alone.
 * @throws         XrayError with the refusal's code: the option, what it must be, and what was found.
 */
export function checkOptions<const S extends Fields>(
  schema: S,
  options: object,
  refusal: Refusal,
  others: readonly string[] = [],
): Of<S> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const known = [...Object.keys(schema.entries), ...others];
  const unknown = given.find(([name]) => !known.includes(name));
  if (unknown !== undefined) {
    const [name] = unknown;
    throw refused(refusal, `there is no option ${name}; the options are ${known.join(", ")}`, name);
  }
  return check(schema, Object.fromEntries(given), refusal);
}
