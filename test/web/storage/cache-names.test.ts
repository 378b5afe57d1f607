/** Names of caches: pages under different paths of one origin do not see one another's. */

import { expect, test } from "vitest";
import { cacheName, kindOf } from "../../../web/service-worker/cache-names.ts";

const HERE = "https://example.org/course/";

test("the page and its service worker agree on names", () => {
  expect(cacheName("https://example.org/course/index.html", "model")).toBe(cacheName(HERE, "model"));
  expect(cacheName(HERE, "app", "abc")).toBe("medical-x /course/ app abc");
  expect(kindOf(HERE, cacheName(HERE, "app", "abc"))).toBe("app");
  expect(kindOf(HERE, cacheName(HERE, "examples"))).toBe("examples");
});

test.each([
  ["another path", cacheName("https://example.org/other/", "model")],
  ["a path below", cacheName("https://example.org/course/b/", "model")],
  ["a path above", cacheName("https://example.org/", "model")],
  ["another program", "workbox-precache"],
  ["an unknown kind", "medical-x /course/ other"],
])("the cache of %s is not this page's", (_, name) => {
  expect(kindOf(HERE, name)).toBeUndefined();
});
