/** What the examples speak of, under the names by which they do, made by the installed command. */

import { execFile } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { environment } from "./tools.ts";

const run = promisify(execFile);

/** Serve a file while something is done. */
async function whileServing(file: string, work: (url: string) => Promise<void>): Promise<void> {
  const body = readFileSync(file);
  const server = createServer((_, response) => response.end(body)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/model`);
  server.closeAllConnections();
  server.close();
}

export async function prepareFiles(folder: string): Promise<void> {
  const bin = join(folder, "node_modules", ".bin", "medical-x");
  const medicalX = async (...args: string[]): Promise<void> => {
    await run(bin, args, { cwd: folder, env: environment(folder) });
  };
  await medicalX("data", "phantom", "--out", "chestxray14", "--count", "40", "--seed", "1");
  await medicalX("models", "convert", "demo", "--to", "densenet121_model.pth");
  copyFileSync(join(folder, "chestxray14/images/00000001_000.png"), join(folder, "xray.png"));
  const images = readdirSync(join(folder, "chestxray14/images"));
  writeFileSync(join(folder, "validation.txt"), images.slice(images.length / 2).join("\n"));
  // A model that was fetched before is checked and not fetched again: its example needs no network.
  await whileServing(join(folder, "densenet121_model.pth"), (url) =>
    medicalX("models", "pull", "xrv-all", "--url", url),
  );
}
