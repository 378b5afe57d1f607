/**
 * Runs modules one after the other, in Node or in Deno, and says of each whether it failed.
 *
 * node run-examples.mjs results.json one.js two.js …
 */

import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";

/** Numbers to the digits that are shown; lists of numbers of any kind as lists; of objects, the fields that are shown. */
function agrees(value, expected) {
  if (typeof expected === "number" && typeof value === "number") {
    const digits = (String(expected).split(".")[1] ?? "").length;
    return Math.abs(value - expected) <= 0.5000001 * 10 ** -digits && (digits > 0 || value === expected);
  }
  if (Array.isArray(expected)) {
    const list = Array.isArray(value) || ArrayBuffer.isView(value) ? Array.from(value) : undefined;
    return list?.length === expected.length && expected.every((item, i) => agrees(list[i], item));
  }
  if (typeof expected === "object" && expected !== null)
    return Object.entries(expected).every(([key, item]) => agrees(value?.[key], item));
  return isDeepStrictEqual(value, expected);
}

globalThis.shown = (value, expected) => {
  if (!agrees(value, expected))
    throw new Error(`shows ${JSON.stringify(expected)}, but comes to ${JSON.stringify(value)}`);
};

const [results, ...files] = process.argv.slice(2);
const outcomes = [];
for (const file of files) {
  const start = performance.now();
  let error;
  try {
    await import(pathToFileURL(resolve(file)).href);
  } catch (thrown) {
    error = thrown instanceof Error ? `${thrown.code ?? thrown.name}: ${thrown.message}` : String(thrown);
  }
  outcomes.push({
    file,
    ms: Math.round(performance.now() - start),
    ...(error === undefined ? {} : { error }),
  });
}
writeFileSync(results, JSON.stringify(outcomes));
process.exit(0);
