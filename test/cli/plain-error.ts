/** What is expected of commands that fail. */

import { expect } from "vitest";
import { type Desk, type Ended, words } from "./run.ts";

/** Expect a one-line error message without a stack. */
export function expectPlainError(ended: Ended, message: string | RegExp): void {
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr).toMatch(/^medical-x: /m);
  expect(ended.stderr).not.toMatch(/^ +at |unexpected error/m);
}

/** Expect a command to print all results in this format although `taken.npy` is a folder. */
export async function expectWholeResults(desk: Desk, format: string): Promise<void> {
  const line = `predict --force --image x.png --image set/a.png --format ${format}`;
  const [whole, failed] = await Promise.all([
    desk.run(words(line)),
    desk.run(words(`${line} --heatmaps taken.npy`)),
  ]);
  expectPlainError(failed, "taken.npy: this is a folder");
  expect(whole.stdout).not.toBe("");
  expect(failed.stdout).toBe(whole.stdout);
}
