/** The headers that isolate the page. */

import { expect, test } from "vitest";
import { ISOLATION, isolated } from "../../../web/service-worker/isolation.ts";

test("a response of a plain host gets the headers, and keeps its own and its body", async () => {
  const headers = { "Content-Type": "application/wasm", "Cross-Origin-Resource-Policy": "cross-origin" };
  const response = isolated(new Response("body", { status: 203, headers }));
  expect(response.status).toBe(203);
  expect(response.headers.get("Content-Type")).toBe("application/wasm");
  for (const [name, value] of Object.entries(ISOLATION)) expect(response.headers.get(name)).toBe(value);
  expect(await response.text()).toBe("body");
});

test("a response that has them stays the same one", () => {
  const response = new Response("body", { headers: ISOLATION });
  expect(isolated(response)).toBe(response);
});

test("responses without a body, and failed ones, are passed on", () => {
  expect(isolated(new Response(null, { status: 304 })).status).toBe(304);
  const failed = Response.error();
  expect(isolated(failed)).toBe(failed);
});
