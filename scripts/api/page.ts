/**
 * One entry point's page of docs/api: its functions, classes, constants and types with their doc comments.
 *
 * Pipeline:   dist/**.d.ts → items → **pages** → docs/api/*.md
 */

import ts from "typescript-5";
import type { Declarations } from "./declarations.ts";
import { declareNode } from "./declare.ts";
import { commentOf, type DocComment, headerOf } from "./doc-comment.ts";
import { type Item, itemsOf, KINDS } from "./items.ts";
import { Anchors, code, fenced, firstSentence, table } from "./markdown.ts";

/** Where what is already described stands: by symbol, the page and its heading's name. */
export type Places = Map<ts.Symbol, { readonly page: string; readonly anchor: string }>;

const UNNAMED = "Types that cannot be imported by name";

const lines = (...parts: (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== "").join("\n\n");

/** What a comment says behind its text. */
function details({ parameters, returns, throws, see, examples }: DocComment): string {
  return lines(
    table(
      ["Parameter", "Meaning"],
      parameters.map(({ name, text }) => [code(name), text]),
    ),
    returns && `**Returns** ${returns}`,
    ...throws.map((text) => `**Throws** ${text}`),
    ...see.map((text) => `**See** ${text}`),
    ...examples.map(fenced),
  );
}

const nameOf = (member: ts.Node): string =>
  ts.isConstructorDeclaration(member)
    ? "constructor"
    : ((member as ts.NamedDeclaration).name?.getText() ?? "[…]");

const isField = (member: ts.Node): member is ts.PropertySignature =>
  (ts.isPropertySignature(member) || ts.isPropertyDeclaration(member)) &&
  !(
    member.type !== undefined &&
    ts.isFunctionTypeNode(member.type) &&
    commentOf(member).parameters.length > 0
  );

/** Fields as a table, then methods one by one. */
function members(item: Item): string {
  const fields = item.members.filter(isField).map((member) => {
    const mark = member.questionToken === undefined ? "" : "?";
    const type = member.type === undefined ? "unknown" : declareNode(member.type, item.context);
    const { text, throws } = commentOf(member);
    return [
      code(`${nameOf(member)}${mark}`),
      code(type.replaceAll(/\s+/g, " ")),
      [text, ...throws].join(" "),
    ];
  });
  const methods = item.members
    .filter((member) => !isField(member))
    .map((member) => {
      const comment = commentOf(member);
      const heading = `#### ${item.name}.${nameOf(member)}`;
      return lines(heading, fenced(declareNode(member, item.context)), comment.text, details(comment));
    });
  return lines(table(["Field", "Type", "Meaning"], fields), ...methods);
}

/** An interface's first line, where it says more than its name. */
function headLine({ text }: Item): string {
  const head = text
    .split("\n")[0]!
    .replace(/^declare /, "")
    .replace(/ \{$/, "");
  return head.includes("extends") || head.includes("<") ? fenced(head) : "";
}

/** Links to the types that a declaration mentions. */
function mentions(item: Item, items: readonly Item[], link: (item: Item) => string): string {
  const words = new Set(item.text.match(/\b[A-Z]\w+/g));
  const others = items.filter(({ name, kind }) => kind === "Types" && name !== item.name && words.has(name));
  return others.length === 0 ? "" : `Types: ${others.map(link).join(", ")}`;
}

/** Write a page. What an earlier page describes is linked to. @param places  Is added to. */
export function pageOf(declarations: Declarations, page: string, places: Places): string {
  const { entry, module } = declarations;
  const items = itemsOf(declarations);
  const isNew = ({ symbol }: Item): boolean => !places.has(symbol);
  const fresh = items.filter(isNew);
  const sections = [...KINDS, UNNAMED].map((title) => ({
    title,
    listed: items.filter((item) =>
      title === UNNAMED ? !item.isExported : item.isExported && item.kind === title,
    ),
  }));

  const anchors = new Anchors();
  anchors.of(entry.name);
  for (const { title, listed } of sections.filter((section) => section.listed.length > 0)) {
    anchors.of(title);
    for (const item of listed.filter((one) => fresh.includes(one)))
      places.set(item.symbol, { page, anchor: anchors.of(item.name) });
  }
  const link = ({ name, symbol }: Item): string => {
    const place = places.get(symbol)!;
    return `[${code(name)}](${place.page === page ? "" : place.page}#${place.anchor})`;
  };

  const entryOf = (item: Item): string =>
    lines(
      `### ${item.name}`,
      item.members.length === 0 ? fenced(item.text.replaceAll(/^declare /gm, "")) : headLine(item),
      item.comment.text,
      details(item.comment),
      members(item),
      mentions(item, items, link),
    );
  const sectionOf = ({ title, listed }: (typeof sections)[number]): string =>
    listed.length === 0
      ? ""
      : lines(
          `## ${title}`,
          table(
            ["Name", "What it is"],
            listed.map((item) => [link(item), firstSentence(item.comment.text)]),
          ),
          ...listed.filter((item) => fresh.includes(item)).map(entryOf),
        );
  const intro = headerOf(module).text.replace(/\n*^(?:Knows|Pipeline|Reference): [\s\S]*$/m, "");
  return `${lines(
    "<!-- Made from doc comments by `npm run docs:api`. -->",
    `# ${entry.name}`,
    intro,
    ...sections.map(sectionOf),
  )}\n`;
}
