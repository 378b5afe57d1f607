/**
 * The API's document as a page to read, without scripts.
 *
 * Pipeline:   OpenAPI document → **HTML** → browser
 * Knows:      the parts of OpenAPI that this server's document has.
 */

/** JSON Schema and OpenAPI as far as they are shown. */
interface ShownSchema {
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly ShownSchema[];
  readonly items?: ShownSchema;
  readonly minimum?: number;
  readonly maximum?: number;
}

interface ShownParameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly schema?: ShownSchema;
}

type Content = Readonly<Record<string, { readonly schema?: unknown }>>;

interface ShownOperation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly ShownParameter[];
  readonly requestBody?: { readonly content?: Content };
  readonly responses?: Readonly<
    Record<string, { readonly description?: string; readonly content?: Content }>
  >;
}

/** A document, as far as it is shown. */
export interface ShownDocument {
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly summary?: string;
    readonly description?: string;
  };
  readonly paths?: Readonly<Record<string, Readonly<Record<string, ShownOperation>>>>;
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => ESCAPES[character]!);

/** Text with `code` in backticks. */
const prose = (text: string): string => escaped(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>");

/** The values of a schema in a few words. */
function valuesOf({ type, enum: values, const: only, anyOf, items, minimum, maximum }: ShownSchema): string {
  if (anyOf !== undefined) return anyOf.map(valuesOf).join(", or ");
  if (only !== undefined) return String(only);
  if (values !== undefined) return values.map(String).join(", ");
  if (items !== undefined) return `list of ${valuesOf(items)}`;
  const range = [minimum, maximum].filter((bound) => bound !== undefined).join(" to ");
  return [type ?? "", range].filter((word) => word !== "").join(", ");
}

function parameterTable(parameters: readonly ShownParameter[] = []): string {
  if (parameters.length === 0) return "";
  const rows = parameters.map(({ name, in: place, description = "", schema = {} }) => {
    const cells = [
      `<code>${escaped(name)}</code>`,
      escaped(place),
      prose(description || (schema.description ?? "")),
      escaped(valuesOf(schema)),
    ];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
  return `<table><thead><tr><th>name</th><th>in</th><th>meaning</th><th>values</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

/** Schemas of one content, which several content types may share. */
function contentOf(title: string, content: Content = {}): string {
  const types = Object.keys(content);
  if (types.length === 0) return "";
  const schema = content["application/json"]?.schema;
  const json = schema === undefined ? "" : `<pre>${escaped(JSON.stringify(schema, null, 2))}</pre>`;
  const heading = `${title}: ${types.map((type) => `<code>${escaped(type)}</code>`).join(", ")}`;
  return json === "" ? `<p>${heading}</p>` : `<details><summary>${heading}</summary>${json}</details>`;
}

function operationOf(
  method: string,
  path: string,
  operation: ShownOperation,
  shell: string | undefined,
): string {
  const { summary = "", description = "", parameters, requestBody, responses = {} } = operation;
  const id = `${method}${path}`.replaceAll(/[^a-z0-9]+/gi, "-");
  const parts = [
    `<h2 id="${escaped(id)}"><code>${method.toUpperCase()} ${escaped(path)}</code></h2>`,
    `<p>${prose(summary)}${summary === "" ? "" : "."} ${prose(description)}</p>`,
    shell === undefined ? "" : `<pre class="shell">${escaped(shell)}</pre>`,
    parameterTable(parameters),
    contentOf("Request", requestBody?.content),
    ...Object.entries(responses).map(([status, { content }]) => contentOf(`Answer ${status}`, content)),
  ];
  return `<section>${parts.join("\n")}</section>`;
}

/**
 * Write the page.
 *
 * @param examples  For a shell, by method and path.
 * @param server    The server's address as the client knows it, with a slash at the end.
 * @param hasToken  Whether requests need a token.
 */
export function apiPage(
  document: ShownDocument,
  examples: Readonly<Record<string, string>>,
  server: string,
  hasToken: boolean,
): string {
  const { title, version, summary = "", description = "" } = document.info;
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      operationOf(method, path, operation, examples[`${method} ${path}`]),
    ),
  );
  const token = hasToken
    ? `<p>Every request but <code>/healthz</code> and <code>/readyz</code> needs the token: add <code>--header "Authorization: Bearer …"</code>.</p>`
    : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}: the HTTP API</title>
<link rel="icon" href="../icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="docs.css">
</head>
<body>
<main>
<h1>${escaped(title)} ${escaped(version)}: the HTTP API</h1>
<p>${prose(summary)} <strong>${prose(description)}</strong></p>
<p>The examples are for a shell with curl. Set the server's address first; behind a proxy with TLS it begins with https.</p>
<pre class="shell">SERVER=${escaped(server)}</pre>
${token}
<p>Errors are <code>{ "error": { "code", "message" } }</code> with a status of 4xx or 5xx; under <code>/v2</code> they are
<code>{ "error": "message" }</code>. The same as OpenAPI 3.1: <a href="openapi.json">openapi.json</a>.</p>
${operations.join("\n")}
</main>
</body>
</html>
`;
}
