/**
 * Tries a release without publishing it. Run by `npm run release:check`.
 *
 * Builds and packs the package, checks its contents, installs the tarball in an empty project elsewhere, and uses it
 * there: the command, the library and the functions of evaluation. Ends with the release notes, taken from CHANGELOG.md.
 * CONTRIBUTING.md says how a release is published after that.
 *
 * Network: npm asks the registry for dependencies that are not in its cache. Files: a temporary folder, which is removed.
 */

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** What a tarball may contain. Anything else is a mistake in `files` of package.json. */
const PACKED = [
  /^(package\.json|README\.md|LICENSE|NOTICE|models\/README\.md|models\/demo\.safetensors)$/,
  /^docs\/schemas\/[a-z-]+\.json$/,
  /^dist\/.+\.(js|mjs|d\.ts|wasm|txt)$/,
  /^dist\/page\/(index\.html|icon\.svg|assets\/[\w-]+\.css)$/,
  /^examples\/images\/\d{8}_\d{3}\.png$/,
];
/** Files without which the command, the library or a page would fail. */
const NEEDED = [
  "dist/bin/medical-x.js",
  "dist/bin/image-worker.js",
  "dist/index.js",
  "dist/types/medical-x.d.ts",
  "dist/types/medical-x-browser.d.ts",
  "dist/types/medical-x-evaluation.d.ts",
  "dist/browser/medical-x.js",
  "dist/bin/score-worker.js",
  "dist/page/index.html",
  "models/demo.safetensors",
  "NOTICE",
];
const MAX_PACKED_MB = 30;
const MAX_UNPACKED_MB = 72;

/** An X-ray that was drawn with a mass and an effusion, both of which the demo model finds. */
const EXAMPLE = "00000004_000.png";
const FOUND = ["Effusion", "Mass"];

const read = (file) => readFileSync(join(ROOT, file), "utf8");

function fail(message) {
  console.error(`release: ${message}`);
  process.exit(1);
}

/** Run a command, show its stderr, and return its stdout. */
function run(command, args, cwd) {
  const { status, stdout, error } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 2 ** 26,
    // Nothing here runs on a GPU, and the host of ONNX Runtime's CUDA libraries may be out of reach.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" },
  });
  if (status !== 0) fail(`\`${command} ${args.join(" ")}\` failed${error ? `: ${error.message}` : ""}`);
  return stdout;
}

/** A version's section of CHANGELOG.md: the date in its heading, or `Unreleased`, and its text. */
function changesOf(version) {
  const sections = read("CHANGELOG.md").split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`[${version}] - `));
  if (section === undefined) fail(`CHANGELOG.md has no section "## [${version}] - …"`);
  if (sections[0] !== section) fail(`the first section of CHANGELOG.md is not that of ${version}`);
  const [heading, ...lines] = section.split("\n");
  const date = heading.slice(`[${version}] - `.length);
  if (!/^(Unreleased|\d{4}-\d{2}-\d{2})$/.test(date)) fail(`CHANGELOG.md: "${date}" is no date`);
  return {
    date,
    notes: lines
      .join("\n")
      .replace(/\n\[[^\]]+\]: .*/g, "")
      .trim(),
  };
}

function checkVersions() {
  const { version } = JSON.parse(read("package.json"));
  const found = {
    "package-lock.json": JSON.parse(read("package-lock.json")).version,
    "src/version.ts": /VERSION = "([^"]+)"/.exec(read("src/version.ts"))?.[1],
  };
  for (const [file, other] of Object.entries(found))
    if (other !== version) fail(`package.json says ${version}, but ${file} says ${other}`);
  return version;
}

function checkFiles({ files, size, unpackedSize }) {
  const paths = files.map(({ path }) => path);
  const surplus = paths.filter((path) => !PACKED.some((pattern) => pattern.test(path)));
  if (surplus.length > 0) fail(`these files should not be packed: ${surplus.slice(0, 5).join(", ")}`);
  const missing = NEEDED.filter((path) => !paths.includes(path));
  if (missing.length > 0) fail(`these files are not packed: ${missing.join(", ")}`);
  const [packed, unpacked] = [size, unpackedSize].map((bytes) => bytes / 1e6);
  const sizes = `${files.length} files, ${packed.toFixed(1)} MB packed, ${unpacked.toFixed(1)} MB unpacked`;
  if (packed > MAX_PACKED_MB || unpacked > MAX_UNPACKED_MB)
    fail(`the package has grown: ${sizes}; ${MAX_PACKED_MB} and ${MAX_UNPACKED_MB} MB are expected at most`);
  console.log(`packed: ${sizes}`);
}

/** A program that uses the installed library as a user's program would. */
const PROGRAM = `
import { loadModel } from "medical-x";
import { auroc } from "medical-x/evaluation";
const model = await loadModel("demo");
const [{ probabilities }] = await model.predict(["${EXAMPLE}"]);
await model.release();
console.log(JSON.stringify({ probabilities, auroc: auroc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]) }));
`;

function useInstalled(folder, version) {
  const told = run("npx", ["--no-install", "medical-x", "--version"], folder).trim();
  if (told !== version) fail(`\`medical-x --version\` says ${told}`);
  const predict = ["--no-install", "medical-x", "predict", "--model", "demo", "--format", "json"];
  const result = JSON.parse(run("npx", [...predict, "--image", EXAMPLE], folder));
  if (result.detected.toSorted().join() !== FOUND.join())
    fail(`${EXAMPLE}: the command detects ${result.detected.join(", ") || "nothing"}`);
  writeFileSync(join(folder, "program.mjs"), PROGRAM);
  const { probabilities, auroc } = JSON.parse(run(process.execPath, ["program.mjs"], folder));
  // scikit-learn's own example of roc_auc_score: 0.75.
  if (auroc !== 0.75) fail(`auroc of the library is ${auroc}`);
  for (const [finding, probability] of Object.entries(result.probabilities))
    if (!(Math.abs(probabilities[finding] - probability) < 1e-5))
      fail(`${finding}: ${probabilities[finding]} by the library, ${probability} by the command`);
  console.log(`installed: the command and the library detect ${FOUND.join(" and ")} in ${EXAMPLE}`);
}

const version = checkVersions();
const { date, notes } = changesOf(version);
if (notes === "") fail(`CHANGELOG.md says nothing about ${version}`);
const folder = mkdtempSync(join(tmpdir(), "medical-x-release-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

run("npm", ["run", "--silent", "build"], ROOT);
const [pack] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", folder], ROOT));
checkFiles(pack);

writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", `./${pack.filename}`], folder);
copyFileSync(join(ROOT, "examples/images", EXAMPLE), join(folder, EXAMPLE));
useInstalled(folder, version);

console.log(`\nRelease notes of ${version} (${date}):\n\n${notes}`);
if (date === "Unreleased")
  console.log(`\nBefore publishing, replace "Unreleased" in CHANGELOG.md by the date.`);
