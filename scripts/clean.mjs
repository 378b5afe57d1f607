/** Remove the build before it is made anew: modules that were moved would be packed with the others. */
import { rmSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });
