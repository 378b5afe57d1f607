/** A server in a process of its own, as a user starts it, and what is needed to ask much of it. */

import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import sharp from "sharp";
import { Pool } from "undici";
import type { Desk, Ended } from "../cli/run.ts";

const EXAMPLES = new URL("../../examples/images/", import.meta.url);

/** Images that all differ, as PNG files of 256 × 256 in a folder of the desk. Returns their names. */
export async function putImages(desk: Desk, folder: string, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, i) => `${String(i).padStart(5, "0")}.png`);
  const sources = Array.from({ length: 6 }, (_, i) =>
    readFileSync(new URL(`0000000${i + 1}_000.png`, EXAMPLES)),
  );
  for (const [i, name] of names.entries()) {
    const picture = sharp(sources[i % sources.length])
      .resize(256, 256)
      .toColourspace("b-w");
    const changed = picture.linear(0.7 + (0.5 * ((i * 619) % count)) / count, i % 17);
    desk.put(`${folder}/${name}`, await changed.png({ compressionLevel: 1 }).toBuffer());
  }
  return names;
}

/** A server that runs. */
export class Served {
  readonly url: string;
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly pool: Pool;

  private constructor(url: string, child: ChildProcess, ended: Promise<Ended>, clients: number) {
    this.url = url;
    this.child = child;
    this.ended = ended;
    this.pool = new Pool(new URL(url).origin, { connections: clients, bodyTimeout: 0, headersTimeout: 0 });
  }

  /** `medical-x serve <args>` at a free port, and a connection for each client. */
  static start(desk: Desk, args: readonly string[], clients: number): Promise<Served> {
    return new Promise((resolve, reject) => {
      const ended: Promise<Ended> = desk.run(["serve", "--port", "0", ...args], {
        onStdout: (piece, child) => {
          const [url] = /http:\S+/.exec(piece) ?? [];
          if (url !== undefined) resolve(new Served(url, child, ended, clients));
        },
      });
      ended.then(({ stderr }) => reject(new Error(stderr)));
    });
  }

  /** Send one image as a form. Resolves with the status and the parsed body. */
  async predict(name: string, bytes: Uint8Array, query = ""): Promise<{ status: number; body: unknown }> {
    const head = `--x\r\nContent-Disposition: form-data; name="image"; filename="${name}"\r\n\r\n`;
    const answer = await this.pool.request({
      path: `/api/predict${query}`,
      method: "POST",
      headers: { "content-type": "multipart/form-data; boundary=x" },
      body: Buffer.concat([Buffer.from(head), bytes, Buffer.from("\r\n--x--\r\n")]),
    });
    return { status: answer.statusCode, body: await answer.body.json() };
  }

  /** Resident memory in MB. */
  residentMb(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1000;
  }

  async stop(): Promise<Ended> {
    await this.pool.destroy();
    this.child.kill("SIGTERM");
    return this.ended;
  }
}

/** Do something with each item, by so many clients at once. */
export async function byClients<T>(
  items: readonly T[],
  clients: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const client = async () => {
    while (next < items.length) await work(items[next++]!);
  };
  await Promise.all(Array.from({ length: clients }, client));
}
