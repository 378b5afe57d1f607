/**
 * `pacs watch` or `pacs listen` as a process that can be killed and started again on the same state folder.
 *
 * Knows: the built command.
 */

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { PacsStatus } from "../../../src/results/pacs-status.ts";
import { type Desk, MAIN } from "../../cli/run.ts";
import { Program } from "./programs.ts";

export class Watcher {
  readonly #desk: Desk;
  readonly #args: readonly string[];
  readonly #env: NodeJS.ProcessEnv;
  readonly state: string;
  #program: Program;
  /** What earlier processes said. */
  #before = "";

  readonly #command: "watch" | "listen";

  private constructor(
    desk: Desk,
    command: "watch" | "listen",
    state: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
  ) {
    this.#command = command;
    this.#desk = desk;
    this.state = state;
    this.#args = args;
    this.#env = env;
    this.#program = this.#start();
  }

  /** @param args  Beside the model and the state folder: the archive and so on. */
  static start(desk: Desk, state: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Watcher {
    return new Watcher(desk, "watch", state, args, env);
  }

  /** The same for a listener. */
  static listen(desk: Desk, state: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Watcher {
    return new Watcher(desk, "listen", state, args, env);
  }

  #start(): Program {
    const fixed = ["--model", "m.safetensors", "--threads", "1", "--state", this.state];
    return new Program(process.execPath, [MAIN, "pacs", this.#command, ...fixed, ...this.#args], {
      cwd: this.#desk.folder,
      env: { NETRC: "", MEDICAL_X_CACHE: join(this.#desk.folder, "cache"), ...this.#env },
    });
  }

  /** All that it has written so far. */
  get said(): string {
    return this.#before + this.#program.said;
  }

  get isRunning(): boolean {
    return this.#program.isRunning;
  }

  /** End it by a signal. Returns when it is gone. */
  async end(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    await this.#program.end(signal);
  }

  /** Start it again. */
  resume(): void {
    this.#before += this.#program.said;
    this.#program = this.#start();
  }

  /** Wait until it has said something. */
  async until(hasSaid: (said: string) => boolean): Promise<void> {
    await this.#program.until(async () => hasSaid(this.said));
  }

  /** Wait until a number of studies is done and stays so: our own results make a study open once more. */
  async settled(studies: number): Promise<void> {
    // Before, there may be no state folder.
    await this.until((said) => /watching the archive|listens at/.test(said));
    for (let calm = 0, tries = 0; calm < 3; tries++) {
      if (tries > 600) throw new Error(`it did not come to an end:\n${this.said}`);
      if (!this.isRunning) throw new Error(`the watcher has ended by itself:\n${this.said}`);
      await sleep(800);
      const { studies: counts, images } = this.status();
      const isCalm = counts.total === studies && counts.done === studies && images.waiting === 0;
      calm = isCalm ? calm + 1 : 0;
    }
  }

  status(): PacsStatus {
    const args = [MAIN, "pacs", "status", "--state", this.state, "--all", "--format", "json"];
    const text = execFileSync(process.execPath, args, {
      cwd: this.#desk.folder,
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    });
    return JSON.parse(text) as PacsStatus;
  }
}
