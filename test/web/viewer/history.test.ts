import { expect, test } from "vitest";
import { History } from "../../../web/viewer/history.ts";

test("steps are undone one after the other and done again", () => {
  const history = new History(0);
  history.commit(1, undefined, 0);
  history.commit(2, undefined, 1);
  expect([history.undo(), history.undo(), history.undo()]).toEqual([1, 0, 0]);
  expect([history.canUndo, history.canRedo]).toEqual([false, true]);
  expect([history.redo(), history.redo(), history.redo()]).toEqual([1, 2, 2]);
});

test("a new step leaves nothing to be done again", () => {
  const history = new History("a");
  history.commit("b", undefined, 0);
  history.undo();
  history.commit("c", undefined, 1);
  expect([history.canRedo, history.redo(), history.undo()]).toEqual([false, "c", "a"]);
});

test("steps of one kind that follow quickly are one", () => {
  const history = new History(0);
  history.commit(1, "zoom", 0);
  history.commit(2, "zoom", 300);
  history.commit(3, "zoom", 900);
  history.commit(4, "pan", 1000);
  history.commit(5, "pan", 5000);
  expect([history.undo(), history.undo(), history.undo()]).toEqual([4, 3, 0]);
});

test("what came from elsewhere is not a step", () => {
  const history = new History(0);
  history.commit(1, undefined, 0);
  history.amend(7);
  expect([history.undo(), history.redo()]).toEqual([0, 7]);
});
