/** dcmtk's network commands as the two ends of a router: `echoscu` and `storescu` send, `storescp` receives. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../support/free-ports.ts";
import { Program, run, type Said } from "./programs.ts";

/** Where something listens. */
export interface Peer {
  /** Its AE title. */
  readonly aet: string;
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
}

const address = (
  { aet, port, host = "127.0.0.1" }: Peer,
  from: string,
  more: readonly string[],
): string[] => [...more, ...["--aetitle", from, "--call", aet, host, String(port)]];

/** C-ECHO. Code 0 if it was answered. */
export function echo(to: Peer, from = "ROUTER", options: readonly string[] = []): Promise<Said> {
  return run("echoscu", address(to, from, options));
}

/**
 * C-STORE of files in one association. Code 0 if all were accepted.
 *
 * @param options  More of `storescu`'s, such as `--no-halt`.
 */
export function send(
  to: Peer,
  files: readonly string[],
  from = "ROUTER",
  options: readonly string[] = [],
): Promise<Said> {
  return run("storescu", [...address(to, from, ["--propose-lossless", ...options]), ...files]);
}

/** Something that takes what is sent to it: `storescp` with a folder. */
export class Receiver {
  readonly folder = mkdtempSync(join(tmpdir(), "medical-x-storescp-"));
  readonly peer: Peer;
  readonly #options: readonly string[];
  #program: Program | undefined;

  private constructor(peer: Peer, options: readonly string[]) {
    this.peer = peer;
    this.#options = options;
    process.once("exit", this.#remove);
  }

  /** @param options  More of `storescp`'s, such as `--refuse` or `--abort-during`. */
  static async start(aet = "ARCHIVE", options: readonly string[] = []): Promise<Receiver> {
    const receiver = new Receiver({ aet, port: await freePort() }, options);
    await receiver.resume();
    return receiver;
  }

  /** Start it again on the same port. */
  async resume(): Promise<void> {
    if (this.#program?.isRunning === true) return;
    const { aet, port } = this.peer;
    const folder = ["--output-directory", this.folder, "--unique-filenames"];
    const args = ["--aetitle", aet, "--accept-all", ...folder, ...this.#options];
    const program = new Program("storescp", [...args, String(port)]);
    this.#program = program;
    await program.until(() => answers(port));
  }

  /** SIGKILL. Returns when it is gone. */
  async kill(): Promise<void> {
    await this.#program?.end("SIGKILL");
  }

  /** The paths of what it has received, repeats included. */
  files(): readonly string[] {
    return readdirSync(this.folder)
      .sort()
      .map((name) => join(this.folder, name));
  }

  /** What it has received. */
  bytes(): readonly Uint8Array[] {
    return this.files().map((file) => readFileSync(file));
  }

  /** End it for good, and remove its folder. */
  async stop(): Promise<void> {
    await this.kill();
    this.#remove();
    process.off("exit", this.#remove);
  }

  readonly #remove = (): void => {
    rmSync(this.folder, { recursive: true, force: true });
  };
}

/** Whether something listens on a port of loopback. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
