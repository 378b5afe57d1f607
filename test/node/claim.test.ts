import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { Claim, claimFolder } from "../../src/node/claim.ts";
import { identityText, ownIdentity, type ProcessIdentity } from "../../src/node/process-identity.ts";
import { ROOT } from "../architecture/source.ts";

const folder = mkdtempSync(join(tmpdir(), "medical-x-claims-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A number above what Linux and macOS number processes with. */
const NOBODY = 999_999_999;

/** The file of a claim of another process. */
function claimOf(name: string, identity: Partial<ProcessIdentity>, minutesAgo = 0): string {
  const file = join(folder, name);
  writeFileSync(file, `0123456789abcdef\n${identityText({ ...ownIdentity(), ...identity })}`);
  const then = new Date(Date.now() - minutesAgo * 60_000);
  utimesSync(file, then, then);
  return file;
}

/** Whether a claim can be had; it is given back. */
function isFree(file: string): boolean {
  const taken = Claim.take(file);
  if (!(taken instanceof Claim)) return false;
  taken.release();
  return true;
}

test("held until it is given back, by this process too", () => {
  const file = join(folder, "one.lock");
  const claim = Claim.take(file) as Claim;
  expect(claim).toBeInstanceOf(Claim);
  expect(claim.isHeld).toBe(true);
  expect(Claim.take(file)).toEqual({ holder: ownIdentity() });
  claim.release();
  expect(readdirSync(folder)).not.toContain("one.lock");
  expect(isFree(file)).toBe(true);
});

test("of a process that has ended, or whose number another one has by now, it is free", () => {
  expect(isFree(claimOf("ended.lock", { pid: NOBODY }))).toBe(true);
  expect(isFree(claimOf("parent.lock", { pid: process.ppid, started: null }))).toBe(false);
});

test("a number that was given again means another process", ({ skip }) => {
  skip(process.platform !== "linux", "needs Linux, which tells when a process started");
  expect(isFree(claimOf("again.lock", { started: "1" }))).toBe(true);
});

test.each([
  ["another host", { system: "another-boot pid:[4026531836]", pid: NOBODY }],
  ["another host of the same process number", { system: "another-boot pid:[4026531836]" }],
  ["another container on this machine", { system: `${ownIdentity().system}0`, pid: NOBODY }],
  ["a system that says nothing of itself", { system: null, pid: NOBODY }],
] as const)("of a process on %s it is held as long as it is touched", (name, identity) => {
  const file = `${name.replaceAll(" ", "-")}.lock`;
  expect(isFree(claimOf(file, identity))).toBe(false);
  expect(isFree(claimOf(file, identity, 14))).toBe(false);
  expect(isFree(claimOf(file, identity, 16))).toBe(true);
});

test("of a process here that stands still, it is held however long that takes", () => {
  expect(isFree(claimOf("still.lock", {}, 10_000))).toBe(false);
});

test("a claim that is being written is held, one that never was is free after a while", () => {
  const file = join(folder, "empty.lock");
  writeFileSync(file, "");
  expect(isFree(file)).toBe(false);
  const before = new Date(Date.now() - 60_000);
  utimesSync(file, before, before);
  expect(isFree(file)).toBe(true);
});

test("the bare process number of an earlier version proves nothing, and is left after a while", () => {
  const file = join(folder, "earlier.lock");
  writeFileSync(file, String(NOBODY));
  expect(isFree(file)).toBe(false);
  const before = new Date(Date.now() - 16 * 60_000);
  utimesSync(file, before, before);
  expect(isFree(file)).toBe(true);
});

test("a claim that was taken over is no longer held, and not removed by the first holder", () => {
  const file = join(folder, "lost.lock");
  const claim = Claim.take(file) as Claim;
  rmSync(file);
  const other = claimOf("lost.lock", { pid: process.ppid, started: null });
  expect(claim.isHeld).toBe(false);
  claim.release();
  expect(readFileSync(other, "utf8")).toContain(`"pid":${process.ppid}`);
});

test("a holder touches its claim twice a minute, by the clock of the disk", () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const file = join(folder, "beat.lock");
    const claim = Claim.take(file) as Claim;
    const text = readFileSync(file, "utf8");
    const old = new Date(Date.now() - 3_600_000);
    utimesSync(file, old, old);
    vi.advanceTimersByTime(30_000);
    expect(Date.now() - statSync(file).mtimeMs).toBeLessThan(60_000);
    expect(readFileSync(file, "utf8")).toBe(text);
    // A claim that has taken its place is not touched.
    rmSync(file);
    writeFileSync(file, "another");
    utimesSync(file, old, old);
    vi.advanceTimersByTime(60_000);
    expect(Math.round(statSync(file).mtimeMs)).toBe(old.getTime());
    claim.release();
    expect(readFileSync(file, "utf8")).toBe("another");
  } finally {
    vi.useRealTimers();
  }
});

test("a folder in use names the process, its host, and the file to remove", () => {
  const file = claimOf("run.lock", { host: "far-away", system: "another-boot pid:[1]", pid: 7 });
  expect(() => claimFolder("runs/a", file)).toThrow(
    expect.objectContaining({
      code: "file/in-use",
      message: `runs/a: process 7 on far-away is working in this folder; wait until it has ended, or name another folder; if it is no longer running, remove ${file}`,
    }),
  );
});

/** Claims files at the same moments as its like, says which it got, and lives until it is told to end. */
const CLAIMER = `
const { Claim } = await import(${JSON.stringify(join(ROOT, "dist/node/claim.js"))});
const [start, folder, count] = [Number(process.argv[1]), process.argv[2], Number(process.argv[3])];
for (let k = 0; k < count; k++) {
  while (Date.now() < start + k * 10);
  if (Claim.take(folder + "/" + k + ".lock") instanceof Claim) console.log(k);
}
console.log("done");
await new Promise((resolve) => process.stdin.once("data", resolve));
process.exit();
`;

const claimer = (
  start: number,
  where: string,
  count: number,
  before: readonly string[] = [],
): ChildProcess => {
  const [command, ...args] = [
    ...before,
    ...[process.execPath, "--input-type=module", "-e", CLAIMER, String(start), where, String(count)],
  ];
  return spawn(command!, args);
};

/** What a child says until it is done; it lives on. */
const saidBy = (child: ChildProcess): Promise<string[]> =>
  new Promise((resolve, reject) => {
    let text = "";
    child.stdout!.on("data", (piece) => {
      text += String(piece);
      if (text.includes("done")) resolve(text.trim().split("\n").slice(0, -1));
    });
    child.on("close", () => reject(new Error(`ended early: ${text}`)));
  });

const end = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.removeAllListeners("close").on("close", () => resolve());
    child.stdin!.end("end\n");
  });

test("of four processes at once, one gets a claim, whether it is new or left by a dead one", async () => {
  const many = mkdtempSync(join(folder, "many-"));
  const name = many.slice(folder.length + 1);
  for (let k = 0; k < 100; k += 2) claimOf(join(name, `${k}.lock`), { pid: NOBODY });
  const start = Date.now() + 700;
  const children = Array.from({ length: 4 }, () => claimer(start, many, 100));
  const got = (await Promise.all(children.map(saidBy))).flat();
  expect(got.length).toBe(new Set(got).size);
  expect(got.length).toBeGreaterThan(90);
  await Promise.all(children.map(end));
  expect(readdirSync(many).filter((file) => !file.endsWith(".lock"))).toEqual([]);
});

test("a process that is killed leaves its claim", async () => {
  const where = mkdtempSync(join(folder, "killed-"));
  const child = claimer(0, where, 1);
  expect(await saidBy(child)).toEqual(["0"]);
  expect(isFree(join(where, "0.lock"))).toBe(false);
  child.removeAllListeners("close");
  await new Promise((resolve) => child.on("close", resolve).kill("SIGKILL"));
  expect(isFree(join(where, "0.lock"))).toBe(true);
});

/** A process in its own namespace, as in a container, where it has a small number that another process has here. */
const CONTAINER = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child"];
const isAllowed = spawnSync(CONTAINER[0]!, [...CONTAINER.slice(1), "true"]).status === 0;

test.skipIf(!isAllowed)(
  "between two containers nothing is proven: neither takes over what the other holds (skipped where `unshare --pid` is not allowed)",
  async () => {
    const where = mkdtempSync(join(folder, "containers-"));
    const inside = claimer(0, where, 1, CONTAINER);
    expect(await saidBy(inside)).toEqual(["0"]);
    expect(isFree(join(where, "0.lock"))).toBe(false);
    const other = claimer(0, where, 2, CONTAINER);
    expect(await saidBy(other)).toEqual(["1"]);
    await Promise.all([inside, other].map(end));
    // They have ended; from here that cannot be told, so their claims stand until they have not been touched for long.
    expect(isFree(join(where, "0.lock"))).toBe(false);
  },
);
