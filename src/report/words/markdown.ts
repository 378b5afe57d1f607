/**
 * Markdown of text and tables from outside.
 *
 * Knows: characters.
 */

/** Text from outside, as Markdown that shows it and does nothing else. */
export const plain = (text: string): string =>
  text.replaceAll(/\s+/g, " ").replaceAll(/[\\`*_[\]<>|#]/g, (character) => `\\${character}`);

/** Code that may hold a backtick. */
export const code = (text: string): string =>
  text.includes("`") ? `\`\` ${text.replaceAll(/\s+/g, " ")} \`\`` : `\`${text.replaceAll(/\s+/g, " ")}\``;

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** A table; its cells are Markdown. All columns but the first are numbers where `alignment` says so. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignment: "left" | "right",
): string {
  const rule = head.map((_, i) => (alignment === "right" && i > 0 ? "---:" : "---"));
  return [row(head), row(rule), ...rows.map(row)].join("\n");
}
