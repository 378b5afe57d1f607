/**
 * Images per second and memory of `medical-x predict --model demo` on DICOM files, beside PNGs of the same pictures.
 *
 *     npm run build && node bench/dicom.mjs <folder of PNGs> [rounds]
 *
 * The files are made by scripts/reference/dicom_wrapped.py (Debian: dcmtk libgdcm-tools python3-gdcm python3-pydicom
 * python3-pil openjph-tools). Each round takes all kinds in turn; the best round counts.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [pngs, rounds = "3"] = process.argv.slice(2);
const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const GOALS = {
  plain: 0.8,
  deflated: 0.8,
  rle: 0.8,
  "jpeg-lossless": 0.8,
  htj2k: 0.8,
  "jpeg-ls": 0.6,
  "jpeg-2000": 0.25,
};

/** Runs a command and prints its wall time, processor time and peak memory on stderr. */
const MEASURE =
  "import resource,subprocess,sys,time;t=time.time();c=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL).returncode;u=resource.getrusage(resource.RUSAGE_CHILDREN);print(c,time.time()-t,u.ru_utime+u.ru_stime,u.ru_maxrss/1024)";

function measure(folder) {
  const command = [
    process.execPath,
    path("../dist/bin/medical-x.js"),
    "predict",
    "--model",
    "demo",
    "--image",
    folder,
  ];
  const { stdout } = spawnSync("python3", ["-c", MEASURE, ...command, "--format", "csv", "--force"]);
  const [code, wall, cpu, memory] = String(stdout).trim().split(" ").map(Number);
  if (code !== 0) throw new Error(`predict ended with ${code} on ${folder}`);
  return { wall, cpu, memory };
}

const folder = mkdtempSync(join(tmpdir(), "medical-x-bench-dicom-"));
try {
  execFileSync("/usr/bin/python3", [
    "-B",
    "-W",
    "ignore",
    path("../scripts/reference/dicom_wrapped.py"),
    pngs,
    folder,
  ]);
  const kinds = {
    png: pngs,
    ...Object.fromEntries(Object.keys(GOALS).map((kind) => [kind, join(folder, kind)])),
  };
  const best = {};
  for (let round = 0; round < Number(rounds); round++) {
    for (const [kind, of] of Object.entries(kinds)) {
      const one = measure(of);
      const old = best[kind] ?? one;
      best[kind] = Object.fromEntries(Object.keys(one).map((name) => [name, Math.min(one[name], old[name])]));
    }
  }
  const count = readdirSync(pngs).filter((name) => name.endsWith(".png")).length;
  console.log(
    "| files | images per second | of PNG | goal | processor, ms an image | memory, of PNG |\n|---|---|---|---|---|---|",
  );
  for (const [kind, { wall, cpu, memory }] of Object.entries(best)) {
    const cells = [
      kind,
      (count / wall).toFixed(1),
      (best.png.wall / wall).toFixed(2),
      GOALS[kind] ?? "",
      ((1000 * cpu) / count).toFixed(0),
      (memory / best.png.memory).toFixed(2),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
