/**
 * Nothing leaves the machine, and no unexpected files stay on it. Every way to use the package is watched with an empty
 * home folder, and for fifteen seconds after its work.
 */

import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAIN } from "../cli/run.ts";
import { CANNOT_WATCH, type Watched, watch } from "./watch.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const EXAMPLES = join(ROOT, "examples");
const XRAY = join(EXAMPLES, "images", "00000004_000.png");
const LIBRARY = new URL("../../dist/index.js", import.meta.url).href;

/** A copy of the examples: whatever is written beside them is noticed, and gone afterwards. */
const data = mkdtempSync(join(tmpdir(), "medical-x-data-"));
beforeAll(() => {
  cpSync(EXAMPLES, data, { recursive: true });
  writeFileSync(join(data, "list.txt"), readdirSync(join(data, "images")).join("\n"));
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

const script = (body: string): string[] => ["--input-type=module", "--eval", body];

/** Expect a watched process to leave only files whose names match, and to open no sockets. */
function expectQuiet(watched: Watched, { home = /^$/, here = /^$/ }: { home?: RegExp; here?: RegExp }): void {
  expect({ code: watched.code, stderr: watched.code === 0 ? "" : watched.stderr }).toEqual({
    code: 0,
    stderr: "",
  });
  expect(watched.seconds).toBeGreaterThan(15);
  expect(watched.outgoing).toEqual([]);
  expect(watched.home.filter((file) => !home.test(file))).toEqual([]);
  expect(watched.here.filter((file) => !here.test(file))).toEqual([]);
  expect(watched.temporary).toEqual([]);
}

const OURS = /^\.cache\/medical-x\//;

if (CANNOT_WATCH !== undefined && process.env["CI"] !== undefined)
  throw new Error(`CI must watch what leaves the machine, but ${CANNOT_WATCH}`);

describe.skipIf(CANNOT_WATCH !== undefined)(`nothing leaves (${CANNOT_WATCH ?? "watched"})`, () => {
  test.concurrent("what leaves would be noticed", async () => {
    const told = await watch(
      script(`
        import { writeFileSync } from "node:fs";
        import { lookup } from "node:dns";
        writeFileSync(process.env.HOME + "/id", "1");
        fetch("http://192.0.2.1/").catch(() => {});
        lookup("collector.example", () => {});
      `),
    );
    expect(told.home).toEqual(["id"]);
    expect(told.outgoing.some((call) => /connect\(.*192\.0\.2\.1/.test(call))).toBe(true);
    expect(told.outgoing.some((call) => /socket\(AF_INET6?, SOCK_DGRAM|resolv|nscd/.test(call))).toBe(true);
  });

  test.concurrent("a prediction by command, with heatmaps", async () => {
    const args = ["predict", "--model", "demo", "--image", XRAY, "--gradcam", "--findings", "all"];
    const watched = await watch([MAIN, ...args, "--heatmaps", "maps.npy", "--format", "json"]);
    expect(JSON.parse(watched.stdout).detected).toEqual(["Effusion", "Mass"]);
    expectQuiet(watched, { here: /^(maps\.npy|gradcam_result\.jpg)$/ });
  });

  test.concurrent("a prediction by command, where there is no home folder", async () => {
    const watched = await watch([MAIN, "predict", "--model", "demo", "--image", XRAY], { HOME: "/dev/null" });
    expect(watched.stdout).toMatch(/Detected {2}: Mass, Effusion/);
    expectQuiet(watched, {});
  });

  test.concurrent("a prediction by library, and an explanation", async () => {
    const watched = await watch(
      script(`
        import { loadModel } from ${JSON.stringify(LIBRARY)};
        const model = await loadModel("demo");
        const [result] = await model.predict([${JSON.stringify(XRAY)}]);
        await model.explain(${JSON.stringify(XRAY)}, { method: "layercam", layer: "denseblock3" });
        await model.release();
        console.log(result.probabilities.Effusion > 0.9);
      `),
    );
    expect(watched.stdout).toBe("true\n");
    expectQuiet(watched, {});
  });

  test.concurrent("a prediction by library in a worker thread", async () => {
    const watched = await watch(
      script(`
        import { Worker } from "node:worker_threads";
        import ${JSON.stringify(LIBRARY)};
        const work = \`
          import { loadModel } from ${JSON.stringify(LIBRARY)};
          const model = await loadModel("demo");
          const [result] = await model.predict([${JSON.stringify(XRAY)}]);
          await model.release();
          console.log(result.probabilities.Effusion > 0.9);
        \`;
        new Worker(new URL("data:text/javascript," + encodeURIComponent(work)), { env: {} });
      `),
    );
    expect(watched.stdout).toBe("true\n");
    expectQuiet(watched, {});
  });

  test.concurrent("a worker thread that cannot switch reports off is refused", async () => {
    const watched = await watch(
      script(`
        import { Worker } from "node:worker_threads";
        const work = \`
          import { loadModel } from ${JSON.stringify(LIBRARY)};
          await loadModel("demo").catch(({ code }) => console.log(code));
        \`;
        new Worker(new URL("data:text/javascript," + encodeURIComponent(work)));
      `),
    );
    expect(watched.stdout.trimEnd()).toBe("runtime/telemetry-on");
    expectQuiet(watched, {});
  });

  test.concurrent("a training", async () => {
    const args = ["train", "--data", data, "--backbone", "demo", "--epochs", "1", "--val-fraction", "0.3"];
    expectQuiet(await watch([MAIN, ...args, "--out", "run"]), { home: OURS, here: /^run\// });
  });

  test.concurrent("an evaluation with its report", async () => {
    const args = ["evaluate", "--data", data, "--model", "demo", "--bootstrap", "100", "--out", "report"];
    expectQuiet(await watch([MAIN, ...args]), { home: OURS, here: /^report\// });
  });

  test.concurrent("a calibration", async () => {
    const args = ["calibrate", "--data", data, "--model", "demo", "--to", "calibrated.safetensors"];
    args.push("--list", join(data, "list.txt"));
    expectQuiet(await watch([MAIN, ...args]), { home: OURS, here: /^calibrated\.safetensors$/ });
  });

  test.concurrent("phantoms, a summary, a conversion and the catalogue", async () => {
    const phantoms = ["data", "phantom", "--out", "phantoms", "--count", "4", "--seed", "1"];
    const commands = [
      [phantoms, /^phantoms\//],
      [["data", "summary", "--data", data], /^$/],
      [["models", "convert", "demo", "--to", "demo.onnx"], /^demo\.onnx$/],
      [["models", "inspect", "demo"], /^$/],
      [["models", "list"], /^$/],
    ] as const;
    const all = await Promise.all(commands.map(([args]) => watch([MAIN, ...args])));
    for (const [i, watched] of all.entries()) expectQuiet(watched, { here: commands[i]![1] });
  });
});
