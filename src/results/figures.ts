/**
 * Schemas of figures and other parts that several documents share.
 *
 * Knows: numbers.
 */

import { about, between, list, number, object, orNull, pair, text, whole } from "../schema/schema.ts";

// @__NO_SIDE_EFFECTS__
export function share() {
  return between(0, 1);
}

/** A count. */
// @__NO_SIDE_EFFECTS__
export function count() {
  return whole(0);
}

/** `[low, high]`: the 95 % interval; null if there is none. */
// @__NO_SIDE_EFFECTS__
export function interval() {
  return orNull(pair(number(), number(), "low and high"));
}

/** A file, by name and hash. */
// @__NO_SIDE_EFFECTS__
export function file() {
  return object({ name: text(), sha256: text() });
}

/** The bars of a reliability diagram. */
// @__NO_SIDE_EFFECTS__
export function reliability() {
  return about(
    "Ten bins of probabilities, each a tenth wide.",
    list(
      object({
        n: count(),
        mean_probability: about("Null in an empty bin.", orNull(number())),
        observed_share: about("The share of positives; null in an empty bin.", orNull(share())),
      }),
    ),
  );
}

// @__NO_SIDE_EFFECTS__
export function texts() {
  return list(text());
}
