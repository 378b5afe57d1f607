import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readDeclarations } from "../../scripts/api/declarations.ts";
import { parseComment } from "../../scripts/api/doc-comment.ts";
import { itemsOf } from "../../scripts/api/items.ts";
import { Anchors } from "../../scripts/api/markdown.ts";
import { apiPages } from "../../scripts/api/pages.ts";
import { ROOT } from "./source.ts";

const FOLDER = join(ROOT, "docs", "api");

describe.each([...apiPages()])("docs/api/%s", (name, text) => {
  test("is what the doc comments say; else run npm run docs:api", () => {
    expect(text).toBe(readFileSync(join(FOLDER, name), "utf8"));
  });

  test("links to headings that are there", () => {
    const links = [...text.matchAll(/\]\(([\w./-]*)#([\w-]+)\)/g)];
    expect(links.length).toBeGreaterThan(10);
    const missing = links.filter(([, page, anchor]) => {
      const there = readFileSync(join(FOLDER, page || name), "utf8");
      const anchors = new Anchors();
      const headings = [...there.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchors.of(heading!));
      return !headings.includes(anchor!);
    });
    expect(missing.map(([link]) => link)).toEqual([]);
  });
});

test("docs/api has a page for each entry point, and one that lists them", () => {
  const pages = [...apiPages().keys()];
  expect(readdirSync(FOLDER).sort()).toEqual(["README.md", ...pages].sort());
  const index = readFileSync(join(FOLDER, "README.md"), "utf8");
  expect(pages.filter((page) => !index.includes(`(${page})`))).toEqual([]);
});

describe.each(readDeclarations())("$entry.name", (declarations) => {
  const items = itemsOf(declarations).filter(({ isExported }) => isExported);

  test("says what each export is", () => {
    expect(items.filter(({ comment }) => comment.text === "").map(({ name }) => name)).toEqual([]);
  });

  test("describes parameters by the names that they have", () => {
    const wrong = items.flatMap(({ name, text, comment }) =>
      comment.parameters
        .filter((one) => !new RegExp(`\\b${one.name}\\??:`).test(text))
        .map((one) => [name, one.name]),
    );
    expect(wrong).toEqual([]);
  });
});

test("a doc comment is taken apart by its tags", () => {
  const comment = `/**
   * Do it.
   *
   * @param scores  Any numbers,
   *                one each.
   * @returns       0 to 1.
   * @throws        XrayError \`a/b\`.
   * @example
   * \`\`\`ts
   * doIt([1], {
   *   loudly: true, // @here
   * });
   * \`\`\`
   */`;
  expect(parseComment(comment)).toEqual({
    text: "Do it.",
    parameters: [{ name: "scores", text: "Any numbers, one each." }],
    returns: "0 to 1.",
    throws: ["XrayError `a/b`."],
    see: [],
    examples: ["doIt([1], {\n  loudly: true, // @here\n});"],
  });
});
