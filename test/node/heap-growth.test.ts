/** The built module, in processes of their own, since V8's flags are those of a whole process. */

import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const BUILT = new URL("../../dist/node/heap-growth.js", import.meta.url).href;

/** What a script prints, V8's complaints included. */
const said = (script: string): string => {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  return stdout + stderr;
};

test("this version of V8 knows the flag", () => {
  expect(said(`import { collectLessOften } from "${BUILT}"; collectLessOften();`)).toBe("");
  expect(said('import v8 from "node:v8"; v8.setFlagsFromString("--no-such-flag=1");')).toContain(
    "no-such-flag",
  );
});
