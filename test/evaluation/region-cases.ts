/** Maps and boxes whose regions `scripts/reference/regions.py` counted. */

import type { PlacedMap, Rectangle } from "../../src/evaluation/localisation.ts";
import { fixtureJson } from "../fixtures.ts";

export interface RegionCase extends PlacedMap {
  readonly known: readonly Rectangle[];
  readonly regions: number;
  /** At IoU 0.1 to 0.5. */
  readonly matched: readonly number[];
  /** At each level, from the highest: regions, and those that match at IoU 0.3. */
  readonly curve: readonly (readonly [regions: number, matched: number])[];
}

/** Figures of several pairs. */
interface Shares {
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  readonly curve: readonly (readonly [falseRegions: number, sensitivity: number])[];
}

interface RegionCases {
  readonly levels: readonly number[];
  readonly findings: readonly (Shares & { readonly level: number; readonly pairs: readonly RegionCase[] })[];
  readonly overall: Shares;
}

export const regionCases = (): RegionCases => fixtureJson<RegionCases>("localisation/regions.json");
