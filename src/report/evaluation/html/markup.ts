/**
 * HTML from templates: what stands in the template is markup, what is put into it is text.
 *
 * Knows: characters.
 */

import { escapeXml } from "../../charts/chart.ts";

/** Text that is markup already. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text and numbers are escaped, lists are joined, null leaves nothing. */
export type Part = Markup | string | number | null | readonly Part[];

function written(part: Part): string {
  if (part === null) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "string" || typeof part === "number") return escapeXml(String(part));
  return part.map(written).join("");
}

/** `html\`<p>${text}</p>\`` */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(template.reduce((all, piece, i) => all + written(parts[i - 1] ?? null) + piece));
}

/** Markup that was made elsewhere, such as an SVG. */
export const markup = (text: string): Markup => new Markup(text);

/** A table: the first column names the row, the others are figures. */
export interface TableParts {
  /** For those who do not see it. */
  readonly name: string;
  readonly caption?: Part;
  /** Above the head: what columns have in common, and over how many of them it stands. */
  readonly groups?: readonly (readonly [title: string, columns: number])[];
  readonly head: readonly Part[];
  readonly rows: readonly (readonly Part[])[];
  /** Rows from the end that stand apart: means. */
  readonly foot?: number;
}

function groupRow(groups: TableParts["groups"]): Markup | null {
  if (groups === undefined) return null;
  return html`<tr>${groups.map(([title, columns]) =>
    title === ""
      ? html`<td colspan="${columns}"></td>`
      : html`<th scope="colgroup" colspan="${columns}">${title}</th>`,
  )}</tr>`;
}

/** A table that scrolls sideways where it is too wide for the screen, by keyboard too. */
export function table({ name, caption = null, groups, head, rows, foot = 0 }: TableParts): Markup {
  const row = (cells: readonly Part[]) =>
    html`<tr>${cells.map((cell, i) => (i === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`))}</tr>`;
  const body = rows.slice(0, rows.length - foot);
  const last = rows.slice(rows.length - foot);
  return html`<div class="table" tabindex="0" role="region" aria-label="${name}"><table>${caption === null ? null : html`<caption>${caption}</caption>`}
<thead>${groupRow(groups)}<tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${body.map(row)}</tbody>${last.length === 0 ? null : html`<tfoot>${last.map(row)}</tfoot>`}</table></div>`;
}

/** A picture that scrolls sideways where it is too wide for the screen, by keyboard too. */
export const wide = (picture: string, name: string): Markup =>
  html`<div class="forest" tabindex="0" role="region" aria-label="${name}">${markup(picture)}</div>`;

/** A picture with a line below it. */
export const figure = (picture: Part, caption: Part): Markup =>
  html`<figure>${picture}<figcaption>${caption}</figcaption></figure>`;

/** A part of the page. */
export const section = (title: string, ...parts: readonly Part[]): Markup =>
  html`<section><h2>${title}</h2>${parts}</section>`;
