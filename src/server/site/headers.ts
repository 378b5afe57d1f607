/**
 * The headers of security that every answer has, from the server and from hosts of an exported site.
 *
 * Knows: what the page needs. Not which server sends them.
 *
 * Reference: https://www.w3.org/TR/CSP3/; https://html.spec.whatwg.org/multipage/browsers.html#coep
 */

const policy = (scripts: string): string =>
  [
    "default-src 'none'",
    `script-src ${scripts}`,
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

/** What the page itself may do: compile WebAssembly, but evaluate no strings. */
export const PAGE_POLICY = policy("'self' 'wasm-unsafe-eval'");

/**
 * What the worker that decodes may do. The glue code of wasm-vips makes functions from strings, so its worker, and nothing else,
 * has `'unsafe-eval'`. A worker's policy comes with its own script.
 */
export const WORKER_POLICY = policy("'self' 'wasm-unsafe-eval' 'unsafe-eval'");

/** The headers of every answer, by name in lower case. The first three isolate the page, so that threads may share memory. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy": PAGE_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "permissions-policy":
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), payment=(), usb=()",
};
