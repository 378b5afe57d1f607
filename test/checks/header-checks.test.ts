import { expect, test } from "vitest";
import { headerChecks } from "../../src/checks/header-checks.ts";
import { header } from "./facts.ts";

const NAMES = ["modality", "body-part", "view", "presentation-intent", "burned-in"];

test("a picture without a header has all of its checks, none of them with an opinion", () => {
  const checks = headerChecks(undefined, []);
  expect(checks.map(({ check }) => check)).toEqual(NAMES);
  expect(checks.every(({ outcome }) => outcome === "unknown")).toBe(true);
});

test("the header of an ordinary chest X-ray passes, and its modality hears of the pixels", () => {
  const facts = {
    bodyPart: "CHEST",
    viewPosition: "PA",
    patientOrientation: ["L", "F"],
    presentationIntent: "FOR PRESENTATION",
    burnedInAnnotation: "NO",
  };
  const refused = { check: "frontal-chest", outcome: "refuse", reason: "It is noise." } as const;
  const outcomes = (modality: string) =>
    headerChecks(header({ ...facts, modality }), [refused]).map(({ outcome }) => outcome);
  expect(outcomes("DX")).toEqual(["pass", "pass", "pass", "pass", "pass"]);
  expect(outcomes("MR")).toEqual(["refuse", "pass", "pass", "pass", "pass"]);
});

test("every reason is one whole sentence", () => {
  const odd = header({ modality: "CT", bodyPart: "KNEE", viewPosition: "LL", burnedInAnnotation: "YES" });
  for (const { reason } of [
    ...headerChecks(undefined, []),
    ...headerChecks(header({}), []),
    ...headerChecks(odd, []),
  ])
    expect(reason).toMatch(/^[A-Z][^\n]*[a-zA-Z-]\.$/);
});
