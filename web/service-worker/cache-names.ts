/**
 * Names of the page's caches. Several pages may lie on one origin under different paths, so each name has the page's path.
 *
 * Knows: the path of the page, as the page and its service worker see it.
 */

/** What is kept apart from the rest. */
export type CacheKind = "app" | "model" | "page" | "examples";

/**
 * The beginning of the names of a page's caches.
 *
 * @param base  The URL of the page's folder: the document's base, or the scope of the service worker.
 */
export const cachePrefix = (base: string): string => `medical-x ${new URL("./", base).pathname} `;

/** The name of a cache. @param build  Of the app; its files of different builds are kept apart. */
export const cacheName = (base: string, kind: CacheKind, build?: string): string =>
  `${cachePrefix(base)}${kind}${build === undefined ? "" : ` ${build}`}`;

/** The kind of a page's cache; undefined for caches of others. */
export function kindOf(base: string, name: string): CacheKind | undefined {
  const prefix = cachePrefix(base);
  if (!name.startsWith(prefix)) return undefined;
  const [kind] = name.slice(prefix.length).split(" ");
  return kind === "app" || kind === "model" || kind === "page" || kind === "examples" ? kind : undefined;
}
