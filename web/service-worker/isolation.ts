/**
 * The headers by which a page is isolated from other origins, which plain hosts do not send.
 *
 * Knows: responses.
 */

/** Names and values. */
export const ISOLATION: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** A response with these headers: the same one if it has them, since a browser compiles scripts of copies anew each time. */
export function isolated(response: Response): Response {
  const missing = Object.entries(ISOLATION).filter(([name, value]) => response.headers.get(name) !== value);
  // An error or an opaque response cannot be made anew.
  if (missing.length === 0 || response.status === 0) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of missing) headers.set(name, value);
  const { status, statusText } = response;
  const hasBody = status !== 204 && status !== 205 && status !== 304;
  return new Response(hasBody ? response.body : null, { status, statusText, headers });
}
