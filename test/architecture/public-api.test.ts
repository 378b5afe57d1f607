import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { faultsOf } from "../../scripts/api/compile.ts";
import { readDeclarations } from "../../scripts/api/declarations.ts";
import { withoutFigures } from "../../scripts/api/figures.ts";
import { itemsOf } from "../../scripts/api/items.ts";
import { fileName, rollUp } from "../../scripts/api/roll-up.ts";
import { ROOT } from "./source.ts";

/** Types that only serve to compute others: the tables from which the fields of figures come. */
const UNNAMED: Readonly<Record<string, readonly string[]>> = {
  "medical-x/evaluation": [
    ...[
      "FigureRow",
      "FindingFigure",
      "JudgedProbabilities",
      "OtherInterval",
      "ProbabilityFigure",
      "RankFigure",
    ],
    ...["RankFigureName", "Ranking", "RankReplicates", "Replicated", "Rows", "Rows_2", "Shown", "ValueOf"],
  ],
};

describe.each(readDeclarations())("$entry.name", (declarations) => {
  const { name } = declarations.entry;
  const text = rollUp(declarations);

  // A change here is a change of what users build on. If it is meant, update the file and tell them in the changelog:
  // `npm run build && npx vitest run test/architecture/public-api.test.ts --update`
  test("declares what it did: every signature, and every type that one mentions", async () => {
    await expect(withoutFigures(text)).toMatchFileSnapshot(
      join(import.meta.dirname, "api", `${fileName(declarations)}.d.ts`),
    );
  });

  test("exports every type that a signature mentions, so that programs can name it", () => {
    const unnamed = itemsOf(declarations).filter(({ isExported }) => !isExported);
    expect(unnamed.map((item) => item.name)).toEqual(UNNAMED[name] ?? []);
  });

  test("declares all types that it mentions, to compilers as well", () => {
    expect(faultsOf(text)).toEqual([]);
    const shipped = readFileSync(join(ROOT, "dist", "types", `${fileName(declarations)}.d.ts`), "utf8");
    expect(shipped).toBe(rollUp(declarations, true));
    expect(faultsOf(shipped)).toEqual([]);
  });

  test("exports what it declares, under the name that users import", async () => {
    const library: Record<string, unknown> = await import(/* @vite-ignore */ name);
    const values = itemsOf(declarations).filter(({ isExported, kind }) => isExported && kind !== "Types");
    const declared = values.map((item) => [item.name, item.kind === "Constants" ? "object" : "function"]);
    const exported = Object.entries(library).map(([id, value]) => [id, typeof value]);
    expect(exported.sort()).toEqual(declared.sort());
  });
});

test("the declarations are looked through: an undeclared type would be noticed", () => {
  expect(faultsOf("export declare function load(name: Name): Model;")).toEqual([
    "1: Cannot find name 'Name'.",
    "1: Cannot find name 'Model'.",
  ]);
});
