/** Small pieces of Markdown. */

/** On one line, for a cell of a table. */
export const cell = (text: string): string => text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|").trim();

export const code = (text: string): string => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``);

export const fenced = (text: string): string => `\`\`\`ts\n${text}\n\`\`\``;

/** A table, or nothing where there are no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** The first sentence of a text: up to a full stop with a space or the end behind it. */
export function firstSentence(text: string): string {
  const paragraph = text.split("\n\n")[0]!.replaceAll(/\s+/g, " ");
  return /^.*?[.:](?=\s|$)/.exec(paragraph)?.[0].replace(/:$/, ".") ?? paragraph;
}

/** Names of headings as GitHub makes links of them; the second of a name gets a number. */
export class Anchors {
  readonly #taken = new Map<string, number>();

  of(heading: string): string {
    const plain = heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-");
    const count = this.#taken.get(plain) ?? 0;
    this.#taken.set(plain, count + 1);
    return count === 0 ? plain : `${plain}-${count}`;
  }
}
