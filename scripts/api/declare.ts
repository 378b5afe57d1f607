/**
 * One declaration, as text: without comments, its types by their names, computed types written out.
 *
 * Pipeline:   dist/**.d.ts → symbols → **declarations** → roll-up, pages
 */

import ts from "typescript-5";
import { type Declarations, ownDeclarations } from "./declarations.ts";
import { rawCommentOf } from "./doc-comment.ts";
import type { Names } from "./names.ts";
import { wrapped } from "./wrap.ts";
import { isComputed, withInherited, writtenOut } from "./written-out.ts";

const printers = {
  bare: ts.createPrinter({ removeComments: true }),
  commented: ts.createPrinter({ removeComments: false }),
};
const { factory } = ts;

/** What the text of a declaration is made with. */
export interface Context {
  readonly declarations: Declarations;
  readonly names: Names;
  /** Whether doc comments stay. */
  readonly isCommented?: boolean;
}

/** References to the package's own types become their names, computed types what they come to. */
function named<N extends ts.Node>(node: N, { declarations: { checker, module }, names }: Context): N {
  /** What the compiler wrote itself carries its symbol; what it parsed is looked up. */
  const nameOf = (identifier: ts.EntityName): string | undefined => {
    const last = ts.isQualifiedName(identifier) ? identifier.right : identifier;
    const known = (last as { symbol?: ts.Symbol }).symbol;
    return known ? names.ofSymbol(known) : names.of(identifier);
  };
  const visitAll = (nodes?: ts.NodeArray<ts.TypeNode>) =>
    nodes?.map((argument) => ts.visitNode(argument, visit, ts.isTypeNode)!);
  const visit: ts.Visitor = (child) => {
    if (ts.isTypeNode(child) && isComputed(child))
      return ts.visitNode(writtenOut(checker, child, module), visit);
    if (ts.isImportTypeNode(child) && child.qualifier !== undefined)
      return factory.createTypeReferenceNode(
        nameOf(child.qualifier) ?? child.qualifier,
        visitAll(child.typeArguments),
      );
    if (ts.isTypeReferenceNode(child))
      return factory.createTypeReferenceNode(
        nameOf(child.typeName) ?? child.typeName,
        visitAll(child.typeArguments),
      );
    if (ts.isExpressionWithTypeArguments(child) && ts.isIdentifier(child.expression))
      return factory.createExpressionWithTypeArguments(
        factory.createIdentifier(nameOf(child.expression) ?? child.expression.text),
        visitAll(child.typeArguments),
      );
    const seen = ts.visitEachChild(child, visit, undefined);
    return ts.isTupleTypeNode(seen) ? ts.setEmitFlags(seen, ts.EmitFlags.SingleLine) : seen;
  };
  const whole = ts.isInterfaceDeclaration(node) ? withInherited(checker, node, module) : node;
  return ts.visitEachChild(whole as N, visit, undefined);
}

function text(node: ts.Node, file: ts.SourceFile, isCommented = false): string {
  const printer = isCommented ? printers.commented : printers.bare;
  const printed = printer.printNode(ts.EmitHint.Unspecified, node, file);
  return printed.replaceAll(/^(?: {4})+/gm, (indent) => " ".repeat(indent.length / 2));
}

/** Parameters that a function takes apart have no name of their own: `{ files, ...options }: LoadOptions` is `options`. */
function plainly(parameters: ts.NodeArray<ts.ParameterDeclaration>): ts.ParameterDeclaration[] {
  return parameters.map((parameter) => {
    const { name, type, dotDotDotToken, questionToken } = parameter;
    if (ts.isIdentifier(name) || type === undefined) return parameter;
    const ofType = /[A-Z]?[a-z]+$/.exec(
      ts.isTypeReferenceNode(type) ? (type.typeName as ts.Identifier).text : "",
    )?.[0];
    const shown = (ofType ?? "options").toLowerCase();
    return factory.createParameterDeclaration([], dotDotDotToken, shown, questionToken, type);
  });
}

/** A declaration under a name, with `export` and `declare` as a flat file of declarations has them. */
function statement(node: ts.Declaration, name: string): ts.Node {
  const id = factory.createIdentifier(name);
  const declare = [factory.createModifier(ts.SyntaxKind.DeclareKeyword)];
  if (ts.isInterfaceDeclaration(node))
    return factory.createInterfaceDeclaration(
      [],
      id,
      node.typeParameters,
      node.heritageClauses,
      node.members,
    );
  if (ts.isTypeAliasDeclaration(node))
    return factory.createTypeAliasDeclaration([], id, node.typeParameters, node.type);
  if (ts.isFunctionDeclaration(node))
    return factory.createFunctionDeclaration(
      declare,
      undefined,
      id,
      node.typeParameters,
      plainly(node.parameters),
      node.type,
      undefined,
    );
  if (ts.isClassDeclaration(node)) {
    const { typeParameters, heritageClauses, members } = node;
    return factory.createClassDeclaration(declare, id, typeParameters, heritageClauses, members);
  }
  if (ts.isVariableDeclaration(node)) {
    const variable = factory.createVariableDeclaration(id, undefined, node.type, node.initializer);
    return factory.createVariableStatement(
      declare,
      factory.createVariableDeclarationList([variable], ts.NodeFlags.Const),
    );
  }
  throw new Error(`${name}: a declaration of kind ${ts.SyntaxKind[node.kind]} is not known here`);
}

/** The text of everything that declares a symbol: one declaration, or a function's overloads. */
export function declare(symbol: ts.Symbol, name: string, context: Context): string {
  const { isCommented = false } = context;
  const texts = ownDeclarations(symbol).map((node) => {
    const comment = isCommented ? rawCommentOf(node) : undefined;
    const declared = text(statement(named(node, context), name), node.getSourceFile(), isCommented);
    return comment === undefined ? declared : `${comment}\n${declared}`;
  });
  return texts.map(wrapped).join("\n");
}

/** The text of a member of an interface or a class, or of a type. */
export function declareNode(node: ts.Node, context: Context): string {
  // A type may have to be replaced as a whole, which what holds it does.
  const held = named(factory.createParenthesizedType(node as ts.TypeNode), context);
  return wrapped(text(held.type, node.getSourceFile()));
}
