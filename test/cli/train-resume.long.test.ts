import type { ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, watch } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk, type Ended, words } from "./run.ts";
import { filesBelow, furnish, hashOf, metricsOf, outcome, trainOn } from "./train-data.ts";

let desk: Desk;
beforeAll(async () => {
  desk = new Desk();
  await furnish(desk);
});
afterAll(() => desk.remove());

const partFiles = (run: string): string[] => filesBelow(desk, run).filter((name) => name.endsWith(".part"));

/** Train, killed at the nth change in a folder. Whether the kill came before the end. */
async function killedAt(folder: string, change: number, line: string, cache = "cache"): Promise<boolean> {
  mkdirSync(desk.path(folder), { recursive: true });
  let changes = 0;
  let kill = (): unknown => undefined;
  const watcher = watch(desk.path(folder), { recursive: true }, () => {
    changes += 1;
    if (changes >= change) kill();
  });
  try {
    const { code } = await trainOn(desk, line, {
      env: { MEDICAL_X_CACHE: desk.path(cache) },
      onStart: (child) => {
        kill = () => child.kill("SIGKILL");
      },
    });
    expect([null, 0]).toContain(code);
    return code === null;
  } finally {
    watcher.close();
  }
}

/** The option, unless the kill came before the run's folder said what it is. */
const resume = (run: string): string => (existsSync(desk.path(run, "config.json")) ? " --resume" : "");

test.each([
  ["the head", "--epochs 4 --schedule cosine --augment flip --views 2", [1, 40, 300]],
  ["denseblock4 without a cache", "--unfreeze denseblock4 --feature-cache off --batch-size 3", [150]],
] as const)(
  "%s: killed at any moment and resumed, a run ends with the same bytes",
  async (_, settings, kills) => {
    const folder = settings.includes("unfreeze") ? "deep" : "head";
    const whole = await trainOn(desk, `${settings} --out whole/${folder}`);
    expect(whole.code).toBe(0);
    const run = `killed/${folder}`;
    let killed = 0;
    for (const change of kills) {
      if (!(await killedAt(run, change, `${settings} --out ${run}${resume(run)}`))) break;
      killed += 1;
    }
    expect(killed).toBeGreaterThan(0);
    expect((await trainOn(desk, `${settings} --out ${run}${resume(run)}`)).code).toBe(0);
    expect(outcome(desk, run)).toEqual(outcome(desk, `whole/${folder}`));
    expect(partFiles(run)).toEqual([]);
  },
);

test("killed while features are computed, a run takes up what is there and ends with the same bytes", async () => {
  const settings = "--augment flip --views 3";
  expect((await trainOn(desk, `${settings} --out whole/views`)).code).toBe(0);
  // Of the cache's changes, the twelfth comes between two records.
  await killedAt("cache2", 12, `${settings} --out killed/views`, "cache2");
  const env = { MEDICAL_X_CACHE: desk.path("cache2") };
  const ended = await trainOn(desk, `${settings} --out killed/views${resume("killed/views")}`, { env });
  expect(ended.code).toBe(0);
  expect(outcome(desk, "killed/views")).toEqual(outcome(desk, "whole/views"));
  // No image was computed twice.
  const [store] = filesBelow(desk, "cache2/features");
  const lines = (cache: string) => {
    const folder = desk.path(cache, "features", store!);
    const indices = readdirSync(folder).filter((name) => name.endsWith(".ndjson"));
    return indices.flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n").slice(0, -1));
  };
  expect(lines("cache2").toSorted()).toEqual(lines("cache").toSorted());
});

/** Train into a new folder, with Ctrl-C as soon as an epoch is done. */
function interrupted(run: string, line: string): Promise<Ended> {
  rmSync(desk.path(run), { recursive: true, force: true });
  let isSent = false;
  return trainOn(desk, `${line} --out ${run}`, {
    onStderr: (text, child) => {
      if (isSent || !text.includes("epoch 1/")) return;
      isSent = true;
      child.kill("SIGINT");
    },
  });
}

test("a second Ctrl-C ends training at once", async () => {
  let child: ChildProcess | undefined;
  const { code, stderr } = await trainOn(desk, "--unfreeze all --epochs 50 --out twice", {
    onStderr: (text, process) => {
      const isFirst = child === undefined && text.includes("epoch 1/");
      if (isFirst || text.includes("press Ctrl-C again")) process.kill("SIGINT");
      if (isFirst) child = process;
    },
  });
  // A shell makes 130 of it.
  expect([code, child?.signalCode]).toEqual([null, "SIGINT"]);
  expect(stderr).not.toContain("stopped; resume with");
}, 120_000);

test("Ctrl-C saves, says how to go on and ends with 130; resumed, the bytes are the same", async () => {
  const settings = "--unfreeze norm5 --feature-cache off --epochs 4 --patience 4 --schedule plateau";
  let stopped = await interrupted("stopped", settings);
  // On a busy machine, the signal may come after everything is done. In that case, try again.
  for (let i = 0; i < 5 && stopped.code === 0; i++) stopped = await interrupted("stopped", settings);
  expect(stopped.code).toBe(130);
  expect(stopped.stdout).toBe("");
  expect(stopped.stderr).toContain("medical-x: finishing this step, then saving");
  expect(stopped.stderr).toMatch(/stopped; resume with: medical-x train --data xrays .*--resume\n$/);
  expect(partFiles("stopped")).toEqual([]);
  expect(metricsOf(desk, "stopped").length).toBeLessThan(4);
  // Options that are not repeated come from the run's folder. Only the labels must be repeated.
  const args = "train --data xrays --labels effusion,mass --threads 1 --out stopped --resume";
  const [resumed, whole] = await Promise.all([
    desk.run(args.split(" ")),
    trainOn(desk, `${settings} --out unstopped`),
  ]);
  expect([resumed.code, whole.code]).toEqual([0, 0]);
  expect(outcome(desk, "stopped")).toEqual(outcome(desk, "unstopped"));
});

/** Every file with its content and time. */
const stateOf = (run: string) =>
  filesBelow(desk, run)
    .filter((name) => name.includes("."))
    .map((name) => [name, statSync(desk.path(run, name)).mtimeMs, hashOf(desk, run, name)]);

test("a folder that has a run is refused without --resume, and stays as it is", async () => {
  expect((await trainOn(desk, "--out taken")).code).toBe(0);
  const before = stateOf("taken");
  const again = await trainOn(desk, "--out taken");
  expect(again).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "medical-x: taken: there is a run in this folder; resume it, or name another folder (--resume, --out)\n",
  });
  expect(stateOf("taken")).toEqual(before);
});

test("--resume with another setting is refused by its name, and nothing changes", async () => {
  const before = stateOf("taken");
  const { code, stderr } = await trainOn(desk, "--out taken --resume --lr 0.01 --seed 5");
  expect(code).toBe(1);
  expect(stderr).toContain(
    "taken/config.json: this run was started with other settings: lr was 0.001 and is now 0.01; seed was 1 and is now 5;",
  );
  expect(stateOf("taken")).toEqual(before);
});

test("--resume of a run that is done says its result again and leaves the model", async () => {
  const before = outcome(desk, "taken");
  const { code, stdout } = await trainOn(desk, "--out taken --resume");
  expect(code).toBe(0);
  expect(stdout).toContain("Epochs    : 2\n");
  expect(outcome(desk, "taken")).toEqual(before);
});

test("--resume where no run is, is refused", async () => {
  const { code, stderr } = await trainOn(desk, "--out nowhere --resume");
  expect(code).toBe(1);
  expect(stderr).toBe(
    "medical-x: nowhere: there is no run in this folder to resume; name the folder of a run (--out)\n",
  );
});

test("--resume takes the labels from the run's folder", async () => {
  expect((await trainOn(desk, "--out chosen")).code).toBe(0);
  const { code } = await desk.run(words("train --data xrays --out chosen --resume --threads 1"));
  expect(code).toBe(0);
});

test("a state of another run is refused in words", async () => {
  expect((await trainOn(desk, "--labels mass --out other")).code).toBe(0);
  expect((await trainOn(desk, "--out own")).code).toBe(0);
  cpSync(desk.path("other/last"), desk.path("own/last"), { recursive: true });
  const { stderr } = await trainOn(desk, "--out own --resume");
  expect(stderr).toContain("own/last/state.safetensors");
});
