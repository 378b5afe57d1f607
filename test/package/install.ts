/**
 * Packs the package and installs the tarball into an empty project, with the versions of this repository's lock file: what
 * `npm ci` fetched for the repository is taken from npm's cache.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../architecture/source.ts";

/** A package in a lock file. */
interface Locked {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly version?: string;
}

/** Node's types and what they need: the only thing that a project in TypeScript installs besides. */
const TYPES = ["@types/node", "undici-types"];

const readJson = (file: string) => JSON.parse(readFileSync(join(ROOT, file), "utf8"));

function npm(folder: string, ...args: string[]): string {
  // The host of ONNX Runtime's CUDA libraries may be out of reach: as the README has it.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" };
  return execFileSync("npm", args, { cwd: folder, encoding: "utf8", env });
}

/**
 * The packages that the lock file has for use, as they are installed in a project of their own. Those that are needed for
 * development and otherwise optional belong to it if one of the others depends on them, and not if it only gets on with them.
 */
function lockedPackages(): Record<string, Locked> {
  const { packages } = readJson("package-lock.json") as { packages: Record<string, Locked> };
  const isType = (path: string): boolean => TYPES.some((name) => path === `node_modules/${name}`);
  const others = Object.entries(packages).filter(([path, { dev }]) => path !== "" && (isType(path) || !dev));
  const depended = new Set(
    others.flatMap(([, { devOptional, dependencies }]) =>
      devOptional ? [] : Object.keys(dependencies ?? {}),
    ),
  );
  const chosen = others.flatMap(([path, { dev: _, devOptional, ...locked }]) => {
    if (devOptional !== true) return [[path, locked]];
    return depended.has(path.replace("node_modules/", "")) ? [[path, { ...locked, optional: true }]] : [];
  });
  return Object.fromEntries(chosen);
}

/**
 * Pack and install.
 *
 * @returns  The project's folder, for the caller to remove.
 */
export function install(): string {
  const folder = mkdtempSync(join(tmpdir(), "medical-x-package-"));
  const tarball = npm(ROOT, "pack", "--silent", "--pack-destination", folder).trim();
  const { name, version, dependencies, bin, engines, overrides } = readJson("package.json");
  const packages = lockedPackages();
  const project = {
    name: "consumer",
    version: "1.0.0",
    private: true,
    type: "module",
    dependencies: { [name]: `file:${tarball}` },
    devDependencies: { "@types/node": packages["node_modules/@types/node"]!.version },
    // Overrides of a package hold only in its own checkout, and the lock file was made with them.
    overrides,
  };
  const lock = {
    ...project,
    lockfileVersion: 3,
    requires: true,
    packages: {
      "": project,
      [`node_modules/${name}`]: { version, resolved: `file:${tarball}`, dependencies, bin, engines },
      ...packages,
    },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(project));
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
  npm(folder, "ci", "--prefer-offline", "--no-audit", "--no-fund");
  return folder;
}
