/**
 * What an input check is, and how its outcomes are put together.
 *
 * Pipeline:   decoded picture, header, features → **checks** → result
 * Knows:      outcomes. Not files, models or messages to people.
 *
 * No check changes a probability. Each check is one file in this folder.
 */

/** The checks, in the order in which a result lists them. */
export const CHECK_NAMES = [
  "modality",
  "body-part",
  "view",
  "presentation-intent",
  "burned-in",
  "frontal-chest",
  "inverted",
  "exposure",
  "known-images",
] as const;

/** The name of an input check. */
export type CheckName = (typeof CHECK_NAMES)[number];

/**
 * `pass`: nothing speaks against the image. `warn`: something does. `refuse`: the image is not what the model is for.
 * `unknown`: there is nothing to judge by.
 */
export const CHECK_OUTCOMES = ["pass", "warn", "refuse", "unknown"] as const;

/** What an input check comes to. */
export type CheckOutcome = (typeof CHECK_OUTCOMES)[number];

/** What one check says about an image. */
export interface Check {
  readonly check: CheckName;
  readonly outcome: CheckOutcome;
  /** A whole sentence with the figure or the attribute that decided. It holds no attribute of the patient and no UID. */
  readonly reason: string;
}

/** The checks in the order of `CHECK_NAMES`. */
export const inOrder = (checks: readonly Check[]): readonly Check[] =>
  [...checks].sort((a, b) => CHECK_NAMES.indexOf(a.check) - CHECK_NAMES.indexOf(b.check));

/** The checks that did not pass. */
export const warnings = (checks: readonly Check[]): readonly Check[] =>
  checks.filter(({ outcome }) => outcome === "warn" || outcome === "refuse");

/** The same as people should read them: none that repeats the sentence of another. */
export const distinctWarnings = (checks: readonly Check[]): readonly Check[] =>
  warnings(checks).filter(({ reason }, i, all) => all.findIndex((other) => other.reason === reason) === i);

/** The first check that refuses the image, if any does. */
export const refusal = (checks: readonly Check[]): Check | undefined =>
  checks.find(({ outcome }) => outcome === "refuse");

/** The same checks where nothing is refused but only warned about. */
export const withoutRefusals = (checks: readonly Check[]): readonly Check[] =>
  checks.map((check) => (check.outcome === "refuse" ? { ...check, outcome: "warn" } : check));
