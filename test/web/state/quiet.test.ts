import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Quiet } from "../../../web/state/quiet.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Work that waits for 300 ms of quiet, but no longer than 2000 ms. */
function waiting() {
  const done: number[] = [];
  const state = { isBusy: false };
  const quiet = new Quiet(() => state.isBusy, { quiet: 300, patience: 2000 });
  const start = performance.now();
  const wait = () => quiet.wait(() => done.push(performance.now() - start));
  wait();
  return { quiet, done, state, wait };
}

test("work is done once, when nothing has happened for a while", () => {
  const { quiet, done } = waiting();
  vi.advanceTimersByTime(200);
  quiet.stir();
  vi.advanceTimersByTime(299);
  expect(done).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(done).toEqual([500]);
  quiet.stir();
  vi.advanceTimersByTime(5000);
  expect(done).toEqual([500]);
});

test("while something is going on it waits, and a while longer", () => {
  const { quiet, done, state } = waiting();
  state.isBusy = true;
  vi.advanceTimersByTime(1000);
  state.isBusy = false;
  quiet.stir();
  vi.advanceTimersByTime(5000);
  expect(done).toEqual([1300]);
});

test("patience ends, however busy it is", () => {
  const { quiet, done, state } = waiting();
  state.isBusy = true;
  for (let i = 0; i < 30; i++) {
    vi.advanceTimersByTime(100);
    quiet.stir();
  }
  expect(done).toEqual([2000]);
});

test("what is asked for later takes the place of what waits; what is cancelled is not done", () => {
  const { quiet, done, wait } = waiting();
  vi.advanceTimersByTime(250);
  wait();
  vi.advanceTimersByTime(250);
  expect(done).toEqual([]);
  vi.advanceTimersByTime(50);
  expect(done).toEqual([550]);
  wait();
  quiet.cancel();
  vi.advanceTimersByTime(5000);
  expect(done).toEqual([550]);
});
