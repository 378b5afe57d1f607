/**
 * The kinds of failures.
 *
 * Knows: nothing.
 */

/**
 * The kind of a failure.
 *
 * - `input`: a given file, folder or value does not contain what is needed.
 * - `usage`: the call itself is wrong, whatever the files contain. A command ends with code 2.
 * - `missing`: something that is needed does not exist.
 * - `environment`: the machine, the network or the browser gets in the way.
 * - `internal`: a bug in this package.
 */
export type ErrorCategory = "input" | "usage" | "missing" | "environment" | "internal";
