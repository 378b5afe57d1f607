import { expect, test } from "vitest";
import { jsonFault } from "../../src/schema/json-fault.ts";

/** What this engine says of a text. */
function faultOf(text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    return jsonFault(text, error);
  }
  throw new Error("it is JSON");
}

test.each([
  ["", "it is not JSON (it is empty)"],
  [" \n", "it is not JSON (it is empty)"],
  ['{"a": 1', "it is not JSON (it ends too soon)"],
  ['{"a": "b', "it is not JSON (it ends too soon)"],
])("%j is told apart by this engine", (text, words) => {
  expect(faultOf(text)).toMatch(words.replace(" (it ends too soon)", ""));
  expect(faultOf(text)).not.toMatch(/Unexpected|token|position/);
});

test.each([
  ["[1, 2\n, x]", "Unexpected token 'x', \"[1, 2\n, x]\" is not valid JSON", 'an unexpected "x"'],
  [
    "{\n  a: 1 }",
    "Expected property name or '}' in JSON at position 4 (line 2 column 3)",
    "line 2, column 3",
  ],
  [
    "{\n  a: 1 }",
    "JSON.parse: expected property name or '}' at line 2 column 3 of the JSON data",
    "line 2, column 3",
  ],
  ["[1", "Unexpected end of JSON input", "it ends too soon"],
  ["[1", "JSON Parse error: Unexpected EOF", "it ends too soon"],
  ['["a', "Unterminated string in JSON at position 3 (line 1 column 4)", "it ends too soon"],
])("%j, of which an engine says %j", (text, message, fault) => {
  expect(jsonFault(text, new SyntaxError(message))).toBe(`it is not JSON (${fault})`);
});

test("an engine that says nothing leaves it at that", () => {
  expect(jsonFault("[x]", new SyntaxError("bad"))).toBe("it is not JSON");
});
