/**
 * Configuration with which common hosts send the headers of an exported site.
 *
 * Pipeline:   the site's files → **_headers, .htaccess, nginx.conf** → export
 * Knows:      the formats of Netlify and Cloudflare Pages (`_headers`), Apache 2.4 and nginx.
 */

import { PAGE_POLICY, SECURITY_HEADERS, WORKER_POLICY } from "../site/headers.ts";
import type { SiteFile } from "../site/site-files.ts";

const POLICY = "content-security-policy";
const FOREVER = "public, max-age=31536000, immutable";

/** `cross-origin-opener-policy` → `Cross-Origin-Opener-Policy`. */
const titled = (name: string): string => name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());

/** All headers but the policy, which depends on the file. */
const COMMON = Object.entries(SECURITY_HEADERS)
  .filter(([name]) => name !== POLICY)
  .map(([name, value]) => [titled(name), value] as const);

const workersOf = (files: readonly SiteFile[]): string[] =>
  files.filter(({ policy }) => policy === WORKER_POLICY).map(({ path }) => path);

/** The folders whose files never change under their names. */
const foreverFolders = (files: readonly SiteFile[]): string[] => [
  ...new Set(files.filter(({ keeping }) => keeping === "forever").map(({ path }) => path.split("/")[0]!)),
];

/**
 * `_headers` of Netlify and Cloudflare Pages. Where two rules set the same header, these hosts join the values, and of
 * two joined policies both hold. So the policy is set only for documents and workers, by rules that do not overlap.
 */
function headersFile(files: readonly SiteFile[]): string {
  const rule = (path: string, headers: readonly (readonly [string, string])[]) =>
    [path, ...headers.map(([name, value]) => `  ${name}: ${value}`)].join("\n");
  const policy = (path: string, value: string) => rule(path, [["Content-Security-Policy", value]]);
  return `${[
    rule("/*", COMMON),
    ...["/", "/index.html", "/service-worker.js"].map((path) => policy(path, PAGE_POLICY)),
    ...workersOf(files).map((path) => policy(`/${path}`, WORKER_POLICY)),
    ...foreverFolders(files).map((folder) => rule(`/${folder}/*`, [["Cache-Control", FOREVER]])),
  ].join("\n")}\n`;
}

/** `.htaccess` of Apache 2.4. Names of files stand for all folders, which is why they must be the workers' own. */
function apacheFile(files: readonly SiteFile[]): string {
  const names = workersOf(files).map((path) => path.split("/").at(-1)!.replaceAll(".", "\\."));
  const folders = foreverFolders(files).join("|");
  return `# Needs mod_headers; mod_deflate and mod_filter make the first visit faster.
AddType text/javascript .js .mjs
AddType application/wasm .wasm
<IfModule mod_filter.c>
  AddOutputFilterByType DEFLATE application/wasm text/javascript text/css application/json text/html
</IfModule>
${COMMON.map(([name, value]) => `Header always set ${name} "${value}"`).join("\n")}
Header always set Content-Security-Policy "${PAGE_POLICY}"
<FilesMatch "^(${names.join("|")})$">
  Header always set Content-Security-Policy "${WORKER_POLICY}"
</FilesMatch>
Header always set Cache-Control "no-cache"
<If "%{REQUEST_URI} =~ m#/(${folders})/#">
  Header always set Cache-Control "${FOREVER}"
</If>
`;
}

/** A server block of nginx, with the map that goes into the http block. */
function nginxFile(files: readonly SiteFile[]): string {
  const ends = workersOf(files).map((path) => `/${path.replaceAll(".", "\\.")}$`);
  return `# For the http block, for example as /etc/nginx/conf.d/medical-x.conf. Change server_name and root, and add TLS:
# browsers let threads share memory only on https and on localhost.
map $uri $medical_x_policy {
  default "${PAGE_POLICY}";
${ends.map((end) => `  "~${end}" "${WORKER_POLICY}";`).join("\n")}
}
map $uri $medical_x_keeping {
  default "no-cache";
  "~/(${foreverFolders(files).join("|")})/" "${FOREVER}";
}
server {
  listen 80;
  server_name xray.example.org;
  root /srv/medical-x;
  gzip on;
  gzip_types application/wasm text/javascript text/css application/json;
${COMMON.map(([name, value]) => `  add_header ${name} "${value}" always;`).join("\n")}
  add_header Content-Security-Policy $medical_x_policy always;
  add_header Cache-Control $medical_x_keeping always;
  location ~ \\.m?js$ {
    types { }
    default_type text/javascript;
  }
  location ~ \\.wasm$ {
    types { }
    default_type application/wasm;
  }
}
`;
}

/** The configurations by the names of their files. `.nojekyll` makes GitHub Pages take the files as they are. */
export const hostFiles = (files: readonly SiteFile[]): Readonly<Record<string, string>> => ({
  _headers: headersFile(files),
  ".htaccess": apacheFile(files),
  "nginx.conf": nginxFile(files),
  ".nojekyll": "",
});
