/** Names of images that take long to compare, each in its own process within 5 seconds and 1 GB. */

import { describe, test } from "vitest";
import { latin1 } from "./builders/bytes.ts";
import { costsLittle } from "./measure.ts";

describe("lists of images cost little to look up", () => {
  test.each([
    ["one name of a megabyte", "n".repeat(1e6)],
    ["one name of half a million folders", "n/".repeat(5e5)],
    ["one name of a million slashes", "/".repeat(1e6)],
    ["one name of half a million steps up", "../".repeat(5e5)],
    ["one name of half a million dots", `${".".repeat(5e5)}png`],
    ["one name of half a million endings", ".png".repeat(5e5)],
    ["one name of a million accents", `a${"\u0301".repeat(1e6)}`],
    [
      "a thousand names of four thousand letters",
      Array.from({ length: 1000 }, (_, i) => `${"n".repeat(4000)}${i}`).join("\n"),
    ],
    [
      "a hundred thousand names without endings in two folders each",
      Array.from({ length: 1e5 }, (_, i) => `${i % 2}/${i >> 1}`).join("\n"),
    ],
    [
      "a hundred thousand names in many folders",
      Array.from({ length: 1e5 }, (_, i) => `${"d/".repeat(20)}${i}.png`).join("\n"),
    ],
  ])("%s", (_, text) => costsLittle("names", latin1(text), "read"));
});
