/** Writes docs/api from the built declarations: `npm run docs:api`. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./declarations.ts";
import { apiPages } from "./pages.ts";

const folder = join(ROOT, "docs", "api");
mkdirSync(folder, { recursive: true });
for (const [name, text] of apiPages()) writeFileSync(join(folder, name), text);
