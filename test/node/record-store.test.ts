import { spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { identityText, ownIdentity, type ProcessIdentity } from "../../src/node/process-identity.ts";
import { RecordStore } from "../../src/node/record-store.ts";
import { ROOT } from "../architecture/source.ts";

const LENGTH = 3;
const KIND = { name: "features", without: "train without it" } as const;
const BYTES = LENGTH * 4;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "medical-x-store-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The only file of this kind. */
function only(pattern: RegExp): string {
  const names = readdirSync(folder).filter((name) => pattern.test(name));
  expect(names).toHaveLength(1);
  return join(folder, names[0]!);
}
const records = (): string => only(/^records-\w+\.bin$/);
const index = (): string => only(/^index-\w+\.ndjson$/);
const pairs = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".bin"));

/** The record of a key: its letters' codes, and numbers that float32 rounds. */
const recordOf = (key: string): Float32Array => Float32Array.of(key.charCodeAt(0), 0.1, -1 / 3);

/** Open the store for as long as `work` takes. */
function opened<T>(work: (store: RecordStore) => T): T {
  const store = new RecordStore(folder, LENGTH, KIND);
  try {
    return work(store);
  } finally {
    store.close();
  }
}

function append(...keys: string[]): void {
  opened((store) => {
    for (const key of keys) store.append(key, recordOf(key));
  });
}

function read(key: string): Float32Array {
  return opened((store) => {
    const into = new Float32Array(LENGTH);
    store.read(key, into);
    return into;
  });
}

/** Which of these keys a newly opened store has. */
const kept = (...keys: string[]): string[] => opened((store) => keys.filter((key) => store.has(key)));

const damaged = () => expect.objectContaining({ code: "features/damaged" });

test("records come back bit for bit, at once and when the store is opened again", () => {
  opened((store) => {
    store.append("a", recordOf("a"));
    const into = new Float32Array(LENGTH);
    store.read("a", into);
    expect(into).toEqual(recordOf("a"));
  });
  append("b", "c");
  for (const key of ["c", "a", "b"]) expect(read(key)).toEqual(recordOf(key));
  expect(statSync(records()).size).toBe(3 * BYTES);
});

test("keys are compared as a whole, whatever is in them", () => {
  const odd = 'x_00 "ü"\n|12|3.5#0';
  append(odd);
  expect(kept(odd, "x_00", `${odd}0`, "")).toEqual([odd]);
  expect(read(odd)).toEqual(recordOf(odd));
});

test("a key that is not there is no record", () => {
  append("a");
  expect(kept("b")).toEqual([]);
  expect(() => read("b")).toThrow(damaged());
});

test("of a record that was torn at any byte, nothing is left; the others stay, and more can be added", () => {
  for (let size = BYTES; size < 2 * BYTES; size++) {
    rmSync(folder, { recursive: true });
    append("a", "b");
    truncateSync(records(), size);
    expect(kept("a", "b")).toEqual(["a"]);
    expect([statSync(records()).size, readFileSync(index(), "utf8").split("\n").length]).toEqual([BYTES, 2]);
    append("c");
    expect(kept("a", "b", "c")).toEqual(["a", "c"]);
    expect(read("c")).toEqual(recordOf("c"));
  }
});

test("a record whose line was torn at any byte is dropped with it", () => {
  append("a");
  const first = statSync(index()).size;
  append("b");
  const whole = [readFileSync(index()), readFileSync(records())] as const;
  for (let size = first; size < whole[0].length; size++) {
    writeFileSync(index(), whole[0].subarray(0, size));
    writeFileSync(records(), whole[1]);
    expect(kept("a", "b")).toEqual(["a"]);
    expect([statSync(index()).size, statSync(records()).size]).toEqual([first, BYTES]);
  }
});

test("lines without a record, and all that follows a line that is none, are cut off", () => {
  append("a");
  const whole = readFileSync(index(), "utf8");
  for (const tail of ['["b",1]\n', "nonsense\n", '{"b":1}\n', '["b","1"]\n', "\n"]) {
    writeFileSync(index(), `${whole}${tail}`);
    expect(kept("a", "b")).toEqual(["a"]);
    expect(readFileSync(index(), "utf8")).toBe(whole);
  }
});

test("a record written twice is the later one, also when the store is opened again", () => {
  append("a");
  opened((store) => store.append("a", Float32Array.of(7, 8, 9)));
  expect(read("a")).toEqual(Float32Array.of(7, 8, 9));
});

test("a changed bit of a record is found, and names the folder to remove; other records are read", () => {
  append("a", "b");
  const bytes = readFileSync(records());
  bytes[BYTES + 5]! ^= 1;
  writeFileSync(records(), bytes);
  expect(() => read("b")).toThrow(
    expect.objectContaining({
      code: "features/damaged",
      message: `${folder}: the cached features are damaged; remove this folder, and they will be computed again`,
    }),
  );
  expect(read("a")).toEqual(recordOf("a"));
});

test("another checksum in the index is found", () => {
  append("a");
  const [key, crc] = JSON.parse(readFileSync(index(), "utf8"));
  writeFileSync(index(), `${JSON.stringify([key, crc ^ 1])}\n`);
  expect(() => read("a")).toThrow(damaged());
});

test("a record that went away under an open store is found", () => {
  append("a");
  opened((store) => {
    truncateSync(records(), 4);
    expect(() => store.read("a", new Float32Array(LENGTH))).toThrow(damaged());
  });
});

test("bytes behind the last line are not taken for a record", () => {
  append("a");
  appendFileSync(records(), new Uint8Array(5 * BYTES));
  append("b");
  expect(read("b")).toEqual(recordOf("b"));
  expect(statSync(records()).size).toBe(2 * BYTES);
});

test("more records than the disk holds are refused before they are made, with both sizes", () => {
  opened((store) => {
    expect(() => store.checkSpace(1)).not.toThrow();
    expect(() => store.checkSpace(1e15)).toThrow(
      expect.objectContaining({
        code: "features/no-space",
        message: expect.stringContaining(
          "the features of 1,000,000,000,000,000 images need 12,000,000 GB, but only ",
        ),
        details: expect.objectContaining({ needed: 1.2e16 }),
      }),
    );
  });
});

test("a folder that cannot be made is named", () => {
  writeFileSync(join(folder, "file"), "");
  expect(() => new RecordStore(join(folder, "file", "store"), LENGTH, KIND)).toThrow(
    expect.objectContaining({
      code: expect.stringMatching(/^file\//),
      message: expect.stringContaining("file/store: "),
    }),
  );
});

test("two stores of one folder may be written to in turn, and a third reads both", () => {
  opened((one) =>
    opened((two) => {
      one.append("a", recordOf("a"));
      two.append("b", recordOf("b"));
      const into = new Float32Array(LENGTH);
      two.read("b", into);
      expect(into).toEqual(recordOf("b"));
      one.read("a", into);
      expect(into).toEqual(recordOf("a"));
    }),
  );
  expect(kept("a", "b")).toEqual(["a", "b"]);
  expect(read("b")).toEqual(recordOf("b"));
  expect(pairs()).toHaveLength(2);
  expect(readdirSync(folder).filter((name) => name.endsWith(".owner"))).toEqual([]);
});

test("a pair that was given back is written on, so that one after the other makes no more files", () => {
  for (const key of "abcdefgh") append(key);
  expect(statSync(records()).size).toBe(8 * BYTES);
  expect(readdirSync(folder)).toHaveLength(3);
});

test("a torn end of another's file is passed over and left, while the other lives", () => {
  append("a");
  const torn = index();
  opened((one) => {
    one.append("b", recordOf("b"));
    appendFileSync(torn, '["c",');
    expect(kept("a", "b", "c")).toEqual(["a", "b"]);
    expect(readFileSync(torn, "utf8")).toMatch(/\["c",$/);
  });
  opened(() => opened(() => undefined));
  expect(kept("a", "b", "c")).toEqual(["a", "b"]);
  expect(readFileSync(torn, "utf8").split("\n")).toHaveLength(3);
});

/** Make the free pair another process's. */
function give(identity: Partial<ProcessIdentity>): void {
  const [free] = readdirSync(folder).filter((name) => name.endsWith(".free"));
  rmSync(join(folder, free!));
  const owner = free!.replace(/\.free$/, ".0123456789abcdef.owner");
  writeFileSync(join(folder, owner), identityText({ ...ownIdentity(), ...identity }));
}

/** Above what Linux and macOS number processes with. */
const NOBODY = 999_999_999;

test("the pair of a killed process is written on; that of a living one is not", () => {
  append("a");
  give({ pid: NOBODY });
  append("b");
  expect(statSync(records()).size).toBe(2 * BYTES);
  give({ pid: process.ppid, started: null });
  const before = readdirSync(folder);
  append("c");
  expect(pairs()).toHaveLength(2);
  for (const name of before.filter((one) => one.endsWith(".bin")))
    expect(statSync(join(folder, name)).size).toBe(2 * BYTES);
  expect(kept("a", "b", "c")).toEqual(["a", "b", "c"]);
});

test.each([
  ["another host", { system: "another-boot pid:[4026531836]" }],
  ["another host, of a number that nobody has here", { system: "another-boot pid:[1]", pid: NOBODY }],
  ["another container", { system: `${ownIdentity().system}0`, pid: NOBODY }],
  ["nobody knows where", { system: null, pid: NOBODY }],
])("the pair of a process on %s is read, and not a byte of it is changed", (_, identity) => {
  append("a");
  // Its process may be writing right now, so a torn end must stay.
  appendFileSync(index(), '["c",');
  give(identity);
  const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))] as const);
  append("b");
  append("d");
  expect(kept("a", "b", "c", "d")).toEqual(["a", "b", "d"]);
  for (const [name, bytes] of before) expect(readFileSync(join(folder, name))).toEqual(bytes);
  expect(pairs()).toHaveLength(2);
});

test("pairs of earlier versions are read, and not written to", () => {
  append("a");
  renameSync(records(), join(folder, "records.bin"));
  renameSync(index(), join(folder, "index.ndjson"));
  for (const name of readdirSync(folder).filter((one) => one.endsWith(".free"))) rmSync(join(folder, name));
  writeFileSync(join(folder, "records.lock"), String(NOBODY));
  append("b");
  renameSync(records(), join(folder, "records-1.bin"));
  renameSync(index(), join(folder, "index-1.ndjson"));
  for (const name of readdirSync(folder).filter((one) => one.endsWith(".free"))) rmSync(join(folder, name));
  append("c");
  expect(kept("a", "b", "c")).toEqual(["a", "b", "c"]);
  for (const name of ["records.bin", "records-1.bin"]) expect(statSync(join(folder, name)).size).toBe(BYTES);
  expect(pairs()).toHaveLength(3);
});

test("of many pairs, those that nobody has written to for a month are brought together", () => {
  const keys = Array.from({ length: 40 }, (_, i) => `k${i}`);
  const old = new Date(Date.now() - 31 * 24 * 3600 * 1000);
  for (const key of keys) {
    append(key);
    give({ system: "another-boot pid:[1]" });
  }
  const indices = readdirSync(folder).filter((name) => name.endsWith(".ndjson"));
  // All but five are old.
  for (const name of indices.slice(5)) utimesSync(join(folder, name), old, old);
  expect(kept(...keys)).toEqual(keys);
  expect(pairs()).toHaveLength(6);
  for (const key of keys) expect(read(key)).toEqual(recordOf(key));
  expect(readdirSync(folder).filter((name) => name.endsWith(".owner"))).toHaveLength(5);
});

/** Opens the store when all of its crowd are there, appends a hundred records when all have opened it, and ends. */
const WRITER = `
import { readdirSync, writeFileSync } from "node:fs";
const { RecordStore } = await import(${JSON.stringify(join(ROOT, "dist/node/record-store.js"))});
const [crowd, meeting, folder, name, end] = [Number(process.argv[1]), ...process.argv.slice(2)];
const meet = (what) => {
  writeFileSync(meeting + "/" + what + name, "");
  while (readdirSync(meeting).filter((other) => other.startsWith(what)).length < crowd);
};
meet("here-");
const store = new RecordStore(folder, ${LENGTH}, ${JSON.stringify(KIND)});
meet("open-");
for (let i = 0; i < 100; i++) store.append(name + i, Float32Array.of(i, 0.5, -1));
if (end === "kill") process.kill(process.pid, "SIGKILL");
store.close();
`;

interface Writer {
  readonly name: string;
  readonly end: "close" | "kill";
}

/** Writers that work at once. */
async function writeAtOnce(writers: readonly Writer[], before: readonly string[] = []): Promise<void> {
  const meeting = mkdtempSync(join(tmpdir(), "medical-x-meeting-"));
  const run = ({ name, end }: Writer) => {
    const script = [process.execPath, "--input-type=module", "-e", WRITER];
    const [command, ...args] = [...before, ...script, String(writers.length), meeting, folder, name, end];
    return new Promise<void>((resolve) => spawn(command!, args).on("close", () => resolve()));
  };
  await Promise.all(writers.map(run));
  rmSync(meeting, { recursive: true });
}

const all = (names: readonly string[]): string[] =>
  names.flatMap((name) => Array.from({ length: 100 }, (_, i) => `${name}${i}`));

test("processes at once and one after the other lose nothing, and leave as many pairs as ran at once", async () => {
  for (const round of [1, 2, 3]) {
    await writeAtOnce(
      ["w", "x", "y", "z"].map((name, i) => ({ name: `${name}${round}-`, end: i < 2 ? "close" : "kill" })),
    );
  }
  const names = ["w", "x", "y", "z"].flatMap((name) => [1, 2, 3].map((round) => `${name}${round}-`));
  expect(kept(...all(names))).toEqual(all(names));
  expect(pairs().length).toBeLessThanOrEqual(4);
});

/** A process in its own namespace, as in a container, where it has a small number that other processes have, too. */
const CONTAINER = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child"];
const isAllowed = spawnSync(CONTAINER[0]!, [...CONTAINER.slice(1), "true"]).status === 0;

test.skipIf(!isAllowed)(
  "two containers of one machine write to files of their own (skipped where `unshare --pid` is not allowed)",
  async () => {
    await writeAtOnce(
      ["p", "q"].map((name) => ({ name, end: "kill" })),
      CONTAINER,
    );
    await writeAtOnce([{ name: "r", end: "close" }], CONTAINER);
    append("here");
    expect(kept(...all(["p", "q", "r"]), "here")).toEqual([...all(["p", "q", "r"]), "here"]);
    // The first two wrote at once. What they left may be written on where the system has given a namespace's number
    // again, which proves that all processes of the earlier one have ended.
    expect(pairs().length).toBeGreaterThanOrEqual(2);
  },
);

test("a store of predictions has codes of its own", () => {
  const store = new RecordStore(folder, LENGTH, { name: "predictions", without: "evaluate without it" });
  try {
    expect(() => store.checkSpace(1e15)).toThrow(
      expect.objectContaining({
        code: "predictions/no-space",
        message: expect.stringMatching(/the predictions of .* evaluate without it$/),
      }),
    );
    store.append("a", recordOf("a"));
    truncateSync(records(), 1);
    expect(() => store.read("a", new Float32Array(LENGTH))).toThrow(
      expect.objectContaining({
        code: "predictions/damaged",
        message: `${folder}: the cached predictions are damaged; remove this folder, and they will be computed again`,
      }),
    );
  } finally {
    store.close();
  }
});
