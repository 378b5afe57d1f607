/**
 * The README.txt of an exported site.
 *
 * Knows: words, for the person who hosts it.
 */

import type { PageJson } from "../../results/page.ts";
import { byteSize } from "../../text.ts";
import { SECURITY_HEADERS } from "../site/headers.ts";

/** The largest file that Cloudflare Pages accepts. */
const CLOUDFLARE_LIMIT = 25 * 1024 * 1024;

/**
 * @param largest  Size of the largest file, in bytes.
 * @param notice   The notice of research use.
 */
export function readmeText({ model, version }: PageJson, largest: number, notice: string): string {
  const isolation = Object.entries(SECURITY_HEADERS)
    .filter(([name]) => name === "cross-origin-opener-policy" || name === "cross-origin-embedder-policy")
    .map(([name, value]) => `    ${name}: ${value}`)
    .join("\n");
  const cloudflare =
    largest > CLOUDFLARE_LIMIT
      ? `
  Cloudflare Pages accepts files of up to 25 MiB (26.2 MB). The largest file here has ${byteSize(largest)}, so this
  site cannot be put there.
`
      : "";
  return `Medical-X ${version}: the page as a static site

${notice}

WHAT IT IS

  A page that looks for findings in chest X-rays and shows where the model looked. It computes in the browser of
  whoever opens it: images stay on that person's machine, and no server computes anything. The model is
  ${model.name} (${byteSize(model.bytes)}).

HOW TO HOST IT

  Put all files of this folder on any host of static files, under any path, and open index.html over https or from
  localhost. It does not work from a file:// address. To try it on this machine,
  for example:

    python3 -m http.server 8000     in this folder; then open http://localhost:8000/

  These files set the right headers where they are understood; elsewhere they do nothing:

    _headers      Netlify, Cloudflare Pages
    .htaccess     Apache 2.4, with mod_headers
    nginx.conf    nginx; copy it into the http block and change server_name and root
    .nojekyll     GitHub Pages
${cloudflare}
THE HEADERS

  The decoder of images uses threads that share memory. Browsers allow that only on pages that are isolated from
  other origins, which these two headers ask for:

${isolation}

  The other headers in the files above are for security; the page works without them.

  A host that sends no headers of your choice, such as GitHub Pages, works too: on the first visit the page installs
  a service worker, which adds the two headers, and then loads itself once more. A browser that allows no service
  workers, as in some private windows, needs the headers from the host.

  The service worker also keeps the page and the model in the browser, so that the page works offline afterwards.

CHANGING IT

  Make the export again to update it: it replaces this folder as a whole, if nothing else is in it. files.json lists
  every file with its size and SHA-256.
`;
}
