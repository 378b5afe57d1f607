/**
 * Tables of plain text.
 *
 * Knows: text of one line's height. Not what the figures mean.
 */

/** `.812`, as the field writes shares; 1 stays 1.00; `–` where there is none. */
export const share = (value: number | null): string =>
  value === null ? "–" : value >= 0.9995 ? "1.00" : value.toFixed(3).replace(/^0/, "");

/** Rows in columns: the first to the left, the others to the right; bars, which come last, as they are. */
export function columns(rows: readonly (readonly string[])[], bars?: readonly string[]): string[] {
  const widths = rows[0]!.map((_, k) => Math.max(...rows.map((row) => row[k]?.length ?? 0)));
  return rows.map((row, i) => {
    const cells = row.map((cell, k) => (k === 0 ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!)));
    return `  ${cells.join("  ")}${bars === undefined ? "" : `  ${bars[i]}`}`.trimEnd();
  });
}
