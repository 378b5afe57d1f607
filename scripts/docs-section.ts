/** Sections of pages that a script writes, between two comments. */

/**
 * A page with another text between two lines of it.
 *
 * @throws  Error if the page lacks them.
 */
export function withSection(page: string, begin: string, end: string, text: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < from) throw new Error(`the page has no ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}
