/** Where the study's tables stand: in docs/heatmaps.md, or in a page of their own. */

import { withSection } from "../docs-section.ts";
import type { StudyRecord } from "./record.ts";
import { TABLES } from "./tables.ts";

/** Relative to the root of the repository. */
export const PAGE = "docs/heatmaps.md";
export const RECORD = "models/demo/heatmap-study.json";
export const PICTURE = "docs/images/heatmap-study.jpg";

const SECTIONS = Object.keys(TABLES) as (keyof typeof TABLES)[];

/** The page with the tables of a record in place of its old ones. */
export const withTables = (page: string, record: StudyRecord): string =>
  SECTIONS.reduce(
    (text, name) =>
      withSection(
        text,
        `<!-- study ${name}: npm run study:heatmaps -->`,
        `<!-- end of study ${name} -->`,
        TABLES[name](record),
      ),
    page,
  );

/** A page with nothing but the tables. */
export const tablesAlone = (record: StudyRecord): string =>
  `# Heatmaps compared\n\nFor research and education only; not for diagnosis. docs/heatmaps.md says how to read the tables.\n\n${SECTIONS.map((name) => TABLES[name](record)).join("\n\n")}\n`;
