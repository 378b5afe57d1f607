/**
 * What changes when a part of the X-ray is erased.
 *
 * Knows: the page.
 */

import { html, nothing } from "lit";
import { displayName } from "../../src/findings.ts";
import { selectedItem, shownFinding } from "../state/page-state.ts";
import { percentText } from "../state/sizes.ts";
import type { Command } from "../viewer/keys.ts";
import { PageElement } from "./page-element.ts";

class EraseAnswer extends PageElement {
  protected override render() {
    const { erased, selected } = this.state;
    const isHere = erased !== undefined && erased.item === selected;
    return html`
      <p>
        Paint over a part of the X-ray. It is filled smoothly from its surroundings and read again; the change, in
        percentage points, stands beside each finding.
      </p>
      <p role="status" data-testid="erased" data-pending=${isHere && erased.isPending}>${isHere ? this.#words() : nothing}</p>
      <p class="buttons-left">
        <button class="small" data-testid="undo-erase" ?disabled=${!isHere} @click=${() => this.#run("undo")}>Undo</button>
        <button class="small" data-testid="clear-erase" ?disabled=${!isHere} @click=${() => this.#run("clear-erased")}>
          Restore all
        </button>
        <button class="small" data-testid="smaller-brush" @click=${() => this.#run("smaller-brush")}>Smaller brush</button>
        <button class="small" data-testid="larger-brush" @click=${() => this.#run("larger-brush")}>Larger brush</button>
      </p>
    `;
  }

  #words(): string {
    const { erased } = this.state;
    if (erased?.error !== undefined) return erased.error.message;
    const before = selectedItem(this.state)?.reading?.json.probabilities;
    const label = shownFinding(this.state);
    const after = erased?.reading?.probabilities;
    if (after === undefined || before === undefined || label === undefined)
      return "Reading without the erased part.";
    const change = `${displayName(label)}: ${percentText(before[label]!)} → ${percentText(after[label]!)}`;
    return erased?.isPending === true ? `${change}; reading again.` : change;
  }

  #run(command: Command): void {
    this.dispatchEvent(new CustomEvent("mx-view-command", { bubbles: true, detail: command }));
  }
}

customElements.define("mx-erase-answer", EraseAnswer);
