/**
 * Answers in JSON, checked.
 *
 * Knows: schemas. A message says where an answer is wrong, and never what stands there: it can name patients.
 */

import { XrayError } from "../../errors.ts";
import { check, type SchemaOf } from "../../schema/schema.ts";
import { badAnswer } from "./failures.ts";
import type { ArchiveAnswer } from "./http.ts";
import { mediaType } from "./multipart.ts";

/**
 * Read an answer.
 *
 * @throws  XrayError `pacs/bad-answer`.
 */
export function jsonOf<T>(answer: ArchiveAnswer, schema: SchemaOf<T>): T {
  const type = mediaType(answer.header("content-type"));
  if (!/^(?:application\/(?:[\w.-]+\+)?json|text\/plain)$/.test(type))
    throw badAnswer(answer.asked, `the answer is ${kindOf(type)} and not JSON`);
  return untypedJsonOf(answer, schema);
}

/** The same for an answer whose type does not count: Orthanc names none where it says what went wrong. */
export function untypedJsonOf<T>({ bytes, asked }: ArchiveAnswer, schema: SchemaOf<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  } catch {
    throw badAnswer(asked, "the answer is no whole JSON");
  }
  try {
    return check(schema, value, { code: "pacs/bad-answer", what: "answer" }) as T;
  } catch (error) {
    const field = error instanceof XrayError ? String(error.details["field"] ?? "") : "";
    throw badAnswer(asked, `the answer lacks something, or has something else in its place${at(field)}`);
  }
}

/** Field paths consist of names that we look for and of places in lists. */
const at = (field: string): string => (/^[\w.[\]]{1,100}$/.test(field) ? ` (${field})` : "");

/** A media type in words. Servers' own texts are not repeated. */
export function kindOf(type: string): string {
  if (type === "") return "of no type";
  if (type === "text/html") return "a web page, perhaps for a login,";
  return /^[\w.+-]{1,40}\/[\w.+-]{1,60}$/.test(type) ? `of the type ${type}` : "of an unknown type";
}
