/** What a script uses from its surroundings: names in the global scope, and other modules. */

import { parseAst } from "rolldown/parseAst";

/** Names that only Node has. */
const OF_NODE = new Set([
  "process",
  "Buffer",
  "require",
  "__dirname",
  "__filename",
  "setImmediate",
  "global",
]);

interface SyntaxNode {
  readonly type: string;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === "object" && value !== null && typeof (value as SyntaxNode).type === "string";

/** Whether a field holds a name that is not a variable: `a.process`, `{ process: 1 }`, a label. */
function isOwnName({ type, computed, shorthand }: SyntaxNode, field: string): boolean {
  if (computed === true || shorthand === true) return false;
  return (
    (type === "MemberExpression" && field === "property") ||
    (/^(?:Property|MethodDefinition|PropertyDefinition)$/.test(type) && field === "key") ||
    field === "label"
  );
}

/** What a script uses that is Node's: names, and modules that are not files beside it. */
export function nodeNamesIn(code: string): string[] {
  const found = new Set<string>();
  const visit = (node: SyntaxNode): void => {
    if (node.type === "Identifier" && OF_NODE.has(String(node["name"]))) found.add(String(node["name"]));
    const source = /^(?:Import|Export)/.test(node.type) ? node["source"] : undefined;
    if (isNode(source) && typeof source["value"] === "string" && !/^[./]/.test(source["value"])) {
      found.add(`import ${source["value"]}`);
    }
    for (const [field, value] of Object.entries(node)) {
      if (isOwnName(node, field)) continue;
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child);
    }
  };
  visit(parseAst(code) as unknown as SyntaxNode);
  return [...found].sort();
}
