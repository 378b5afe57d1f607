import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RecordStore } from "../../src/node/record-store.ts";

const LENGTH = 3;
const KIND = { name: "features", without: "train without it: --feature-cache off" } as const;
const BYTES = LENGTH * 4;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "medical-x-store-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const records = (): string => join(folder, "records.bin");
const index = (): string => join(folder, "index.ndjson");

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
      message: `${folder}: the cached features are damaged; remove this folder, and they will be made again`,
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
        message: expect.stringContaining("the features of 1000000000000000 images need 12000000.0 GB, and "),
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
  expect(readdirSync(folder).filter((name) => name.endsWith(".lock"))).toEqual([]);
});

test("a torn end of another's file is passed over and left, while the other lives", () => {
  append("a");
  opened((one) => {
    one.append("b", recordOf("b"));
    appendFileSync(index(), '["c",');
    expect(kept("a", "b", "c")).toEqual(["a", "b"]);
    expect(readFileSync(index(), "utf8")).toMatch(/\["c",$/);
  });
  expect(kept("a", "b", "c")).toEqual(["a", "b"]);
  expect(readFileSync(index(), "utf8").split("\n")).toHaveLength(3);
});

test("what a killed process claimed is free again; what a living one holds is not", () => {
  append("a");
  const lock = join(folder, "records.lock");
  // No process has this number: Linux gives none above 2²².
  writeFileSync(lock, "99999999");
  append("b");
  expect(statSync(records()).size).toBe(2 * BYTES);
  writeFileSync(lock, String(process.ppid));
  append("c");
  expect(statSync(records()).size).toBe(2 * BYTES);
  expect(kept("a", "b", "c")).toEqual(["a", "b", "c"]);
});
