/**
 * The folder of a run: its configuration, its history, its weights, and everything needed to resume it.
 *
 * Every file is written atomically. `last/state.safetensors` is the authoritative one: it holds vectors, counts and
 * metrics of the same moment in one file. Files derived from it may be older after a kill, and are written again when
 * the run continues.
 *
 * Knows: files and their names. Not how a run proceeds.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { MAX_MODEL_BYTES } from "../../engine/limits.ts";
import { inFile, XrayError } from "../../errors.ts";
import { readSafetensors, safetensorsPieces } from "../../formats/safetensors.ts";
import type { TensorEntry } from "../../formats/tensor-entry.ts";
import { type Claim, claimFolder } from "../../node/claim.ts";
import { fileError, readWhole, removeLeftovers, writeAtomically } from "../../node/files.ts";
import { makeFolders } from "../../node/make-folder.ts";
import { float32, type Tensor } from "../../tensor.ts";
import { parseRunConfig, type WrittenConfig } from "../../training/run-config.ts";
import { parseTrainingState, type TrainingState } from "../../training/saved-state.ts";
import type { Vectors } from "../../training/trainer.ts";

/** The files of a run. */
export const RUN_FILES = {
  config: "config.json",
  metrics: "metrics.ndjson",
  model: "model.safetensors",
  torch: "densenet121_model.pth",
  state: join("last", "state.safetensors"),
  curves: "curves.svg",
  card: "model-card.md",
} as const;

const STATE_KEY = "medical-x/training-state@1";
const CONFIG_LIMIT = 10_000_000;

/** The state of a run at one moment. */
export interface SavedState extends TrainingState {
  readonly vectors: Vectors;
}

const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The way on if a state cannot be used. */
const RESTART = "restore the file, or start another run";

/** One of a state's vectors. */
function vectorOf(tensors: ReadonlyMap<string, TensorEntry>, name: string): Float32Array {
  const entry = tensors.get(name);
  if (entry === undefined)
    throw new XrayError("training/bad-state", `it has no "${name}"; ${RESTART}`, { name });
  const { data } = entry.read();
  if (data instanceof Float32Array) return data;
  throw new XrayError("training/bad-state", `its "${name}" is ${entry.dtype}, not float32; ${RESTART}`, {
    name,
  });
}

/** Marks a run's folder in which a process is working. */
const CLAIM = "run.lock";

/** One run's folder. */
export class RunFolder {
  readonly path: string;
  #claim: Claim | undefined;

  constructor(path: string) {
    this.path = path;
  }

  file(name: keyof typeof RUN_FILES): string {
    return join(this.path, RUN_FILES[name]);
  }

  /** Whether a run was started here. */
  get isTaken(): boolean {
    return existsSync(this.file("config"));
  }

  /** The first existing file with a name that a run would write; undefined if there is none. */
  firstFile(): string | undefined {
    return Object.values(RUN_FILES).find((name) => existsSync(join(this.path, name)));
  }

  /** Whether there is a state to resume from. */
  get hasState(): boolean {
    return existsSync(this.file("state"));
  }

  /**
   * Create the folder, claim it for this process, and remove the leftovers of a killed run.
   *
   * @throws  XrayError `file/in-use` if another process is training in it, `file/not-accessible`.
   */
  async create(): Promise<void> {
    const last = join(this.path, "last");
    try {
      await makeFolders(last);
    } catch (error) {
      throw fileError(this.path, error);
    }
    this.#claim = claimFolder(this.path, join(this.path, CLAIM));
    try {
      for (const folder of [this.path, last]) await removeLeftovers(folder);
    } catch (error) {
      throw fileError(this.path, error);
    }
  }

  /** Let other processes work in the folder. */
  release(): void {
    this.#claim?.release();
    this.#claim = undefined;
  }

  /** If this process was suspended for long, another may have taken over the run. Throws `training/folder-lost`. */
  #mustHold(): void {
    if (this.#claim === undefined || this.#claim.isHeld) return;
    throw new XrayError(
      "training/folder-lost",
      `${this.path}: another process took over this run while this one stood still, so this one writes nothing more; let the other one finish`,
      { folder: this.path },
    );
  }

  async writeText(name: keyof typeof RUN_FILES, text: string): Promise<void> {
    this.#mustHold();
    await writeAtomically(this.file(name), [toBytes(text)]);
  }

  async writePieces(name: keyof typeof RUN_FILES, pieces: readonly Uint8Array[]): Promise<void> {
    this.#mustHold();
    await writeAtomically(this.file(name), pieces);
  }

  /** Read the configuration. Throws XrayError `training/bad-config`, naming the file and what is wrong. */
  async readConfig(): Promise<WrittenConfig> {
    const file = this.file("config");
    const text = new TextDecoder().decode(await readWhole(file, CONFIG_LIMIT));
    try {
      return parseRunConfig(text);
    } catch (error) {
      throw inFile(file, error);
    }
  }

  async saveState({ vectors, ...rest }: SavedState): Promise<void> {
    const tensors = new Map<string, Tensor>(
      Object.entries(vectors).map(([name, data]: [string, Float32Array]) => [
        name,
        float32([data.length], data),
      ]),
    );
    this.#mustHold();
    await writeAtomically(
      this.file("state"),
      safetensorsPieces(tensors, { [STATE_KEY]: JSON.stringify(rest) }),
    );
  }

  /** @throws  XrayError `training/bad-state`, `safetensors/…`, naming the file. */
  async readState(): Promise<SavedState> {
    const file = this.file("state");
    try {
      const { tensors, metadata } = readSafetensors(await readWhole(file, MAX_MODEL_BYTES));
      const text = metadata[STATE_KEY];
      if (text === undefined)
        throw new XrayError("training/bad-state", `this is not the state of a run; ${RESTART}`, {});
      const vector = (name: string) => vectorOf(tensors, name);
      return {
        ...parseTrainingState(text),
        vectors: {
          weights: vector("weights"),
          moment1: vector("moment1"),
          moment2: vector("moment2"),
          running: vector("running"),
        },
      };
    } catch (error) {
      throw inFile(file, error);
    }
  }
}
