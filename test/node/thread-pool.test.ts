import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { XrayError } from "../../src/errors.ts";
import { ThreadPool } from "../../src/node/thread-pool.ts";

const SCRIPT = new URL("./pool-thread.mjs", import.meta.url);
const POOL = new URL("../../dist/node/thread-pool.js", import.meta.url).href;
const LIBRARY = new URL("../../dist/index.js", import.meta.url).href;
const XRAY = fileURLToPath(new URL("../../examples/images/00000004_000.png", import.meta.url));

interface Job {
  readonly deed: string;
  readonly ms?: number;
}

/** A pool that ends with the test. */
function poolOf(threads: number, script = SCRIPT): ThreadPool<Job, unknown, string> {
  const pool = new ThreadPool<Job, unknown, string>({ script, threads, data: { gate: "shared" } });
  onTestFinished(() => pool.close());
  return pool;
}

async function failureOf(work: Promise<unknown>): Promise<XrayError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(XrayError);
  return error as XrayError;
}

/** What a script on the command line prints, the pool's module at hand as `ThreadPool`. */
const run = (body: string, ...flags: string[]): string =>
  execFileSync(
    process.execPath,
    [
      ...flags,
      "--input-type=module",
      "--eval",
      `import { ThreadPool } from ${JSON.stringify(POOL)};
       const pool = new ThreadPool({ script: new URL(${JSON.stringify(SCRIPT.href)}), threads: 1, data: {} });
       ${body}`,
    ],
    { encoding: "utf8", timeout: 60_000 },
  );

test("a thread has its data, hears what is told and answers with values", async () => {
  const pool = poolOf(1);
  expect(await pool.ask({ deed: "data" })).toEqual({ gate: "shared" });
  expect(await pool.ask({ deed: "told" })).toBeUndefined();
  pool.tell("so it is done");
  expect(await pool.ask({ deed: "told" })).toBe("so it is done");
});

test("a failure keeps its code, its message and its details", async () => {
  const error = await failureOf(poolOf(1).ask({ deed: "fail" }));
  expect(error).toMatchObject({
    code: "image/torn",
    message: "x.png: it is torn",
    details: { file: "x.png", at: 7 },
  });
});

test("memory that is handed over leaves the thread without a copy", async () => {
  const pool = poolOf(1);
  expect(await pool.ask({ deed: "give" })).toEqual(new Float32Array([1.5, -2.5]));
  expect(await pool.ask({ deed: "left" })).toBe(0);
});

test("jobs of one thread run at the same time where they wait, and each has its own answer", async () => {
  const pool = poolOf(1);
  const waits = [300, 1, 150].map((ms) => pool.ask({ deed: "wait", ms }));
  const ends: unknown[] = [];
  for (const wait of waits) void wait.then((ms) => ends.push(ms));
  expect(await Promise.all(waits)).toEqual([300, 1, 150]);
  expect(ends).toEqual([1, 150, 300]);
});

test("a job goes to the thread whose last job was about the same, else to the one that has the fewest", async () => {
  const pool = poolOf(2);
  const busy = pool.ask({ deed: "wait", ms: 300 }, "a.png");
  const other = await pool.ask({ deed: "thread" }, "b.png");
  const same = pool.ask({ deed: "thread" }, "a.png");
  expect(await pool.ask({ deed: "thread" }, "c.png")).toBe(other);
  expect(await pool.ask({ deed: "thread" })).toBe(other);
  expect(await same).not.toBe(other);
  await busy;
});

test.each([
  ["throws outside of any job", "throw", "outside of any job"],
  ["exits", "exit", "its exit code is 3"],
])("when a thread %s, its jobs fail and the next one is done by another thread", async (_, deed, reason) => {
  const pool = poolOf(1);
  pool.tell("told once");
  const first = await pool.ask({ deed: "thread" });
  const jobs = [pool.ask({ deed: "wait", ms: 60_000 }), pool.ask({ deed })];
  for (const error of await Promise.all(jobs.map(failureOf))) {
    expect(error).toMatchObject({ code: "thread/ended", details: { reason, jobs: 2 } });
    expect(error.message).toContain(reason);
  }
  expect(await pool.ask({ deed: "thread" })).not.toBe(first);
  expect(await pool.ask({ deed: "told" })).toBe("told once");
});

test("a thread that runs out of memory fails its job, and is replaced", () => {
  const body = `
    const error = await pool.ask({ deed: "fill" }).catch((thrown) => thrown);
    console.log(error.name, error.code, error.details.reason, await pool.ask({ deed: "wait", ms: 1 }));`;
  expect(run(body, "--max-old-space-size=50")).toMatch(/^XrayError thread\/ended .*memory.* 1\n$/);
});

test("where the script cannot run, each job fails", async () => {
  const pool = poolOf(1, new URL("./no-such-thread.mjs", import.meta.url));
  for (let i = 0; i < 2; i++) {
    const error = await failureOf(pool.ask({ deed: "thread" }));
    expect(error.code).toBe("thread/ended");
    expect(error.message).toContain("no-such-thread.mjs");
  }
});

test("a job that cannot be sent fails alone", async () => {
  const pool = poolOf(1);
  const job = { deed: "thread", ms: (() => 1) as unknown as number };
  await expect(pool.ask(job)).rejects.toThrow(/could not be cloned/);
  expect(await pool.ask({ deed: "wait", ms: 1 })).toBe(1);
});

test("what is not done when a pool is closed fails, and so does what comes after", async () => {
  const pool = poolOf(2);
  const waits = [1, 2].map(() => failureOf(pool.ask({ deed: "wait", ms: 60_000 })));
  await pool.close();
  for (const error of await Promise.all(waits)) expect(error.code).toBe("thread/closed");
  expect((await failureOf(pool.ask({ deed: "thread" }))).code).toBe("thread/closed");
});

test("threads keep the process alive while there are jobs, and no longer", () => {
  expect(run(`console.log("idle");`)).toBe("idle\n");
  expect(run(`void pool.ask({ deed: "wait", ms: 400 }).then((ms) => console.log(ms));`)).toBe("400\n");
  expect(run(`console.log(await pool.ask({ deed: "wait", ms: 1 }));`)).toBe("1\n");
  const afterFailure = `await pool.ask({ deed: "x", no: () => 1 }).catch(() => console.log("not sent"));`;
  expect(run(afterFailure)).toBe("not sent\n");
});

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
