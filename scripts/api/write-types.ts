/** Writes dist/types, what the package declares to compilers: a part of `npm run build`. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, readDeclarations } from "./declarations.ts";
import { fileName, rollUp } from "./roll-up.ts";

const folder = join(ROOT, "dist", "types");
mkdirSync(folder, { recursive: true });
for (const declarations of readDeclarations())
  writeFileSync(join(folder, `${fileName(declarations)}.d.ts`), rollUp(declarations, true));
