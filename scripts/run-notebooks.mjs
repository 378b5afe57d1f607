/**
 * Executes the notebooks of `examples/` from top to bottom, with Deno's kernel, and fails where a cell fails.
 *
 * `npm run notebooks` writes their outputs into them; `npm run test:notebooks` writes executed copies into
 * `build/notebooks/`, where its tests look at them. Files may follow: `npm run notebooks -- examples/prediction.ipynb`.
 *
 * Needs Debian's `jupyter-nbconvert` (`apt-get install jupyter-nbconvert python3-ipykernel`); Deno comes with `npm ci`.
 * Kernels, caches and settings of Jupyter and Deno stay in `build/`, and nothing in the home folder is touched.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const EXAMPLES = join(ROOT, "examples");
const BUILD = join(ROOT, "build", "notebooks");
const PYTHON = process.env["MEDICAL_X_PYTHON"] ?? "/usr/bin/python3";
const NOTEBOOKS = ["training", "prediction"].map((name) => join(EXAMPLES, `${name}.ipynb`));

/** Deno's executable, from the npm package for this platform. */
function findDeno() {
  const require = createRequire(createRequire(import.meta.url).resolve("deno/package.json"));
  const libc = process.platform === "linux" ? "-glibc" : "";
  const file = process.platform === "win32" ? "deno.exe" : "deno";
  return require.resolve(`@deno/${process.platform}-${process.arch}${libc}/${file}`);
}

/** A kernel of our own, so that none has to be installed for the user. */
function writeKernel(folder) {
  mkdirSync(join(folder, "kernels", "deno"), { recursive: true });
  const argv = [findDeno(), "jupyter", "--kernel", "--conn", "{connection_file}"];
  const kernel = { argv, display_name: "Deno", language: "typescript" };
  writeFileSync(join(folder, "kernels", "deno", "kernel.json"), JSON.stringify(kernel));
}

/** Where Jupyter and Deno keep things; and no question for a newer Deno, no colours in the outputs. */
const ENVIRONMENT = {
  ...process.env,
  DENO_DIR: join(BUILD, "deno"),
  DENO_NO_UPDATE_CHECK: "1",
  IPYTHONDIR: join(BUILD, "ipython"),
  JUPYTER_CONFIG_DIR: join(BUILD, "config"),
  JUPYTER_DATA_DIR: join(BUILD, "data"),
  JUPYTER_PATH: join(BUILD, "jupyter"),
  JUPYTER_RUNTIME_DIR: join(BUILD, "runtime"),
  NO_COLOR: "1",
  PYTHONDONTWRITEBYTECODE: "1",
};

/** Whether strace is here, which then records where the notebook connects to. */
const canTrace = () => spawnSync("strace", ["-V"]).status === 0;

/**
 * Execute one notebook.
 *
 * @param notebook  Its file; its cells run in the folder where it lies.
 * @param folder    For the executed notebook, and for `<name>.connections` where strace is installed.
 */
function execute(notebook, folder) {
  mkdirSync(folder, { recursive: true });
  writeKernel(ENVIRONMENT.JUPYTER_PATH);
  const name = basename(notebook, ".ipynb");
  const trace = [
    "-f",
    "-qq",
    "--seccomp-bpf",
    "-e",
    "trace=connect",
    "-o",
    join(folder, `${name}.connections`),
  ];
  const executed = join(folder, `${name}.ipynb`);
  const convert = [PYTHON, join(ROOT, "scripts", "execute-notebook.py"), notebook, executed];
  const [command, ...args] = [...(canTrace() ? ["strace", ...trace] : []), ...convert];
  execFileSync(command, args, { cwd: dirname(notebook), env: ENVIRONMENT, stdio: "inherit" });
  return executed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    options: { "in-place": { type: "boolean", default: false } },
    allowPositionals: true,
  });
  for (const file of positionals.length > 0 ? positionals : NOTEBOOKS) {
    const notebook = resolve(file);
    const started = performance.now();
    const executed = execute(notebook, BUILD);
    console.log(`${basename(notebook)}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
    if (values["in-place"]) writeFileSync(notebook, readFileSync(executed));
  }
}
