/**
 * What is going on, in words and as one of five states.
 *
 * Knows: the page's state.
 */

import { isFinished } from "./item.ts";
import type { PageState } from "./page-state.ts";
import { tally } from "./queue.ts";
import { sizeText } from "./sizes.ts";

/** `CONTRACT`'s states of `[data-testid=status]`. */
export type StatusState = "idle" | "loading" | "working" | "done" | "failed";

export interface Status {
  readonly state: StatusState;
  readonly words: string;
  /** 0 to 1, if it is known how far the work has come. */
  readonly share?: number;
}

function loading({ model }: PageState): Status {
  const { progress } = model;
  if (progress === undefined || progress.total === 0 || progress.done >= progress.total)
    return { state: "loading", words: "Starting the model." };
  const words = `Fetching the model: ${sizeText(progress.done)} of ${sizeText(progress.total)}.`;
  return { state: "loading", words, share: progress.done / progress.total };
}

const images = (count: number): string => `${count} ${count === 1 ? "image" : "images"}`;

/** What the page is doing. */
export function statusOf(state: PageState): Status {
  const { model, items, newest, isPaused } = state;
  const { total, done, failed, waiting, reading } = tally(items);
  if (model.state === "failed") return { state: "failed", words: "The model could not be loaded." };
  if (waiting + reading > 0) {
    if (model.state !== "ready" && state.where === "browser") return loading(state);
    const share = (done + failed) / total;
    if (isPaused && reading === 0)
      return { state: "idle", words: `Stopped after ${done + failed} of ${images(total)}.`, share };
    const words = total === 1 ? "Reading the image." : `Reading image ${done + failed + 1} of ${total}.`;
    return { state: "working", words, share };
  }
  if (total === 0) {
    if (model.state === "loading") return loading(state);
    return { state: "idle", words: model.state === "ready" ? "Ready for an X-ray." : "No image yet." };
  }
  const last = items.filter(({ id }) => id >= newest);
  if (last.length > 0 && last.every((item) => isFinished(item) && item.state === "failed")) {
    const words = last.length === 1 ? "The image could not be read." : "None of the images could be read.";
    return { state: "failed", words };
  }
  const words = failed === 0 ? `Read ${images(done)}.` : `Read ${images(done)}; ${failed} could not be read.`;
  return { state: "done", words };
}
