import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PAGE, RECORD, withTables } from "../../scripts/study/page.ts";
import type { StudyRecord } from "../../scripts/study/record.ts";
import { ROOT } from "../architecture/source.ts";

const page = readFileSync(join(ROOT, PAGE), "utf8");
const record: StudyRecord = JSON.parse(readFileSync(join(ROOT, RECORD), "utf8"));

test("the tables of docs/heatmaps.md are those of the record", () => {
  expect(withTables(page, record)).toBe(page);
});

test("another record gives other tables", () => {
  const [first, ...others] = record.findings;
  const other = { ...record, findings: [{ ...first!, pairs: first!.pairs + 1 }, ...others] };
  expect(withTables(page, other)).not.toBe(page);
});

test("the chosen maps are those of the demo model's card, judged on phantoms of another seed", () => {
  expect(record.choice).toBe("the model's card");
  expect(record.judgedOn).not.toBe(record.chosenOn);
});
