import { expect, test } from "vitest";
import { CheckNotes } from "../../../src/app/data/check-notes.ts";

test("each check that warned has one line, in the order of results, with its images and its first reason", () => {
  const notes = new CheckNotes();
  notes.add([
    { check: "view", outcome: "warn", reason: "The header calls the view LL." },
    { check: "exposure", outcome: "pass", reason: "It has contrast." },
  ]);
  notes.add([{ check: "modality", outcome: "warn", reason: "The header names the modality CT." }]);
  notes.add([
    { check: "view", outcome: "warn", reason: "The header calls the view RL." },
    { check: "frontal-chest", outcome: "unknown", reason: "Nothing to judge by." },
  ]);
  expect(notes.lines()).toEqual([
    "1 image: input check modality: The header names the modality CT.",
    "2 images: input check view: The header calls the view LL. (the reasons differ from image to image)",
  ]);
});

test("a check that repeats the sentence of another one of the same image has no line", () => {
  const notes = new CheckNotes();
  const reason = "The picture looks inverted (score 0.98); invert its grey values.";
  notes.add([
    { check: "frontal-chest", outcome: "warn", reason },
    { check: "inverted", outcome: "warn", reason },
  ]);
  expect(notes.lines()).toEqual([`1 image: input check frontal-chest: ${reason}`]);
});
