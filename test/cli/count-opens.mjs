/** Loaded before a command: writes the path of every file that it opens by `node:fs/promises` into a file. */
import { appendFileSync } from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

const { open } = promises;
promises.open = (path, ...rest) => {
  appendFileSync(process.env["OPENED_FILES"], `${path}\n`);
  return open(path, ...rest);
};
syncBuiltinESMExports();
