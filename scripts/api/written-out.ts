/**
 * Types written out: what a type that is computed from a schema or from a list of names comes to.
 *
 * `Of<typeof PREDICTOR>` tells a reader nothing, and reads the same after the schema has changed. Written out it is
 * `{ readonly kind: "model" | "predictions"; readonly name: string; … }`.
 */

import ts from "typescript-5";

const FLAGS =
  ts.NodeBuilderFlags.NoTruncation |
  ts.NodeBuilderFlags.MultilineObjectLiterals |
  ts.NodeBuilderFlags.InTypeAlias |
  ts.NodeBuilderFlags.OmitParameterModifiers;

/** What only picks from a list of names. */
const PICKING = ["Exclude", "Extract"];

/** Whether a type is computed: `typeof NAMES`, `Of<typeof SCHEMA>`, `(typeof LIST)[number]`, `Exclude<Name, "x">`. */
export function isComputed(node: ts.TypeNode): boolean {
  if (ts.isTypeQueryNode(node)) return true;
  if (ts.isTypeReferenceNode(node) && PICKING.includes(node.typeName.getText())) return true;
  if (ts.isTypeReferenceNode(node) || ts.isImportTypeNode(node) || ts.isExpressionWithTypeArguments(node))
    return (node.typeArguments ?? []).some(isComputed);
  if (ts.isIndexedAccessTypeNode(node)) return isComputed(node.objectType) || isComputed(node.indexType);
  if (ts.isTypeOperatorNode(node) || ts.isParenthesizedTypeNode(node)) return isComputed(node.type);
  return false;
}

const isEmptyWord = (node: ts.TypeNode): boolean =>
  node.kind === ts.SyntaxKind.UndefinedKeyword ||
  (ts.isLiteralTypeNode(node) && node.literal.kind === ts.SyntaxKind.NullKeyword);

/** The compiler lists alternatives in the order in which it met them, which a change anywhere may alter. */
function sorted(alternatives: readonly ts.TypeNode[]): ts.TypeNode[] {
  const printer = ts.createPrinter();
  const file = ts.createSourceFile("", "", ts.ScriptTarget.ES2023);
  const text = (node: ts.TypeNode): string => printer.printNode(ts.EmitHint.Unspecified, node, file);
  const keyed = alternatives.map((node) => ({ node, key: `${Number(isEmptyWord(node))} ${text(node)}` }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ node }) => node);
}

/** Fields by name, for the same reason. */
function sortedMembers(members: readonly ts.TypeElement[]): ts.TypeElement[] {
  const nameOf = ({ name }: ts.TypeElement): string =>
    name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? name.text : "";
  return [...members].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
}

/**
 * Write a type out.
 *
 * @param module  Names that are not in its scope are replaced by what they stand for.
 * @returns       A type node of literals, objects, lists and names of interfaces.
 */
export function writtenOut(checker: ts.TypeChecker, node: ts.TypeNode, module: ts.SourceFile): ts.TypeNode {
  const made = checker.typeToTypeNode(checker.getTypeFromTypeNode(node), module, FLAGS);
  if (made === undefined) throw new Error(`${node.getText()} cannot be written out`);
  const visit: ts.Visitor = (child) => {
    const seen = ts.visitEachChild(child, visit, undefined);
    if (ts.isTypeLiteralNode(seen)) return ts.factory.createTypeLiteralNode(sortedMembers(seen.members));
    return ts.isUnionTypeNode(seen) ? ts.factory.createUnionTypeNode(sorted(seen.types)) : seen;
  };
  return ts.visitNode(made, visit, ts.isTypeNode)!;
}

/** An interface with the fields that it takes from computed types: `interface Report extends Of<typeof REPORT> {}`. */
export function withInherited(
  checker: ts.TypeChecker,
  node: ts.InterfaceDeclaration,
  module: ts.SourceFile,
): ts.InterfaceDeclaration {
  const clauses = node.heritageClauses ?? [];
  const computed = clauses.flatMap(({ types }) => types.filter(isComputed));
  if (computed.length === 0) return node;
  const inherited = computed.flatMap((type) => {
    const written = writtenOut(checker, type, module);
    if (!ts.isTypeLiteralNode(written)) throw new Error(`${node.name.text} extends what is no object`);
    return [...written.members];
  });
  const others = clauses
    .map((clause) =>
      ts.factory.updateHeritageClause(
        clause,
        clause.types.filter((type) => !isComputed(type)),
      ),
    )
    .filter(({ types }) => types.length > 0);
  const members = [...inherited, ...node.members];
  return ts.factory.updateInterfaceDeclaration(
    node,
    node.modifiers,
    node.name,
    node.typeParameters,
    others,
    members,
  );
}
