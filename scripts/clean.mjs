/**
 * Removes the build before it is made again; otherwise modules that have been moved would be packed with the others.
 */
import { rmSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });
