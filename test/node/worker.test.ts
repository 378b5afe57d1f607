import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const LIBRARY = new URL("../../dist/index.js", import.meta.url).href;
const XRAY = fileURLToPath(new URL("../../examples/images/00000004_000.png", import.meta.url));

test("the library's threads start from a script on the command line, too", () => {
  const body = `
    import { loadModel } from ${JSON.stringify(LIBRARY)};
    const model = await loadModel("demo");
    const [{ probabilities }] = await model.predict([${JSON.stringify(XRAY)}]);
    await model.release();
    console.log(probabilities.Effusion > 0.9);
  `;
  expect(execFileSync(process.execPath, ["--input-type=module", "--eval", body], { encoding: "utf8" })).toBe(
    "true\n",
  );
});
