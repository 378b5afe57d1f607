import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commandOf, KEY_ROWS, keyOf } from "../../../web/viewer/keys.ts";

const press = (
  key: string,
  held: Partial<Record<"ctrlKey" | "metaKey" | "shiftKey" | "altKey", boolean>> = {},
) => commandOf({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held });

test("keys are told apart with Shift and Ctrl, and left alone with Alt", () => {
  expect(press("z")).toBe("tool-zoom");
  expect(press("Z", { shiftKey: true })).toBe("tool-zoom");
  expect(press("z", { ctrlKey: true })).toBe("undo");
  expect(press("z", { metaKey: true })).toBe("undo");
  expect(press("Z", { ctrlKey: true, shiftKey: true })).toBe("redo");
  expect(press("y", { ctrlKey: true })).toBe("redo");
  expect(press("?", { shiftKey: true })).toBe("help");
  expect(press("ArrowLeft")).toBe("left");
  expect(press("ArrowLeft", { shiftKey: true })).toBe("pan-left");
  expect(press("ArrowLeft", { altKey: true })).toBeUndefined();
  expect([press("="), press("+", { shiftKey: true })]).toEqual(["zoom-in", "zoom-in"]);
  expect([press(" "), press("Enter")]).toEqual(["use", "use"]);
});

test.each(["Tab", "F5", "s", "PageDown"])("%s is left to the browser", (key) => {
  expect(press(key)).toBeUndefined();
});

test.each([
  ["c", { ctrlKey: true }],
  ["f", { ctrlKey: true }],
  ["p", { metaKey: true }],
  ["r", { ctrlKey: true }],
  ["0", { ctrlKey: true }],
  ["-", { ctrlKey: true }],
])("%s with Ctrl or Command is left to the browser", (key, held) => {
  expect(press(key, held)).toBeUndefined();
});

test("no key does two things", () => {
  const keys = KEY_ROWS.flatMap((row) => row.keys);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keyOf("undo")).toBe("Ctrl+Z");
});

test("docs/page.md lists the same keys", () => {
  const page = readFileSync(new URL("../../../docs/page.md", import.meta.url), "utf8");
  const rows = KEY_ROWS.map(
    ({ keys, says }) => `| ${keys.map((key) => `<kbd>${key}</kbd>`).join(" ")} | ${says} |`,
  );
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});
