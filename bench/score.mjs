/**
 * What scoring many images costs: processor seconds, memory and bytes, and the plan of docs/scale.md that follows from them.
 *
 *     npm run build && node bench/score.mjs [--image <folder>] [--count 200] [--wall] [--write]
 *
 * Without `--image`, phantoms of 1024 × 1024 are drawn. `--write` puts the tables into docs/scale.md.
 * Processor seconds (user and system, of the command and all that it starts) hardly depend on what else the machine does;
 * wall seconds do: `--wall` adds them, for a machine that does nothing else. Linux only: the seconds come from /proc.
 */

import { spawn, spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { figuresTable, planTable } from "./score-plan.mjs";

const { values } = parseArgs({
  options: {
    image: { type: "string" },
    model: { type: "string", default: "demo" },
    count: { type: "string", default: "200" },
    wall: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});
const BIN = fileURLToPath(new URL("../dist/bin/medical-x.js", import.meta.url));
const PAGE = fileURLToPath(new URL("../docs/scale.md", import.meta.url));
const TICKS = Number(spawnSync("getconf", ["CLK_TCK"]).stdout);
/** As few images as a task can have: what they cost is subtracted. */
const FEW = 4;
const LISTED = 20_000;

/** The fields of /proc/<pid>/stat after the command's name. */
const stat = (pid) =>
  readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");

/** Processor seconds of all children of this process that have ended, with theirs. */
function ended() {
  const fields = stat("self");
  return (Number(fields[13]) + Number(fields[14])) / TICKS;
}

/** Bytes that a process and all below it have in memory now. */
function residentBytes(root) {
  const parents = new Map();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      parents.set(name, stat(name)[1]);
    } catch {
      // It has ended meanwhile.
    }
  }
  const isBelow = (pid) => pid === String(root) || (parents.has(pid) && isBelow(parents.get(pid)));
  let bytes = 0;
  for (const pid of parents.keys()) {
    if (!isBelow(pid)) continue;
    try {
      bytes += 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
    } catch {
      // So has this one.
    }
  }
  return bytes;
}

/** Run the command to its end. Throws if it fails. */
async function run(...args) {
  const before = ended();
  const start = performance.now();
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (piece) => {
    said += piece;
  });
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, residentBytes(child.pid));
  }, 100);
  const code = await new Promise((done) => child.once("close", done));
  clearInterval(watch);
  if (code !== 0) throw new Error(`medical-x ${args.join(" ")} ended with ${code}: ${said}`);
  return { cpu: ended() - before, wall: (performance.now() - start) / 1000, peak };
}

const folder = mkdtempSync(join(tmpdir(), "medical-x-bench-score-"));
const at = (name) => join(folder, name);

/** A list of the first images, which is what score takes for some of a folder. */
function list(name, images) {
  writeFileSync(at(name), images.map((image) => `${image}\n`).join(""));
  return at(name);
}

const score = (images, out, workers) =>
  run("score", "--image", images, "--model", values.model, "--out", at(out), "--workers", String(workers));

const bytesIn = (path) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".parquet"))
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

/** Some images of the folder, each as often as it takes, under names of their own. */
function manyOf(source, count) {
  const names = readdirSync(source).filter((name) => !name.startsWith("."));
  mkdirSync(at("many"));
  return Array.from({ length: count }, (_, i) => {
    const name = names[i % names.length];
    const path = join(at("many"), `${String(i).padStart(6, "0")}-${name}`);
    symlinkSync(resolve(source, name), path);
    return path;
  });
}

try {
  let source = values.image;
  if (source === undefined) {
    await run("data", "phantom", "--out", at("phantoms"), "--count", "60", "--seed", "1", "--size", "1024");
    source = dirname(
      join(
        at("phantoms"),
        readdirSync(at("phantoms"), { recursive: true }).find((n) => n.endsWith(".png")),
      ),
    );
  }
  const count = Number(values.count);
  const images = manyOf(source, count);
  const imageBytes = images.reduce((sum, image) => sum + statSync(image).size, 0) / count;
  const few = await score(list("few.txt", images.slice(0, FEW)), "few", 1);
  const one = await score(list("all.txt", images), "one", 1);
  const again = await score(at("all.txt"), "one", 1);
  const two = await score(at("all.txt"), "two", 2);

  mkdirSync(at("listed"));
  for (let i = 0; i < LISTED; i++)
    writeFileSync(join(at("listed"), `${String(i).padStart(8, "0")}.png`), "x");
  // The only shard belongs to process 0, so process 1 lists the files and is done.
  const planning = ["--out", at("planned"), "--shard-size", String(LISTED), "--shard", "1/2"];
  const listing = await run("score", "--image", at("listed"), "--model", values.model, ...planning);

  const perImage = (one.cpu - few.cpu) / (count - FEW);
  const figures = {
    machine: `${cpus()[0].model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
    date: new Date().toISOString().slice(0, 10),
    images: `${count} ${values.image === undefined ? "phantoms" : "images"} of ${Math.round(imageBytes / 1000)} kB on average`,
    imageBytes,
    perImage,
    start: few.cpu - FEW * perImage,
    again: again.cpu,
    wall: values.wall ? [one.wall, two.wall] : undefined,
    peakOne: one.peak,
    peakTwo: two.peak,
    rowBytes: (bytesIn(at("one")) - bytesIn(at("few"))) / (count - FEW),
    planBytes: statSync(join(at("planned"), "plan.json")).size / LISTED,
    listing: (listing.cpu - again.cpu) / LISTED,
    count,
  };
  const tables = `${figuresTable(figures)}\n\n${planTable(figures)}`;
  console.log(tables);
  if (values.write) {
    const page = readFileSync(PAGE, "utf8");
    const marked = /(<!-- figures -->\n).*?(<!-- end of figures -->)/s;
    if (!marked.test(page)) throw new Error(`${PAGE} has no place for the figures`);
    writeFileSync(
      PAGE,
      page.replace(marked, (_, begin, end) => `${begin}${tables}\n${end}`),
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
