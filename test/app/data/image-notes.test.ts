import { expect, test } from "vitest";
import { ImageNotes } from "../../../src/app/data/image-notes.ts";

test("notes are counted by their kind; where their numbers differ, the first stands for all", () => {
  const notes = new ImageNotes();
  notes.add(["3 extraneous bytes before marker 0xdb", "a thumbnail"]);
  notes.add([]);
  notes.add(["14 extraneous bytes before marker 0xc4"]);
  notes.add(["a thumbnail"]);
  notes.add(["2.5 % white"]);
  expect(notes.lines()).toEqual([
    "2 images: 3 extraneous bytes before marker 0xdb (the numbers differ from image to image)",
    "2 images: a thumbnail",
    "1 image: 2.5 % white",
  ]);
});
