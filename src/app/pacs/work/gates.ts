/**
 * The gates in front of the sides of an archive, and what the state folder says about whether it is away.
 *
 * Knows: gates and the state folder.
 */

import { asXrayError } from "../../../errors.ts";
import type { PacsState } from "../state/pacs-state.ts";
import { Gate, type GateParts } from "./gate.ts";

export interface GatesParts extends Pick<GateParts, "clock" | "voice" | "isPatient"> {
  readonly state: PacsState;
  /** Called whenever the archive is found to be away. */
  readonly onAway: (error: Error) => void;
}

export class Gates {
  readonly #parts: GatesParts;
  readonly #shut = new Set<symbol>();

  constructor(parts: GatesParts) {
    this.#parts = parts;
  }

  make(): Gate {
    const { state, onAway, ...parts } = this.#parts;
    const gate = Symbol();
    return new Gate({
      ...parts,
      onAway: (error) => {
        this.#shut.add(gate);
        state.noteAway(asXrayError(error));
        onAway(error);
      },
      onBack: () => {
        this.#shut.delete(gate);
        if (this.#shut.size === 0) state.noteBack();
      },
    });
  }
}
