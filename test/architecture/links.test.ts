/**
 * Links between the repository's Markdown pages: the file is there, and so is the heading that the link names.
 *
 * Reference: GitHub's anchors: lower case, no punctuation, hyphens for spaces, `-1` and so on for repeated headings.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { expect, test } from "vitest";
import { filesBelow, ROOT } from "./source.ts";

const FOLDERS = [".github", "bench", "docs", "examples", "fixtures", "models", "scripts", "src", "test"];

const PAGES = [
  ...readdirSync(ROOT).filter((name) => name.endsWith(".md")),
  ...FOLDERS.filter((folder) => existsSync(join(ROOT, folder))).flatMap((folder) =>
    filesBelow(folder, ".md").map((path) => `${folder}/${path}`),
  ),
].map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));

/** What is shown as it stands: no link or heading of the page is in there. */
const withoutBlocks = (text: string): string =>
  text.replaceAll(/^( *)(```|~~~)[\s\S]*?^\1\2/gm, "").replaceAll(/<!--[\s\S]*?-->/g, "");

/** The anchors of a page's headings, as GitHub names them. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading] of withoutBlocks(text).matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const words = heading!.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = words.replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "").replaceAll(" ", "-");
    let name = slug;
    for (let i = 1; anchors.has(name); i++) name = `${slug}-${i}`;
    anchors.add(name);
  }
  for (const [, name] of text.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(name!);
  return anchors;
}

/** Where a page's links and pictures lead, but for other sites. */
function linksOf(text: string): string[] {
  const prose = withoutBlocks(text).replaceAll(/(`+)[^`]*?\1/g, "``");
  const patterns = [/\]\(\s*<?([^)\s>]+)/g, /^ *\[[^\]]+\]: +<?([^\s>]+)/gm, /(?:src|href)="([^"]+)"/g];
  return patterns
    .flatMap((pattern) => [...prose.matchAll(pattern)].map((match) => match[1]!))
    .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));
}

/** Why a link leads nowhere; undefined where it does lead somewhere. */
function faultOf(page: string, target: string): string | undefined {
  const [file = "", anchor] = target.split("#").map(decodeURIComponent);
  const path = file === "" ? join(ROOT, page) : resolve(ROOT, dirname(page), file);
  const inside = relative(ROOT, path);
  if (inside.startsWith(`..${sep}`) || !existsSync(path)) return `${page}: ${target}: there is no such file`;
  if (anchor === undefined || !path.endsWith(".md")) return undefined;
  return anchorsOf(readFileSync(path, "utf8")).has(anchor)
    ? undefined
    : `${page}: ${target}: no such heading`;
}

test("links between Markdown pages lead to files and headings that are there", () => {
  const links = PAGES.flatMap(({ path, text }) => linksOf(text).map((target) => [path, target] as const));
  expect(links.length).toBeGreaterThan(50);
  expect(links.flatMap(([page, target]) => faultOf(page, target) ?? [])).toEqual([]);
});

test("a link to a missing file or heading is found out", () => {
  expect(faultOf("README.md", "docs/data.md#which-image-a-name-means")).toBeUndefined();
  expect(faultOf("docs/evaluation.md", "data.md#no-such-heading")).toMatch(/no such heading$/);
  expect(faultOf("README.md", "docs/no-such-page.md")).toMatch(/there is no such file$/);
  expect(linksOf("`[a](b.md)` [c](d.md#e) ![f](g.jpg) [h](https://i.org/j.md)")).toEqual(["d.md#e", "g.jpg"]);
  expect([...anchorsOf("# What's `x` & y?\n\n```\n# no heading\n```\n\n## A\n## A\n")]).toEqual([
    "whats-x--y",
    "a",
    "a-1",
  ]);
});
