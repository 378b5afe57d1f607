import { expect, test } from "vitest";
import { FINDING_NAMES } from "../../../src/findings.ts";
import { MEANINGS, meaningOf } from "../../../web/state/meanings.ts";

test("each finding has one sentence", () => {
  expect(Object.keys(MEANINGS).sort()).toEqual([...FINDING_NAMES].sort());
  for (const sentence of Object.values(MEANINGS)) expect(sentence).toMatch(/^[A-Z][^.]{20,130}\.$/);
});

test("a label in another spelling has the sentence of its finding, an unknown one none", () => {
  expect(meaningOf("Pleural Effusion")).toBe(MEANINGS["Effusion"]);
  expect(meaningOf("Fracture")).toBeUndefined();
});
