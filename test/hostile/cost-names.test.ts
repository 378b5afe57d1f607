/** Names of images that are long to compare, in processes of their own: 5 seconds and 1 GB. */

import { describe, test } from "vitest";
import { latin1 } from "./builders/bytes.ts";
import { costsLittle } from "./measure.ts";

describe("lists of images cost little to look up", () => {
  test.each([
    ["one name of a megabyte", "n".repeat(1e6)],
    ["one name of half a million folders", "n/".repeat(5e5)],
    [
      "a thousand names of four thousand letters",
      Array.from({ length: 1000 }, (_, i) => `${"n".repeat(4000)}${i}`).join("\n"),
    ],
    [
      "a hundred thousand names in many folders",
      Array.from({ length: 1e5 }, (_, i) => `${"d/".repeat(20)}${i}.png`).join("\n"),
    ],
  ])("%s", (_, text) => costsLittle("names", latin1(text), "read"));
});
